import json

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from markets.models import Market
from tests.markets.importers.decp_files import BUYER, COMPANY, row_2019


@pytest.fixture
def path(tmp_path):
    broken = row_2019(objet="")
    elsewhere = row_2019(acheteur={"id": COMPANY})
    file = tmp_path / "decp.json"
    file.write_text(json.dumps({"marches": [row_2019(montant=76543.21), broken, elsewhere]}))
    return file


def run(capsys, *arguments):
    call_command("import_decp", *map(str, arguments))
    return capsys.readouterr().out


def test_each_record_is_printed_with_a_summary_and_no_amount(places, capsys, path):
    printed = run(capsys, path, "--buyer", BUYER)
    assert printed.splitlines() == [
        "1 · 2019M1900400 : créé",
        "2 · 2019M1900400 : refusé ; objet du marché absent",
        "2 enregistrements lus (JSON au format 2019) : 1 créé, 0 mis à jour, 0 déjà présent, 1 refusé, "
        "1 d’autres acheteurs, laissés de côté.",
    ]
    assert "76543" not in printed


def test_a_dry_run_says_so(places, capsys, path):
    assert "Essai à blanc" in run(capsys, path, "--dry-run")
    assert not Market.objects.exists()


def test_what_the_reading_supposed_is_printed(places, capsys, tmp_path):
    file = tmp_path / "decp.csv"
    file.write_bytes(f"id;objet;acheteur.id\n2024A1;Collège;{BUYER}\n".encode("cp1252"))
    assert "lu en Windows-1252, vérifiez les accents" in run(capsys, file)


def test_the_history_may_have_an_author(places, capsys, path):
    user = get_user_model().objects.create_user("ada@exemple.fr", first_name="Ada", last_name="Lovelace")
    run(capsys, path, "--by", "ADA@exemple.fr")
    assert {row.history_user for row in Market.history.all()} == {user}
    with pytest.raises(CommandError, match="Aucun compte actif"):
        run(capsys, path, "--by", "inconnue@exemple.fr")


def test_an_unreadable_file_fails_with_one_sentence(places, tmp_path):
    file = tmp_path / "decp.xml"
    file.write_text("<marches/>")
    with pytest.raises(CommandError, match="^Ce fichier est un fichier XML. Attendu") as refused:
        call_command("import_decp", str(file))
    assert refused.value.returncode == 1
