import random
from datetime import date

import pytest

from markets.importers.decp import Identity, group_markets, identity_of, read_decp
from markets.importers.decp.numbers import lot_in_number, lot_in_title, without_counter
from tests.markets.importers.decp_files import COMPANY, OTHER_COMPANY, as_2019, as_2022, holders, row_2019, row_2022


def contracts(*rows, known=(), layout=as_2019):
    return [lot for market in group_markets(read_decp(layout(*rows)).records, known) for lot in market.lots]


@pytest.mark.parametrize(
    "change",
    [
        {"montant": 1},
        {"montant": 812345},
        {"source": "ailleurs"},
        {"datePublicationDonnees": "2026-01-01"},
        {"dateNotification": None},
        {"dureeMois": 48, "nature": "Accord-cadre", "codeCPV": "45000000"},
        {"id": "2019M1900401", "modifications": [{"objetModification": "Avenant 1", "montant": 5}]},
        {"id": "2019-M19004 00"},
        {"objet": "REHABILITATION DU COLLEGE -  LOT 3: SERRURERIE"},
        {"objet": "R\ufffdhabilitation du coll\ufffdge - Lot 3 : Serrurerie<br />"},
        {"titulaires": [{"id": COMPANY[:9], "typeIdentifiant": "SIRET"}]},
        {"titulaires": holders(COMPANY[:13] + "0")},
        {"titulaires": []},
        {"titulaires": holders(COMPANY, OTHER_COMPANY)},
    ],
)
def test_the_same_contract_told_again_keeps_its_key(change):
    (first,) = contracts(row_2019())
    (again,) = contracts(row_2019(**change), known=[first.key])
    assert again.stored_key == first.key
    (both,) = contracts(row_2019(), row_2019(**change))
    assert len(both.records) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"objet": "Réhabilitation du collège - Lot 4 : Serrurerie"},
        {"objet": "Réhabilitation du collège - Lot 3 : Peinture"},
        {"id": "2019M1900500"},
        {"acheteur": {"id": COMPANY}},
        {"titulaires": holders(OTHER_COMPANY), "montant": 5000},
    ],
)
def test_distinct_contracts_under_one_number_stay_apart(change):
    known = [lot.key for lot in contracts(row_2019())]
    (other,) = contracts(row_2019(**change), known=known)
    assert other.stored_key is None
    assert other.key not in known
    assert len(contracts(row_2019(), row_2019(**change))) == 2


def test_a_framework_told_apart_by_its_number_makes_two_contracts():
    rows = row_2022(idAccordCadre="24A0131"), row_2022(idAccordCadre="24A0132")
    assert len(contracts(*rows, layout=as_2022)) == 2
    assert len(contracts(rows[0], row_2022(), layout=as_2022)) == 1


def test_a_record_without_holder_joins_the_one_that_names_it():
    (nameless,) = contracts(row_2019(titulaires=[]))
    (named,) = contracts(row_2019(), known=[nameless.key])
    assert named.stored_key == nameless.key
    assert Identity.parse(named.key).holders == {COMPANY[:9]}
    (other,) = contracts(row_2019(titulaires=holders(OTHER_COMPANY)), known=[named.key])
    assert other.stored_key is None


def test_one_line_per_holder_is_one_contract():
    rows = [row_2019(titulaires=holders(siret)) for siret in (COMPANY, OTHER_COMPANY)]
    (lot,) = contracts(*rows)
    assert [kept.siret for kept in lot.record.holders] == [COMPANY, OTHER_COMPANY]
    assert [again.stored_key for again in contracts(*rows, known=[lot.key])] == [lot.key]


def test_a_key_survives_its_text_form():
    record = read_decp(as_2019(row_2019(titulaires=holders(COMPANY, OTHER_COMPANY)))).records[0]
    identity = identity_of(record)
    assert Identity.parse(identity.key) == identity
    assert len(identity.key) <= 170


def test_keys_do_not_depend_on_the_order_of_the_file():
    shares = ((COMPANY, 1000), (OTHER_COMPANY, 2000))
    rows = [row_2019(id=f"2019M{n}00", titulaires=holders(s), montant=m) for n in range(5) for s, m in shares]
    keys = {lot.key for lot in contracts(*rows)}
    random.Random(3).shuffle(rows)
    assert {lot.key for lot in contracts(*rows)} == keys
    assert len(keys) == 10


def test_the_latest_publication_stands_and_keeps_what_it_does_not_tell():
    early = row_2019(montant=100, datePublicationDonnees="2019-02-01", dureeMois=12)
    late = row_2019(montant=200, datePublicationDonnees="2019-03-01", dureeMois=None, dateNotification=None)
    for rows in ((early, late), (late, early)):
        (lot,) = contracts(*rows)
        assert lot.record.amount == 200
        assert (lot.record.duration_months, lot.record.notified_on) == (12, date(2019, 1, 22))
        assert lot.notes == []


def test_two_versions_of_one_day_are_said_without_any_figure():
    (lot,) = contracts(row_2019(montant=61116.3), row_2019(montant=51116.3))
    assert lot.notes == ["montants différents pour le même contrat (enregistrements 1, 2) : à vérifier"]


