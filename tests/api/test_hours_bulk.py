"""Hours deposited together, or by several programs at once: all or nothing, one line a month (security.md A16, A25)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from facilitators.enums import KeyScope
from markets.models import MarketTotal
from participants.models import HoursEntry
from participants.services.consistency import CHECKS
from participants.services.hours import record_month
from participants.services.validations import revoke
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EmploymentContractFactory
from tests.support.keys import program
from tests.support.threads import race

M11 = "Des heures existent déjà pour ce contrat et ce mois."
MARCH = date(2026, 3, 1)
MONTHS = [f"2026-{month:02}" for month in range(2, 9)]

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_HOURS)


@pytest.fixture
def contracts(territory):
    award = AwardFactory(lot__territory=territory)
    return EmploymentContractFactory.create_batch(3, award=award, validated=True)


def lines(contracts, months=MONTHS, declared="100"):
    return [{"contract": one.pk, "month": month, "declared": declared} for one in contracts for month in months]


def totals():
    return MarketTotal.objects.aggregate(declared=Sum("declared"), counted=Sum("counted"))


@pytest.mark.django_db
def test_lines_are_all_recorded(writer, contracts):
    response = writer.write("/hours/bulk", {"items": lines(contracts)})
    assert response.status_code == 200, response.json()
    outcomes = response.json()["items"]
    assert [(row["contract"], row["month"]) for row in outcomes] == [
        (line["contract"], line["month"]) for line in lines(contracts)
    ]
    assert {row["status"] for row in outcomes} == {"counted"}
    assert totals() == {"declared": 2100, "counted": 2100}


@pytest.mark.django_db
def test_lines_sent_twice_change_nothing(writer, contracts):
    first = writer.write("/hours/bulk", {"items": lines(contracts)})
    written = HoursEntry.history.count()
    second = writer.write("/hours/bulk", {"items": lines(contracts)})
    assert (second.status_code, second.json(), HoursEntry.history.count()) == (200, first.json(), written)


@pytest.mark.django_db
def test_one_refused_line_keeps_the_others_out(writer, contracts):
    record_month(contract=contracts[0], month=MARCH, declared=Decimal(50), by=author())
    before = totals()
    bad = [
        {"contract": contracts[1].pk, "month": "2026-10", "declared": "10"},
        {"contract": contracts[1].pk, "month": "2026-04", "declared": "301"},
    ]
    response = writer.write("/hours/bulk", {"items": lines(contracts[:1]) + bad})
    assert (response.status_code, response.json()["code"]) == (422, "lines_refused")
    assert response.json()["errors"] == [
        {"line": 2, "field": "", "message": M11},
        {"line": 8, "field": "", "message": "Ce mois n’a pas commencé : ses heures se saisissent une fois faites."},
        {"line": 9, "field": "", "message": "Les heures d’un mois sont comprises entre 0 et 300."},
    ]
    assert (HoursEntry.objects.get().declared, totals()) == (50, before)


@pytest.mark.django_db
def test_a_line_of_another_territory_is_unknown(writer, contracts):
    outside = EmploymentContractFactory(award__lot__territory=TerritoryFactory())
    good = lines(contracts[:1], ["2026-03"])[0]
    bad = [good | {"contract": key} for key in (outside.pk, 987654, "INCONNU")]
    response = writer.write("/hours/bulk", {"items": [good, *bad]})
    assert [(error["line"], error["field"]) for error in response.json()["errors"]] == [
        (number, "contract") for number in (2, 3, 4)
    ]
    assert len({error["message"] for error in response.json()["errors"]}) == 1
    assert not HoursEntry.objects.exists()


@pytest.mark.django_db
def test_what_is_not_a_list_of_lines_is_refused(writer, contracts):
    good = lines(contracts[:1], ["2026-03"])[0]
    for body in ([good], {"items": []}, {"items": good}, {"items": [good], "more": 1}, {"items": [good] * 1001}):
        response = writer.write("/hours/bulk", body)
        assert (response.status_code, response.json()["code"]) == (400, "unreadable")
    for items in ([None], [[good]], ["x"], [good | {"id": 1}], [{}]):
        assert writer.write("/hours/bulk", {"items": items}).status_code == 422
    assert not HoursEntry.objects.exists()


@pytest.mark.django_db
def test_a_line_more_costs_four_queries(writer, contracts, count_queries):
    """What is read is read once for all the lines: a line is written with its history, in its savepoint."""
    writer.read("/hours")
    few = count_queries(lambda: writer.write("/hours/bulk", {"items": lines(contracts, MONTHS[:1])}))
    many = count_queries(lambda: writer.write("/hours/bulk", {"items": lines(contracts, MONTHS[1:])}))
    assert many - few == 4 * 3 * 5


def assert_one_line(contract):
    assert HoursEntry.objects.filter(contract=contract).count() == 1
    assert [sentence for check in CHECKS.values() for sentence in check()] == []


@pytest.mark.django_db(transaction=True)
def test_the_grid_and_two_programs_at_once_make_one_line():
    territory, who = TerritoryFactory(), author()
    ConventionFactory(territories=[territory])
    client = program(KeyScope.WRITE_HOURS)
    award = AwardFactory(lot__territory=territory)
    for _ in range(3):
        contract = EmploymentContractFactory(award=award, validated=True)
        line = lines([contract], ["2026-03"])[0]
        results = race(
            lambda b=line: client.write("/hours", b).status_code,
            lambda b=line: client.write("/hours/bulk", {"items": [b | {"declared": "90"}]}).status_code,
            lambda c=contract: record_month(contract=c, month=MARCH, declared=Decimal(80), by=who, version=0).status,
        )
        assert not [result for result in results if isinstance(result, AssertionError)]
        assert set(results[:2]) <= {200, 409, 422}
        assert_one_line(contract)


@pytest.mark.django_db(transaction=True)
def test_hours_deposited_while_the_validation_is_revoked_do_not_count():
    territory, who = TerritoryFactory(), author()
    ConventionFactory(territories=[territory])
    client = program(KeyScope.WRITE_HOURS)
    award = AwardFactory(lot__territory=territory)
    for _ in range(3):
        contract = EmploymentContractFactory(award=award, validated=True)
        validation = contract.participant.validations.get()
        deposited, _ = race(
            lambda c=contract: client.write("/hours", lines([c], ["2026-03"])[0]).status_code,
            lambda v=validation: revoke(validation=v, by=who, reason="Fausse pièce."),
        )
        assert deposited == 200
        entry = HoursEntry.objects.get(contract=contract)
        assert (entry.declared, entry.counted, entry.rejected) == (100, 0, 100)
    assert totals()["counted"] == 0
