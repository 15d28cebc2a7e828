"""« Reprise d’antériorité »: hours done before the portal leave what remains due, and count for nothing (ADR 0021)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import MarketTotal, OpeningBalance
from markets.services.awards import add_objective, counted_by, left_to_do, objective_of
from markets.services.openings import first_day_declared, record_opening_balance
from participants.models import ClosedPeriod
from participants.services.consistency import objective_differences, total_differences
from participants.services.hours import regularise, split_month
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.sql import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

UNTIL = date(2026, 6, 30)


def take_over(award, hours=400, **fields):
    values = {"persons": 3, "until": UNTIL, "source": "Tableur de suivi"}
    return record_opening_balance(award=award, hours=hours, by=author(), **values | fields)


def test_what_remains_due_goes_down_and_nothing_counts():
    award = AwardFactory()
    opening = take_over(award)
    assert (objective_of(award), left_to_do(award)) == (600, 600)
    assert counted_by([award]) == {award.pk: Decimal(0)}
    assert opening.entry.reason == ("Faites par 3 personnes jusqu’au 30/06/2026, avant le portail (Tableur de suivi).")
    assert MarketTotal.objects.get().required == 600
    assert total_differences() == objective_differences() == []


def test_the_line_takes_effect_when_the_ledger_bears_it():
    award = AwardFactory()
    add_objective(
        award=award, kind="amendment", hours=500, effective_on=date(2026, 8, 1), reason="Avenant", by=author()
    )
    assert take_over(award, hours=1200).entry.effective_on == date(2026, 8, 1)


def test_it_takes_effect_at_the_end_of_what_was_done():
    assert take_over(AwardFactory()).entry.effective_on == UNTIL


def test_hours_done_before_the_award_was_notified_are_taken_over():
    opening = take_over(AwardFactory(), until=date(2025, 12, 31))
    assert opening.entry.effective_on == date(2026, 1, 5)


@pytest.mark.parametrize("done", [1, 1000])
def test_up_to_all_that_is_due_is_taken_over(done):
    award = AwardFactory()
    take_over(award, hours=done)
    assert objective_of(award) == 1000 - done


def test_not_more_than_what_is_due():
    with pytest.raises(DomainError, match="ne doit que 1\u00a0000\u00a0h"):
        take_over(AwardFactory(), hours=1001)


def test_not_a_day_to_come():
    with pytest.raises(DomainError, match="au plus tard aujourd’hui"):
        take_over(AwardFactory(), until=date(2026, 9, 16))


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"persons": 0}, {"persons": 10_001}, {"source": ""}])
def test_figures_that_make_no_sense_are_refused(wrong):
    award = AwardFactory()
    with pytest.raises(ValidationError):
        take_over(award, **wrong)
    assert objective_of(award) == 1000


def test_it_is_done_once():
    award = AwardFactory()
    take_over(award)
    with pytest.raises(Conflict, match="déjà reprise sur ce lot : 400\u00a0h, jusqu’au 30/06/2026"):
        take_over(award, hours=10)
    assert objective_of(award) == 600


def test_a_subcontractor_has_none():
    award = AwardFactory()
    with pytest.raises(DomainError, match="sous-traitant"):
        take_over(AwardFactory(lot=award.lot, role="subcontractor", parent=award))


def test_a_lot_that_is_over_keeps_its_hours_due():
    with pytest.raises(Conflict, match="soldé"):
        take_over(LotFactory(closed=True).awards.get())


@pytest.mark.parametrize(("until", "taken"), [(date(2026, 2, 28), True), (date(2026, 3, 1), False)])
def test_hours_that_are_there_already_are_not_taken_over(until, taken):
    contract = EmploymentContractFactory(validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 3, 1))
    if taken:
        assert take_over(contract.award, until=until).pk
    else:
        with pytest.raises(DomainError, match="à partir du 01/03/2026"):
            take_over(contract.award, until=until)


def test_nor_those_of_who_works_under_the_company():
    award = AwardFactory()
    under = AwardFactory(lot=award.lot, role="subcontractor", parent=award)
    HoursEntryFactory(contract=EmploymentContractFactory(award=under, validated=True))
    assert first_day_declared(award) == first_day_declared(under) == date(2026, 3, 1)
    with pytest.raises(DomainError, match="compteraient deux fois"):
        take_over(award)


def test_hours_of_another_company_of_the_lot_do_not_matter():
    award = AwardFactory()
    other = AwardFactory(lot=award.lot, role="member", hours_minimum=100)
    HoursEntryFactory(contract=EmploymentContractFactory(award=other, validated=True))
    assert first_day_declared(award) is None
    assert take_over(award).pk


def test_what_was_taken_over_is_not_declared_again():
    contract = EmploymentContractFactory(validated=True)
    take_over(contract.award, until=date(2026, 6, 15))
    with pytest.raises(DomainError, match="jusqu’au 15/06/2026 sont dans la reprise"):
        HoursEntryFactory(contract=contract, month=date(2026, 6, 1))
    halves = {"month": date(2026, 6, 1), "first_day": date(2026, 6, 16), "by": author()}
    with pytest.raises(DomainError, match="jusqu’au 15/06/2026"):
        split_month(contract=contract, before=Decimal(10), from_then=Decimal(50), **halves)
    split_month(contract=contract, before=Decimal(0), from_then=Decimal(50), **halves)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1))
    assert counted_by([contract.award])[contract.award_id] == 150


def test_nor_by_who_works_under_the_company():
    award = AwardFactory()
    under = AwardFactory(lot=award.lot, role="subcontractor", parent=award)
    take_over(award)
    contract = EmploymentContractFactory(award=under, validated=True)
    with pytest.raises(DomainError, match="dans la reprise d’antériorité"):
        HoursEntryFactory(contract=contract, month=date(2026, 6, 1))


def test_nor_in_a_correction_of_a_quarter_already_sent():
    contract = EmploymentContractFactory(validated=True)
    ClosedPeriod.objects.create(territory=contract.territory, quarter_start=date(2026, 1, 1))
    take_over(contract.award)
    with pytest.raises(DomainError, match="dans la reprise d’antériorité"):
        regularise(contract=contract, month=date(2026, 3, 1), hours=Decimal(10), reason="Oubli", by=author())


def test_the_ordinary_ledger_does_not_write_one():
    line = {"kind": "opening", "hours": -5, "effective_on": UNTIL, "reason": "Avant"}
    with pytest.raises(DomainError, match="reprise d’antériorité a sa page"):
        add_objective(award=AwardFactory(), by=author(), **line)


def test_the_database_refuses_a_second_one():
    opening = take_over(AwardFactory())
    fields = {field.attname: getattr(opening, field.attname) for field in opening._meta.concrete_fields[1:]}
    with refused("23505"):
        OpeningBalance.objects.create(**fields)
