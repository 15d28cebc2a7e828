"""Hours due that move from a lot to another: conserved, never more than what is left, decided by the Département."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import Award, HoursTransfer, MarketTotal, ObjectiveEntry
from markets.services.award_ends import end_award
from markets.services.awards import left_to_do, objective_of
from markets.services.totals import expected_required
from markets.services.transfers import transfer_hours
from participants.services.consistency import objective_differences, total_differences
from tests.factories.accounts import author
from tests.factories.companies import HoursTransferFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2026, 9, 1)


def move(source, target, hours, **fields):
    agreed = {"source_agreed_on": DAY, "target_agreed_on": DAY, "effective_on": DAY, "reason": "Un même parcours."}
    return transfer_hours(source=source, target=target, hours=hours, by=author(), **agreed | fields)


def test_the_sum_of_two_markets_is_conserved(territory, elsewhere):
    source, target = (AwardFactory(lot__territory=place, lot__calibrated=True) for place in (territory, elsewhere))
    transfer = move(source, target, 300)
    assert (objective_of(source), objective_of(target)) == (700, 1300)
    lines = transfer.entries.order_by("hours").values_list("award", "kind", "hours", "reason")
    assert list(lines) == [
        (source.pk, "transfer_out", -300, "Un même parcours."),
        (target.pk, "transfer_in", 300, "Un même parcours."),
    ]
    totals = MarketTotal.objects.values_list("market", "territory", "required")
    assert {(market, place): hours for market, place, hours in totals} == expected_required()
    assert total_differences() == objective_differences() == []


def test_hours_move_between_two_companies_of_a_lot():
    source = AwardFactory()
    target = AwardFactory(lot=source.lot, role="member", hours_minimum=None)
    move(source, target, 1000)
    assert (objective_of(source), objective_of(target)) == (0, 1000)
    assert MarketTotal.objects.get().required == 1000


def test_no_more_than_what_is_left_to_do_unless_it_is_said():
    source, target = AwardFactory(), AwardFactory()
    contract = EmploymentContractFactory(award=source, validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal("70.5"))
    assert left_to_do(source) == Decimal("929.5")
    with pytest.raises(DomainError, match="Il ne reste que 929,5"):
        move(source, target, 930)
    move(source, target, 929)
    move(source, target, 71, beyond=True)
    assert (objective_of(source), left_to_do(source)) == (0, 0)


def test_neither_side_becomes_negative_even_when_it_is_said():
    source, target = AwardFactory(), AwardFactory()
    with pytest.raises(DomainError, match="deviendrait négatif"):
        move(source, target, 1001, beyond=True)
    with pytest.raises(DomainError, match="deviendrait négatif"):
        move(source, target, 10, effective_on=date(2025, 1, 1))
    assert not HoursTransfer.objects.exists()


@pytest.mark.parametrize("field", ["source_agreed_on", "target_agreed_on"])
def test_both_buyers_have_agreed(field):
    source, target = AwardFactory(), AwardFactory()
    with pytest.raises(ValidationError, match="date passée"):
        move(source, target, 10, **{field: date(2026, 9, 16)})
    with pytest.raises(ValidationError):
        move(source, target, 10, **{field: None})
    with pytest.raises(ValidationError):
        move(source, target, 10, reason="")


def a_subcontractor():
    return AwardFactory(subcontractor=True)


def of_a_closed_lot():
    return LotFactory(closed=True).awards.get()


def one_that_left():
    return end_award(award=AwardFactory(), ended_on=DAY, by=author())


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_subcontractor, "ne reçoit pas d’heures dues"),
        (of_a_closed_lot, "soldé"),
        (one_that_left, "a quitté son lot"),
    ],
)
def test_some_may_receive_nothing(make, sentence):
    source = AwardFactory()
    with pytest.raises(DomainError, match=sentence):
        move(source, make(), 10)
    assert objective_of(source) == 1000


def test_a_subcontractor_has_nothing_to_give():
    with pytest.raises(DomainError, match="entreprise principale"):
        move(a_subcontractor(), AwardFactory(), 10)


def test_one_that_left_still_gives():
    source, target = one_that_left(), AwardFactory()
    move(source, target, 1000)
    assert objective_of(source) == 0


def test_an_award_gives_to_another():
    award = AwardFactory()
    with pytest.raises(ValidationError, match="d’une attribution à une autre"):
        move(award, award, 10)


def test_a_transfer_is_offered_to_the_same_company_and_to_the_same_lot(territory):
    award = AwardFactory()
    member = AwardFactory(lot=award.lot, role="member", hours_minimum=None)
    elsewhere = AwardFactory(company=award.company)
    AwardFactory()
    AwardFactory(lot=award.lot, role="subcontractor", parent=member, hours_minimum=None)
    end_award(award=AwardFactory(company=award.company), ended_on=DAY, by=author())
    assert set(Award.objects.able_to_receive_from(award)) == {member, elsewhere}


def test_the_database_refuses_a_line_that_does_not_bear_its_transfer():
    who, agreed = author(), {"source_agreed_on": DAY, "target_agreed_on": DAY, "reason": "Un même parcours."}
    bare = HoursTransfer.objects.create(
        source=AwardFactory(), target=AwardFactory(), hours=100, decided_at=timezone.now(), decided_by=who, **agreed
    )
    with refused("23503", "transfer_line_bears_its_hours"):
        ObjectiveEntry.objects.create(
            award=bare.target,
            kind="transfer_in",
            hours=99,
            effective_on=DAY,
            reason="Un même parcours.",
            transfer=bare,
            decided_at=timezone.now(),
            decided_by=who,
        )


def test_a_transfer_is_frozen():
    transfer = HoursTransferFactory()
    for sql in ("UPDATE markets_hourstransfer SET hours = 1", "DELETE FROM markets_hourstransfer"):
        with refused("23R01"):
            execute(f"{sql} WHERE id = %s", transfer.pk)


# Hours around what the three awards owe, or any.
HOURS = st.sampled_from((1, 100, 101, 400, 500, 501, 600, 1000, 1001, 1100)) | st.integers(1, 1500)


class Conservation(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel("2026-09-15T10:00:00+02:00"):
            cls.keys = [AwardFactory(hours_minimum=hours).pk for hours in (1000, 500, 100)]

    @settings(max_examples=40)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), HOURS), max_size=6))
    def test_whatever_is_tried_the_sum_stays_and_nobody_owes_less_than_nothing(self, moves):
        awards = [Award.objects.get(pk=key) for key in self.keys]
        for source, target, hours in moves:
            try:
                move(awards[source], awards[target], hours)
            except (DomainError, Conflict, ValidationError):
                continue
        due = [objective_of(award) for award in awards]
        assert sum(due) == 1600
        assert min(due) >= 0
        assert sum(MarketTotal.objects.values_list("required", flat=True)) == 1600
