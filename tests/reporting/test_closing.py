"""The closing report of a market, against a market counted by hand (see closing_world)."""

import json
import re
from datetime import date

import pytest

from reporting.enums import StatementKind
from reporting.models import Statement
from reporting.statements.closing import build_closing, capped_share
from reporting.statements.closing_companies import merged
from tests.reporting.closing_world import FIRST, closing_world
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

DATED = date(2026, 9, 15)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    import time_machine

    with time_machine.travel("2026-09-15T10:00:00+02:00"), for_the_module(django_db_blocker):
        yield closing_world()


@pytest.fixture
def world(made, db):
    return made


@pytest.fixture
def statement(world):
    return Statement(
        kind=StatementKind.CLOSING,
        market=world.market,
        period_code="solde",
        starts_on=FIRST,
        ends_on=DATED,
        opinion="Bon marché.",
        verification_code="TEST-CODE-BILAN",
    )


@pytest.fixture
def data(statement):
    return build_closing(statement, dated_on=DATED)


def test_the_identification(data, world):
    assert data["market"]["number"] == world.market.number
    assert data["lots"] == [
        {
            "lot": f"Lot 1 – {world.lot.title}",
            "territory": "Pays d’Aix",
            "state": "En exécution",
            "starts_on": "2025-12-01",
            "ends_on": "2026-07-31",
        }
    ]
    assert (data["number"], data["period"], data["dated_on"]) == (
        f"BM-solde-marche-{world.market.pk}-1",
        "solde",
        "2026-09-15",
    )


def test_the_objective_and_what_made_it(data):
    assert (data["objective"]["due"], data["objective"]["neutralised"]) == ("1100.00", "150.00")
    assert data["objective"]["by_kind"] == [
        ["Heures du marché", "1000.00"],
        ["Avenant", "200.00"],
        ["Transfert reçu", "100.00"],
        ["Transfert cédé", "-50.00"],
        ["Heures neutralisées", "-150.00"],
    ]
    assert [line["day"] for line in data["objective"]["lines"]] == [
        "2025-11-20",
        *2 * ["2026-03-01"],
        *2 * ["2026-09-01"],
    ]


def test_hours_of_subcontractors_at_any_depth_are_in_their_principal(data):
    (row,) = data["companies"]
    assert (row["company"], row["due"], row["counted"], row["done"]) == ("Alpha", "1100.00", "540.00", "49.1")
    assert data["hours"]["by_company"] == [["Alpha", "380.00"], ["Gamma", "160.00"]]
    assert data["hours"]["done"] == "49.1"


def test_hours_in_their_fates_their_modalities_and_their_years(data):
    hours = data["hours"]
    fates = ("declared", "counted", "rejected", "pending", "regularised", "training")
    assert [hours[fate] for fate in fates] == ["590.00", "540.00", "50.00", "0.00", "20.00", "0.00"]
    assert hours["by_reason"] == [["Non validé", "50.00"]]
    assert [total for _, total in hours["by_modality"]] == ["310.00", "70.00", "160.00"]
    assert hours["by_year"] == [["2025", "50.00"], ["2026", "490.00"]]
    assert hours["per_person"] == {"min": "70.00", "median": "150.00", "max": "170.00"}


def test_persons_are_distinct_and_staff_taken_over_is_not_hired(data):
    people = data["people"]
    assert (people["hired"], people["taken_over"], people["at_work"]) == (4, 1, 4)
    assert people["communes"] == [["Gardanne", 3], ["Pertuis", 1]]
    assert (people["rsa"], people["rsa_department"], people["outside_department"]) == (2, 1, 1)
    assert people["homes"] == [["Pays d’Aix", 4]]
    assert [number for _, number in people["ages"]] == [1, 1, 1, 1]
    assert people["levels"][0] == ["Niveau 3 (CAP, BEP)", 2]
    assert people["categories"] == [["Bénéficiaire du RSA", 3], ["Sans validation accordée", 1]]


def test_contracts_by_type_with_their_length(data):
    assert data["contracts"]["by_type"] == [
        ["CDD", 2, 121],
        ["CDD d’insertion (CDDI)", 1, 107],
        ["Contrat de mission (intérim)", 1, 30],
    ]
    assert (data["contracts"]["started"], data["contracts"]["mean_length"], data["contracts"]["going_on"]) == (4, 95, 1)


def test_exits_tell_the_unknown_and_both_rates(data):
    end, three, six = data["exits"]
    assert (end["due"], end["known"], end["unknown_share"], end["rate_known"], end["rate_all"]) == (
        3,
        2,
        "33.3",
        "50.0",
        "33.3",
    )
    assert (three["due"], three["unknown_share"], three["rate_known"], three["rate_all"]) == (
        2,
        "50.0",
        "100.0",
        "50.0",
    )
    assert ["Inconnue", 1] in three["situations"]
    assert (six["due"], six["rate_all"]) == (0, None)


def test_it_says_what_it_still_waits_for(data):
    assert data["missing"] == [
        "1 contrat se poursuit.",
        "1 situation est à demander aux personnes.",
        "4 situations seront connues plus tard, la dernière le 30/12/2026.",
        "1 alerte est ouverte.",
    ]


def test_alerts_and_penalties_without_their_euros(data):
    alerts = data["alerts"]
    assert (alerts["raised"], alerts["closed"], alerts["open"], len(alerts["still_open"])) == (2, 1, 1, 1)
    assert data["penalties"] == [["Constat", 1]]


def test_nothing_confidential_enters(data, world):
    """Neither amounts, typed in a reason or computed, nor the name of a person (C27)."""
    text = json.dumps(data, ensure_ascii=False)
    assert not re.search("4321|918273|Intempéries|Oubli", text)
    persons = vars(world.persons).values()
    assert [person for person in persons if person.last_name in text or person.search_name in text] == []


def test_no_company_makes_up_for_another():
    rows = [{"within": "100.00", "due": "100.00"}, {"within": "50.00", "due": "300.00"}, {"within": "0", "due": None}]
    assert str(capped_share(rows)) == "37.5"
    assert capped_share([]) is None


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a", 6), ("b", 5)], [["a", 6], ["b", 5]]),
        ([("a", 9), ("b", 3), ("c", 2)], [["a", 9], ["Autres (regroupés)", 5]]),
        ([("a", 9), ("b", 7), ("c", 1)], [["a", 9], ["Autres (regroupés)", 8]]),
        ([("a", 9), ("b", 1)], None),
        ([("a", 2), ("b", 1)], None),
        ([("a", 8)], [["a", 8]]),
        ([], None),
    ],
)
def test_small_numbers_are_merged_until_nothing_can_be_deduced(rows, told):
    assert merged(rows) == told