def test_modifications_told_one_by_one_add_up():
    first = {"modification": {"id": 1, "dateNotificationModification": "2025-01-01", "montant": 500}}
    second = {"modification": {"id": 2, "dateNotificationModification": "2026-01-01", "montant": 600}}
    (lot,) = contracts(row_2022(modifications=[first]), row_2022(modifications=[second]), layout=as_2022)
    assert [change.number for change in lot.record.modifications] == [1, 2]


def test_the_same_contract_under_another_title_is_pointed_out():
    _, second = contracts(row_2019(), row_2019(objet="SERRURERIE COLLEGE"))
    assert second.notes == ["peut-être le même contrat que l’enregistrement 1, autre objet"]


def test_lots_told_in_the_titles_make_one_market():
    titles = "École Kléber (17 lots): Lot 1 : gros œuvre", "ECOLE KLEBER (17 LOTS) - LOT 16 : ascenseur"
    rows = [row_2019(id=f"20190000{n}00", objet=f"Réhabilitation {t}") for n, t in enumerate(titles)]
    (market,) = group_markets(read_decp(as_2019(*rows)).records)
    assert [(lot.number, lot.title) for lot in market.lots] == [("1", "gros œuvre"), ("16", "ascenseur")]


def test_lots_told_in_the_numbers_make_one_market():
    rows = [row_2019(id=f"201920181124L{n}00", objet="Rénovation de la police") for n in (1, 2)]
    (market,) = group_markets(read_decp(as_2019(*rows)).records)
    assert (market.number, market.title) == ("201920181124", "Rénovation de la police")
    assert [lot.number for lot in market.lots] == ["1", "2"]


def test_unrelated_contracts_under_one_truncated_number_are_two_markets():
    rows = row_2022(objet="Nettoyage", codeCPV="90919200"), row_2022(objet="Transport", codeCPV="60000000")
    assert len(group_markets(read_decp(as_2022(*rows)).records)) == 2


def test_the_same_titles_of_two_years_are_two_markets():
    rows = [row_2019(id=f"{year}A100", dateNotification=f"{year}-05-02") for year in (2018, 2019)]
    assert len(group_markets(read_decp(as_2019(*rows)).records)) == 2


def test_lot_numbers_are_unique_in_their_market():
    rows = [row_2019(titulaires=holders(s), montant=m) for s, m in ((COMPANY, 1000), (OTHER_COMPANY, 2000))]
    rows += [row_2019(objet="Réhabilitation du collège - Lot 1 : Peinture")]
    (market,) = group_markets(read_decp(as_2019(*rows)).records)
    assert [lot.number for lot in market.lots] == ["3", "3-2", "1"]


@pytest.mark.parametrize(
    ("title", "number", "lot", "whole"),
    [
        ("2020AFF026-Lot 5 : Electricité", "5", "Electricité", "2020AFF026"),
        ("CONSTRUCTION MAIRIE - VRD EUROVIA - LOT No1", "1", "CONSTRUCTION MAIRIE - VRD EUROVIA", None),
        ("Musée/ Lot n° 03 : Serrurerie", "3", "Serrurerie", "Musée"),
        ("Nettoyage-Lot N\ufffd2-Salles", "2", "Salles", "Nettoyage"),
        ("Courant faible lot no4", "4", "Courant faible", "Courant faible"),
        ("LOT 3A -SERRURERIE", "3A", "SERRURERIE", ""),
        ("Travaux (Relance du lot 10 Plomberie)", "10", "Plomberie", "Travaux (Relance du"),
        ("Assurances lot 2 bis : cyber", "2 BIS", "cyber", "Assurances"),
        ("Travaux - LOT B : peinture", "B", "peinture", "Travaux"),
        ("Travaux en 3 lots", "", "", ""),
        ("Relance des lots 7 - 14 et 15", "", "", ""),
        ("Travaux lot 1 et lot 2", "", "", ""),
        ("Marché à lot unique", "", "", ""),
        ("Abords de l'îlot 26 C", "", "", ""),
        ("Abords de l'\ufffdlot 26 C", "", "", ""),
    ],
)
def test_a_lot_is_found_in_a_title(title, number, lot, whole):
    mention = lot_in_title(title)
    assert (mention.number, mention.title) == (number, lot)
    if whole is not None:
        assert mention.whole == whole


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("202401L04", ("4", "202401")),
        ("202409LOT02PAY", ("2", "202409")),
        ("202525CC04-L3", ("3", "202525CC04")),
        ("202525CC04 - L", ("", "")),
        ("20242024L06_10", ("", "")),
        ("2019EPCL01", ("", "")),
        ("2019M19004", ("", "")),
    ],
)
def test_a_lot_is_found_in_a_number(number, expected):
    assert lot_in_number(number) == expected


@pytest.mark.parametrize(
    ("market_id", "number"),
    [
        ("2019M1900400", "2019M19004"),
        ("2018F06201", "2018F062"),
        ("2018160", "2018160"),
        ("2018V18044", "2018V18044"),
        ("000000000000", "000000000000"),
    ],
)
def test_the_modification_counter_of_2019_leaves_the_number(market_id, number):
    assert without_counter(market_id) == number
