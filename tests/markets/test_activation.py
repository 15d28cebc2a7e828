"""Hours of a phase, an order or an amendment become due by a company: one line of its ledger, once (C23)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.models import Notification
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import Award, Lot, MarketTotal, ObjectiveEntry
from markets.services.awards import objective_of
from markets.services.calibration import ALREADY_DUE, activate, propose, propose_amendment, retain
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import THOUSAND_HOURS, CompanyFactory, LotFactory
from tests.factories.preparation import LotPhaseFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


@pytest.fixture
def lot():
    return LotFactory(awarded=True)


@pytest.fixture
def phase(lot):
    return LotPhaseFactory(lot=lot, kind="tranche", number="2", label="Préau")


def retained(version, hours=None):
    return retain(version=version, hours=hours or version.proposed_hours, by=author())


def for_phase(lot, phase, **more):
    return propose(lot=lot, by=author(), purpose="phase", phase=phase, **THOUSAND_HOURS | more)


def make_due(version, award=None, by=None):
    award = award or version.lot.awards.principal().first()
    return activate(version=version, award=award, effective_on=DAY, by=by or author())


def test_a_phase_becomes_due_once_affirmed(lot, phase):
    version, officer = retained(for_phase(lot, phase)), UserFactory()
    entry = make_due(version, by=officer)
    assert (entry.kind, entry.hours, entry.effective_on) == (ObjectiveKind.OPTION, 1000, DAY)
    assert (entry.reason, entry.calibration, entry.decided_by) == (
        "Tranche optionnelle 2 – Préau",
        version,
        officer,
    )
    phase.refresh_from_db()
    assert phase.affirmed_on == DAY
    assert objective_of(lot.awards.get()) == 2000
    assert MarketTotal.objects.get(market=lot.market).required == 2000


def test_an_order_and_an_amendment_become_due(lot):
    order = propose(lot=lot, by=author(), purpose="order", label="BC 7", method="flat", hours=Decimal(40))
    change = propose_amendment(lot=lot, by=author(), label="1", amount_delta=Decimal(-100_000))
    entries = [make_due(retained(version)) for version in (order, change)]
    assert [(entry.kind, entry.hours, entry.reason) for entry in entries] == [
        (ObjectiveKind.ORDER, 40, "Bon de commande n° BC 7"),
        (ObjectiveKind.AMENDMENT, -100, "Avenant n° 1"),
    ]
    assert objective_of(lot.awards.get()) == 940


def test_hours_become_due_once(lot, phase):
    version = retained(for_phase(lot, phase))
    make_due(version)
    member = Award.objects.create(lot=lot, company=CompanyFactory(), role=AwardRole.MEMBER)
    for award in (lot.awards.first(), member):
        with pytest.raises(Conflict, match=ALREADY_DUE):
            make_due(version, award)
    assert ObjectiveEntry.objects.filter(calibration=version).count() == 1


def test_what_is_due_is_not_calibrated_again(lot):
    make_due(retained(propose(lot=lot, by=author(), purpose="order", label="BC 7", method="flat", hours=40)))
    with pytest.raises(Conflict, match=ALREADY_DUE):
        propose(lot=lot, by=author(), purpose="order", label="BC 7", method="flat", hours=50)


def test_hours_are_retained_first(lot, phase):
    with pytest.raises(Conflict, match="ne sont pas retenues"):
        make_due(for_phase(lot, phase))


def test_the_last_retained_version_is_the_one(lot, phase):
    first = retained(for_phase(lot, phase))
    second = retained(for_phase(lot, phase, hourly_cost=Decimal(50)))
    with pytest.raises(Conflict, match="une version plus récente"):
        make_due(first)
    for_phase(lot, phase)
    assert make_due(second).hours == 500


def test_a_lot_is_awarded_first():
    lot = LotFactory(calibrated=True)
    version = retained(for_phase(lot, LotPhaseFactory(lot=lot)))
    with pytest.raises(Conflict, match="pas encore attribué"):
        activate(version=version, award=LotFactory(awarded=True).awards.get(), effective_on=DAY, by=author())


def test_a_settled_lot_is_left_alone(lot, phase):
    version = retained(for_phase(lot, phase))
    Lot.objects.filter(pk=lot.pk).update(state=LotState.CLOSED)
    with pytest.raises(Conflict, match="est soldé"):
        make_due(version)


def test_a_company_of_another_lot_owes_nothing(lot, phase):
    version = retained(for_phase(lot, phase))
    with pytest.raises(DomainError, match="pas sur ce lot"):
        make_due(version, LotFactory(awarded=True).awards.get())


def test_a_subcontractor_owes_nothing(lot, phase):
    version = retained(for_phase(lot, phase))
    holder = lot.awards.get()
    sub = Award.objects.create(lot=lot, company=CompanyFactory(), role=AwardRole.SUBCONTRACTOR, parent=holder)
    with pytest.raises(DomainError, match="pas d’objectif propre"):
        make_due(version, sub)
    phase.refresh_from_db()
    assert phase.affirmed_on is None


def test_firm_hours_are_those_of_the_award(lot):
    with pytest.raises(DomainError, match="celles de l’attribution"):
        make_due(lot.calibrations.get())


def test_an_objective_never_becomes_negative(lot):
    version = retained(propose_amendment(lot=lot, by=author(), label="1", amount_delta=Decimal(-1_100_000)))
    with pytest.raises(DomainError, match="deviendrait négatif"):
        make_due(version)


def test_the_facilitators_are_told(today, territory, convention, as_role):
    lot = LotFactory(awarded=True, territory=territory, market__number="M")
    facilitator = as_role("facilitator").user
    version = retained(propose(lot=lot, by=author(), purpose="order", label="BC 7", method="flat", hours=40))
    Notification.objects.all().delete()
    make_due(version)
    row = Notification.objects.get()
    assert (row.recipient, row.text) == (
        facilitator,
        f"Heures inscrites à l’objectif : marché M, lot {lot.number}.",
    )
