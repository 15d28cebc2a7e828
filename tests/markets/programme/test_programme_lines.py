"""What a line of a programme says, before anything is written."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.tables import Table, signature
from markets.programme.columns import LABELS, fits, guess, missing
from markets.programme.grouping import group_lines
from markets.programme.lines import ProgrammeLine, read_lines
from markets.programme.vocabulary import commune_key, cpv_of, kind_of, lot_number_of, procedure_of, split_places
from tests.markets.programme.sheets import HEADERS, LINE

MAPPING = {name: at for at, name in enumerate(LABELS)}


def read(*lines):
    rows = [[values.get(name) for name in LABELS] for values in lines]
    table = Table(HEADERS, rows, list(range(2, len(rows) + 2)), "Programme", [])
    return read_lines(table, MAPPING)


def test_our_own_headers_are_recognised():
    assert guess(HEADERS) == MAPPING


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("N° OPERATION", "operation_reference"),
        ("Projet", "operation_title"),
        ("Ville", "communes"),
        ("N° de marché", "market_number"),
        ("Objet", "title"),
        ("Type de marché", "kind"),
        ("Mode de passation", "procedure"),
        ("N° lot", "lot_number"),
        ("Désignation du lot", "lot_title"),
        ("Corps d’état", "trade"),
        ("Estimation € HT", "lot_amount"),
        ("Montant total HT", "market_amount"),
        ("Durée (mois)", "firm_months"),
        ("Date de lancement", "planned_publication_on"),
        ("Date limite des offres", "planned_tenders_on"),
        ("Attribution", "planned_notification_on"),
        ("Démarrage", "starts_on"),
        ("Fin des travaux", "ends_on"),
    ],
)
def test_a_header_is_recognised_in_the_words_of_directions(header, column):
    assert guess([header]) == {column: 0}


def test_the_columns_that_are_missing_are_named():
    assert missing({"title": 0}) == ["Référence de l’opération"]
    assert missing({"title": 0, "operation_reference": 1}) == []


@pytest.mark.parametrize("mapping", [{"title": 2}, {"title": -1}, {"title": "0"}, {"colour": 0}])
def test_a_mapping_that_the_headers_do_not_have_does_not_fit(mapping):
    assert not fits(mapping, ["Objet", "Ville"])


def test_the_signature_of_headers_leaves_case_and_accents_aside():
    assert signature(["Opération", "N° lot"]) == signature(["OPERATION", "n lot"])
    assert signature(["Opération", "N° lot"]) != signature(["N° lot", "Opération"])


def test_cells_are_typed():
    (line,), refusals = read(LINE | {"lot_amount": "1,2 M€", "planned_publication_on": "sept. 2027", "cpv": 3111000})
    assert refusals == []
    assert line.lot_amount == Decimal(1_200_000)
    assert line.planned_publication_on == date(2027, 9, 1)
    assert (line.kind, line.procedure, line.cpv) == ("works", "adapted", "03111000")
    assert line.identifier == "OP-2027-12 · 2027-014"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"operation_reference": None}, "Indiquez la référence de l’opération."),
        ({"title": None}, "Indiquez l’objet du marché."),
        ({"lot_amount": "environ 918273"}, "Montant estimé du lot (€ HT)\u00a0: ce montant n’est pas lisible"),
        ({"market_amount": "-5"}, "un montant ne peut pas être négatif"),
        ({"firm_months": "un an"}, "Durée ferme (mois)\u00a0: ce nombre n’est pas lisible"),
        ({"planned_publication_on": "2027"}, "Publication prévue\u00a0: une année ne suffit pas"),
        ({"ends_on": "31/02/2027"}, "Fin d’exécution\u00a0: cette date n’est pas lisible"),
    ],
)
def test_an_unreadable_cell_refuses_its_line_alone(changes, sentence):
    lines, refusals = read(LINE | changes, LINE)
    assert len(lines) == 1
    assert sentence in refusals[0].reason
    assert "918273" not in str(refusals[0])


def test_every_fault_of_a_line_is_told():
    _, (refusal,) = read(LINE | {"firm_months": "x", "starts_on": "y"})
    assert "Durée ferme" in refusal.reason
    assert "Début d’exécution" in refusal.reason


def test_an_unknown_word_is_noted_and_left_blank():
    (line,), _ = read(LINE | {"kind": "Divers", "procedure": "au mieux", "cpv": "BTP"})
    assert (line.kind, line.procedure, line.cpv) == ("", "", "")
    assert line.notes == (
        "nature non reconnue",
        "procédure non reconnue, laissée vide",
        "code CPV illisible, laissé vide",
    )


def test_the_amounts_stay_out_of_what_is_printed():
    (line,), _ = read(LINE | {"lot_amount": 918273})
    assert "918273" not in repr(line)


def test_a_line_without_operation_nor_object_goes_on_with_the_one_above():
    blank = dict.fromkeys(("operation_reference", "operation_title", "market_number", "title"))
    lines, _ = read(LINE | {"lot_number": 1}, LINE | blank | {"lot_number": 2}, LINE | blank | {"lot_number": 3})
    assert {line.market_number for line in lines} == {"2027-014"}
    assert len(group_lines(lines)) == 1


def test_blank_lines_are_passed_over():
    lines, refusals = read({}, LINE)
    assert (len(lines), refusals) == (1, [])


def a_line(position=2, **changes):
    return ProgrammeLine(position, **{"operation_reference": "OP-1", "title": "Façades"} | changes)


def test_lines_of_the_same_number_are_one_market():
    groups = group_lines([a_line(market_number="12"), a_line(market_number="13"), a_line(market_number="12")])
    assert [len(group.lines) for group in groups] == [2, 1]


def test_a_line_without_number_joins_the_market_of_its_object():
    groups = group_lines([a_line(), a_line(market_number="12"), a_line(title="Toiture")])
    assert [len(group.lines) for group in groups] == [2, 1]


def test_the_same_object_in_two_operations_makes_two_markets():
    assert len(group_lines([a_line(), a_line(operation_reference="OP-2")])) == 2


def test_the_first_line_is_believed_and_the_others_say_so():
    (group,) = group_lines(
        [a_line(2, market_number="12", procedure=""), a_line(3, market_number="12", procedure="open")]
        + [a_line(4, market_number="12", procedure="adapted", title="Façade")]
    )
    assert (group.told["procedure"], group.told["title"]) == ("open", "Façades")
    (note,) = group.notes[4]
    assert list(group.notes) == [4]
    assert note.startswith("«\u00a0Objet du marché\u00a0», «\u00a0Procédure\u00a0»")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Aix-en-Provence, Venelles et St-Cannat (13)", ("Aix-en-Provence", "Venelles", "St-Cannat")),
        ("Gréasque/Mimet\nPeynier", ("Gréasque", "Mimet", "Peynier")),
        ("", ()),
    ],
)
def test_places_are_told_apart(text, places):
    assert split_places(text) == places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST CANNAT", "Saint-Cannat"),
        ("Marseille 13e", "Marseille"),
        ("Ste Marguerite", "Sainte-Marguerite"),
        ("AIX EN PROVENCE CEDEX 1", "Aix-en-Provence"),
    ],
)
def test_a_commune_is_written_in_many_ways(one, other):
    assert commune_key(one) == commune_key(other)


def test_words_of_the_trade_are_understood():
    assert [kind_of(text) for text in ("TRAVAUX", "Maîtrise d’œuvre", "fourniture", "x")] == [
        "works",
        "intellectual",
        "supplies",
        "",
    ]
    assert [procedure_of(text) for text in ("MAPA", "Appel d’offres ouvert", "gré à gré", "")] == [
        "adapted",
        "open",
        "direct",
        "",
    ]
    assert [cpv_of(text) for text in ("45000000-7", "45 00 00 00", "3111000", "450", "BTP")] == [
        "45000000",
        "45000000",
        "03111000",
        "",
        "",
    ]
    assert [lot_number_of(text) for text in ("Lot n° 02", "LOT 3", "2A", "0", "")] == ["2", "3", "2A", "0", ""]
