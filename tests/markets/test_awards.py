"""Who got the lot, and the hours each owes: a ledger that only grows."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.lot_companies import tree_of
from markets.models import Award, Lot, MarketTotal, ObjectiveEntry
from markets.services.awards import (
    BEFORE_CALIBRATION,
    add_objective,
    award_lot,
    change_award,
    counted_by,
    left_to_do,
    objective_of,
)
from markets.services.penalties import hours_of
from markets.services.totals import expected_required, shift
from participants.commitments import commitments
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.sql import execute, refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)


def amend(award, hours, kind=ObjectiveKind.AMENDMENT, reason="Avenant n° 1"):
    return add_objective(award=award, kind=kind, hours=hours, effective_on=DAY, reason=reason, by=author())


def required(lot):
    return MarketTotal.objects.get(market=lot.market_id, territory=lot.territory_id).required


def test_an_award_opens_its_ledger():
    lot = LotFactory(calibrated=True)
    award = award_lot(
        lot=lot, company=CompanyFactory(), hours_minimum=1000, hours_offered=150, notified_on=DAY, by=author()
    )
    lines = award.objective_entries.values_list("kind", "hours", "effective_on")
    assert list(lines) == [("initial", 1000, DAY), ("offer", 150, DAY)]
    assert objective_of(award) == required(lot) == 1150
    assert Lot.objects.get(pk=lot.pk).state == LotState.AWARDED


@pytest.mark.parametrize("trait", [None, "set_aside", "retained"])
def test_a_lot_is_calibrated_before_it_is_awarded(trait):
    lot = LotFactory(**({trait: True} if trait else {}))
    with pytest.raises(Conflict, match=BEFORE_CALIBRATION):
        award_lot(lot=lot, company=CompanyFactory(), hours_minimum=10, by=author())
    assert not Award.objects.exists()


def test_several_companies_share_a_lot():
    lot = LotFactory(calibrated=True)
    shares = {AwardRole.LEAD: 600, AwardRole.MEMBER: 400}
    for role, hours in shares.items():
        AwardFactory(lot=lot, role=role, hours_minimum=hours)
    assert required(lot) == 1000
    assert {award.role: award.objective for award in lot.awards.with_objective()} == shares


def test_a_company_has_a_role_once():
    award = AwardFactory()
    with pytest.raises(ValidationError, match="a déjà ce rôle sur ce lot"):
        award_lot(lot=award.lot, company=award.company, hours_minimum=5, by=author())


def test_a_subcontractor_owes_nothing_itself():
    award = AwardFactory(subcontractor=True, hours_minimum=300)
    assert objective_of(award) == 0
    assert required(award.lot) == objective_of(award.parent) == 1000
    with pytest.raises(DomainError, match="l’entreprise principale en répond"):
        amend(award, 10)
    assert list(award.lot.awards.principal()) == [award.parent]


def test_a_parent_is_on_the_same_lot():
    award, elsewhere = AwardFactory(), AwardFactory()
    with pytest.raises(DomainError, match="n’est pas sur ce lot"):
        AwardFactory(lot=award.lot, role=AwardRole.SUBCONTRACTOR, parent=elsewhere, hours_minimum=None)
    subcontract = AwardFactory(subcontractor=True)
    with refused("23503", "award_parent_on_same_lot"):
        execute("UPDATE markets_award SET parent_id = %s WHERE id = %s", elsewhere.pk, subcontract.pk)


def test_every_line_moves_the_totals():
    award = AwardFactory()
    for hours, kind in [(200, "amendment"), (35, "order"), (-100, "amendment"), (-35, "neutralised")]:
        amend(award, hours, kind)
    assert objective_of(award) == required(award.lot) == 1100
    assert expected_required() == {(award.lot.market_id, award.lot.territory_id): 1100}


def test_an_objective_never_becomes_negative():
    award = AwardFactory()
    other = AwardFactory(lot=award.lot, role=AwardRole.MEMBER, hours_minimum=500)
    with pytest.raises(DomainError, match="deviendrait négatif"):
        amend(award, -1001)
    amend(award, -1000)
    assert (objective_of(award), objective_of(other), required(award.lot)) == (0, 500, 500)


def test_an_objective_is_never_negative_on_any_day():
    award = AwardFactory(notified_on=date(2026, 3, 1))
    with pytest.raises(DomainError, match="deviendrait négatif"):
        add_objective(
            award=award, kind="neutralised", hours=-10, effective_on=date(2026, 2, 1), reason="Gel", by=author()
        )


@pytest.mark.parametrize("kind", ["transfer_in", "transfer_out"])
def test_a_transfer_is_written_on_both_sides_or_not_at_all(kind):
    award = AwardFactory()
    with pytest.raises(DomainError, match="page des transferts"):
        amend(award, 10 if kind == "transfer_in" else -10, kind)
    assert award.objective_entries.count() == 1


def test_a_closed_lot_owes_what_it_owed():
    award = LotFactory(closed=True).awards.get()
    with pytest.raises(Conflict, match="soldé"):
        amend(award, 10)
    with pytest.raises(Conflict, match="soldé"):
        award_lot(lot=award.lot, company=CompanyFactory(), by=author())


def test_subcontractors_are_of_any_depth():
    first = AwardFactory(subcontractor=True)
    second = AwardFactory(lot=first.lot, role=AwardRole.SUBCONTRACTOR, parent=first, hours_minimum=None)
    third = AwardFactory(lot=first.lot, role=AwardRole.SUBCONTRACTOR, parent=second, hours_minimum=None)
    rows = tree_of(list(first.lot.awards.all()))
    assert [(row.award, row.depth) for row in rows] == [(first.parent, 0), (first, 1), (second, 2), (third, 3)]


@pytest.mark.parametrize(("role", "accepted"), [(AwardRole.LEAD, True), (AwardRole.MEMBER, False)])
def test_the_lead_says_what_its_grouping_is(role, accepted):
    lot, fields = LotFactory(calibrated=True), {"role": role, "grouping": "several", "hours_minimum": 10}
    if accepted:
        assert AwardFactory(lot=lot, **fields).get_grouping_display() == "Solidaire"
        return
    with pytest.raises(ValidationError, match="s’indique sur le mandataire"):
        AwardFactory(lot=lot, **fields)


def test_an_award_keeps_its_company_and_its_hours_when_it_changes():
    award, other = AwardFactory(), CompanyFactory()
    award.company, award.hours_minimum, award.intervenes_from = other, 5, date(2026, 10, 1)
    change_award(award=award, by=author())
    award.refresh_from_db()
    assert (award.company == other, award.hours_minimum, award.intervenes_from) == (False, 1000, date(2026, 10, 1))
    award.role, award.parent = AwardRole.SUBCONTRACTOR, AwardFactory(lot=award.lot, role=AwardRole.LEAD)
    with pytest.raises(DomainError, match="Un sous-traitant le reste"):
        change_award(award=award, by=author())


@pytest.mark.parametrize(
    ("hours", "kind", "reason"),
    [
        (0, "amendment", "Avenant"),
        (-10, "order", "Bon de commande"),
        (10, "neutralised", "Intempéries"),
        (10, "amendment", ""),
        (10, "gift", "Cadeau"),
        (2_000_000, "amendment", "Avenant"),
        (None, "amendment", "Avenant"),
    ],
)
def test_a_line_that_makes_no_sense_leaves_nothing(hours, kind, reason):
    award = AwardFactory()
    with pytest.raises(ValidationError):
        amend(award, hours, kind, reason)
    assert award.objective_entries.count() == 1
    assert required(award.lot) == 1000


def test_a_line_says_who_decided_it():
    officer = UserFactory()
    entry = add_objective(
        award=AwardFactory(), kind="amendment", hours=5, effective_on=DAY, reason="Avenant", by=officer
    )
    assert (entry.decided_by, entry.decided_at is not None) == (officer, True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE markets_objectiveentry SET hours = 1 WHERE id = %s",
        "UPDATE markets_objectiveentry SET reason = 'x' WHERE id = %s",
        "DELETE FROM markets_objectiveentry WHERE id = %s",
    ],
)
def test_the_ledger_only_grows_even_from_raw_sql(sql):
    entry = AwardFactory().objective_entries.get()
    with refused("23R01"):
        execute(sql, entry.pk)
    assert ObjectiveEntry.objects.get(pk=entry.pk).hours == 1000


def test_the_ledger_only_grows_even_from_the_orm():
    entry = AwardFactory().objective_entries.get()
    with refused("23R01"):
        entry.delete()
    with refused("23R01"):
        ObjectiveEntry.objects.update(hours=2)


def test_the_totals_of_a_market_are_kept_by_territory(territories):
    lot = LotFactory(awarded=True, territory=territories[0])
    LotFactory(awarded=True, territory=territories[1], market=lot.market)
    LotFactory(awarded=True, territory=territories[1], market=lot.market)
    totals = MarketTotal.objects.filter(market=lot.market).values_list("territory__code", "required")
    assert dict(totals) == {"AIX": 1000, "AUBAGNE": 2000}


def test_nothing_to_shift_makes_no_row():
    lot = LotFactory()
    shift(market_id=lot.market_id, territory_id=lot.territory_id)
    assert not MarketTotal.objects.exists()


@pytest.mark.parametrize(
    ("due", "counted", "progress"), [(0, 0, None), (0, 10, None), (400, 100, 25), (300, 100, "33.33"), (100, 150, 150)]
)
def test_progress_is_computed_by_the_database(due, counted, progress):
    lot = LotFactory()
    total = MarketTotal.objects.create(
        market=lot.market, territory=lot.territory, required=due, declared=counted, counted=counted
    )
    total.refresh_from_db()
    assert total.progress == (None if progress is None else Decimal(progress))


def test_a_company_answers_for_the_hours_of_all_who_work_under_it(today):
    """Invariant 9: the ledger, the page of the company and the penalty count the same hours."""
    holder = AwardFactory()
    under = AwardFactory(subcontractor=True, lot=holder.lot, parent=holder)
    deeper = AwardFactory(subcontractor=True, lot=holder.lot, parent=under)
    for award in (holder, under, deeper):
        HoursEntryFactory(contract=EmploymentContractFactory(award=award, validated=True), declared=Decimal(100))
    assert counted_by([holder, under, deeper]) == {holder.pk: 300, under.pk: 200, deeper.pk: 100}
    assert left_to_do(holder) == 700
    assert hours_of(holder, today).counted == 300
    assert [line.counted for line in commitments(holder.company)] == [300]
