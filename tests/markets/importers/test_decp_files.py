import json

import pytest

from markets.importers.decp import UnreadableFile, files, read_decp
from tests.markets.importers.decp_files import BUYER, as_2019, row_2019, row_2022, stream

CSV_2022 = (
    "titulaire_id_1;titulaire_typeIdentifiant_1;id;objet;acheteur.id;montant;considerationsSociales;"
    "idSousTraitant\r\n"
    f"73282932000074;SIRET;2024A1;Peinture;{BUYER};100.5;['Clause sociale', 'Critère social'];CDL\r\n"
)
PES = (
    '"id_marche","date_notification","objet_marche","montant_marche","id_acheteur","code_postal_acheteur"\n'
    f'"2025A","2025-12-12","Lots, divers","80000.0000","{BUYER}","13002"\n'
)


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (json.dumps({"marches": [row_2019()]}), "JSON au format 2019"),
        (json.dumps({"marches": {"marche": [row_2022()]}}), "JSON au format 2022"),
        (json.dumps({"marches": {"contrat-concession": [row_2022()]}}), "JSON au format 2022"),
        (json.dumps({"marches": {"marche": row_2022()}}), "JSON au format 2022"),
        (json.dumps([row_2022()]), "JSON à plat"),
        (json.dumps(row_2022()), "JSON à plat"),
        (CSV_2022, "CSV au format 2022"),
        ("\ufeff" + CSV_2022, "CSV au format 2022"),
        (CSV_2022.replace(";idSousTraitant", "").replace(";CDL", ""), "CSV au format 2019"),
        (CSV_2022.replace(";", "\t"), "CSV au format 2022"),
        (PES, "CSV, extrait PES"),
    ],
)
def test_the_format_is_recognised_by_the_content(content, layout):
    reading = read_decp(stream(content))
    assert reading.layout == layout
    assert len(reading.records) == 1


def test_a_file_without_any_market_is_read_as_empty():
    assert len(read_decp(as_2019())) == 0
    assert len(read_decp(stream(CSV_2022.split("\r\n")[0]))) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "est vide"),
        (b"\xef\xbb\xbf \r\n", "est vide"),
        (b"PK\x03\x04\x14\x00", "XLSX ou ODS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
        (b"%PDF-1.7", "un PDF"),
        (b'<?xml version="1.0"?><marches/>', "un fichier XML"),
        (b"\xef\xbb\xbf<marches/>", "un fichier XML"),
        (b"<!DOCTYPE html><html></html>", "une page HTML"),
        (b"\n<HTML><body>502</body></HTML>", "une page HTML"),
        (b"\x1f\x8b\x08\x00", "compressée"),
        (b'[{"id": "cg13", "name": "D"}, {"id": "b"}]', "2 éléments qui ne sont pas des marchés"),
        (b'{"fields": []}', "ne décrit pas de marché (champs : « fields »)"),
        (b"[1, 2]", "2 éléments qui ne sont pas des marchés (champs : aucun)"),
        (b'{"marches": null}', "pas de liste de marchés"),
        (b'{"marches": {"autre": []}}', "pas de liste de marchés"),
        (b'{"marches": [], "marches": [{"id": 1}]}', "deux fois la même clé"),
        (b'{"marches": [{"id": "1",', "tronqué"),
        (b"[" * 5000, "imbriqué trop profondément"),
        (b"bonjour", "pas les colonnes"),
        (b"a;b;c\n1;2;3\n", "pas les colonnes"),
        (b"id;objet;id;acheteur.id\n1;2;3;4\n", "deux colonnes du même nom"),
        (b"id;objet;acheteur.id\n" + b"x" * 1_100_000, "ligne démesurée"),
    ],
)
def test_what_is_not_a_decp_file_is_said_in_one_sentence(content, words):
    with pytest.raises(UnreadableFile) as refused:
        read_decp(stream(content))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(UnreadableFile, match="introuvable"):
        read_decp(tmp_path / "absent.json")


def test_limits_protect_the_memory(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1024**2)
    with pytest.raises(UnreadableFile, match="dépasse 1 Mio"):
        read_decp(stream(b" " * (1024**2 + 1)))
    monkeypatch.setattr(files, "MAX_ROWS", 1)
    with pytest.raises(UnreadableFile, match="dépasse 1 enregistrements"):
        read_decp(as_2019(row_2019(), row_2019()))
    monkeypatch.setattr(files, "MAX_ELEMENTS", 3)
    with pytest.raises(UnreadableFile, match="trop d’éléments"):
        read_decp(as_2019(row_2019()))


def test_windows_1252_is_read_and_said():
    content = CSV_2022.replace("Peinture", "Rénovation du cœur de ville").encode("cp1252")
    reading = read_decp(stream(content))
    assert reading.records[0].title == "Rénovation du cœur de ville"
    assert "Windows-1252" in reading.notes[0]


def test_utf_16_is_read_and_said():
    reading = read_decp(stream(CSV_2022.encode("utf-16")))
    assert reading.records[0].title == "Peinture"
    assert reading.notes == ("Fichier lu en UTF-16.",)


def test_a_csv_line_of_the_wrong_width_is_refused_alone():
    line = CSV_2022.split("\r\n")[1]
    reading = read_decp(stream(f"{CSV_2022}{line};trop\r\n\r\n{line}\r\n"))
    assert [len(reading.records), len(reading.refusals)] == [2, 1]
    assert reading.refusals[0].position == 2
    assert reading.refusals[0].reason == "ligne 3 : 9 cellules au lieu de 8"


def test_an_open_quote_refuses_its_line_not_the_file():
    line = CSV_2022.split("\r\n")[1]
    swallowed = line.replace("Peinture", '"Peinture') + "\r\n"
    reading = read_decp(stream(CSV_2022 + swallowed))
    assert [len(reading.records), len(reading.refusals)] == [1, 1]


def test_a_cell_without_end_refuses_its_line_not_the_file():
    line = CSV_2022.split("\r\n")[1]
    endless = line.replace("Peinture", '"' + "x" * 140_000) + "\r\n"
    reading = read_decp(stream(CSV_2022 + endless + line))
    assert [len(reading.records), len(reading.refusals)] == [2, 1]
    assert "guillemet non fermé" in reading.refusals[0].reason
