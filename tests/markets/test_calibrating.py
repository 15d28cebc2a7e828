"""The facilitator proposes hours, the Département retains them, every version stays."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.calibration import CalibrationError
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import Award, Calibration, CalibrationMethod, Lot, MarketTotal
from markets.services.awards import objective_of
from markets.services.calibration import ALREADY_AWARDED, NOT_RETAINED, OVER, propose, retain
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import THOUSAND_HOURS, CompanyFactory, LotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return LotFactory(retained=True)


def propose_thousand(lot, **changes):
    return propose(lot=lot, by=author(), **THOUSAND_HOURS | changes)


def holder(lot, role=AwardRole.HOLDER):
    """A company known before the calibration, as an import leaves it: no hours yet."""
    return Award.objects.create(lot=lot, company=CompanyFactory(), role=role)


def test_a_proposal_keeps_hours_here_and_their_method_apart(lot):
    facilitator = UserFactory()
    version = propose(lot=lot, by=facilitator, **THOUSAND_HOURS)
    assert (version.version, version.proposed_hours, version.proposed_by) == (1, 1000, facilitator)
    assert version.retained_hours is None
    method = CalibrationMethod.objects.get(calibration=version)
    assert method.raw_hours == Decimal(1000)
    assert method.parameters == {name: str(value) for name, value in THOUSAND_HOURS.items()}
    assert len(method.explanation) == 4


def test_each_proposal_is_a_version(lot):
    versions = [propose_thousand(lot), propose_thousand(lot, hourly_cost=30)]
    assert [(version.version, version.proposed_hours) for version in versions] == [(1, 1000), (2, 833)]


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({}, NOT_RETAINED),
        ({"set_aside": True}, NOT_RETAINED),
        ({"awarded": True}, ALREADY_AWARDED),
        ({"running": True}, ALREADY_AWARDED),
        ({"closed": True}, OVER),
    ],
)
def test_only_a_retained_lot_is_calibrated(traits, sentence):
    lot = LotFactory(**traits)
    before = Calibration.objects.count()
    with pytest.raises(Conflict, match=sentence):
        propose_thousand(lot)
    assert Calibration.objects.count() == before


def test_nonsense_leaves_nothing(lot):
    with pytest.raises(CalibrationError):
        propose_thousand(lot, hourly_cost=0)
    with pytest.raises(DomainError, match="pas assez d’heures"):
        propose_thousand(lot, floor_hours=1001)
    assert not Calibration.objects.exists()


def test_retaining_what_was_proposed_needs_no_reason(lot):
    officer = UserFactory()
    version = retain(version=propose_thousand(lot), hours=1000, by=officer)
    assert (version.retained_hours, version.retained_by) == (1000, officer)
    assert Lot.objects.get(pk=lot.pk).state == LotState.CALIBRATED


def test_a_gap_is_explained(lot):
    version = propose_thousand(lot)
    with pytest.raises(ValidationError, match="Expliquez l’écart"):
        retain(version=version, hours=800, by=author())
    assert Lot.objects.get(pk=lot.pk).state == LotState.RETAINED
    retained = retain(version=version, hours=800, gap_reason="Tissu d’entreprises fragile.", by=author())
    assert (retained.proposed_hours, retained.retained_hours) == (1000, 800)


@pytest.mark.parametrize("hours", [0, -1, 1_000_001])
def test_absurd_hours_are_not_retained(lot, hours):
    with pytest.raises(ValidationError):
        retain(version=propose_thousand(lot), hours=hours, gap_reason="Essai.", by=author())


def test_only_the_latest_version_is_retained(lot):
    first = propose_thousand(lot)
    second = propose_thousand(lot, hourly_cost=30)
    with pytest.raises(Conflict, match="n’est plus le dernier"):
        retain(version=first, hours=1000, by=author())
    retain(version=second, hours=833, by=author())
    with pytest.raises(Conflict, match="déjà retenu"):
        retain(version=second, hours=833, by=author())


def test_a_calibrated_lot_may_be_calibrated_again(lot):
    retain(version=propose_thousand(lot), hours=1000, by=author())
    retain(version=propose_thousand(lot, hourly_cost=30), hours=833, by=author())
    assert Lot.objects.get(pk=lot.pk).state == LotState.CALIBRATED
    assert list(lot.calibrations.order_by("version").values_list("retained_hours", flat=True)) == [1000, 833]


def test_the_single_holder_known_beforehand_receives_the_hours(lot):
    award = holder(lot)
    retain(version=propose_thousand(lot), hours=1000, by=author())
    award.refresh_from_db()
    assert award.hours_minimum == 1000
    assert award.objective_entries.get().kind == ObjectiveKind.INITIAL
    assert Lot.objects.get(pk=lot.pk).state == LotState.AWARDED
    assert MarketTotal.objects.get(market=lot.market).required == 1000


def test_the_shares_of_several_companies_are_not_guessed(lot):
    awards = [holder(lot, AwardRole.LEAD), holder(lot, AwardRole.MEMBER)]
    retain(version=propose_thousand(lot), hours=1000, by=author())
    assert [objective_of(award) for award in awards] == [0, 0]
    assert Lot.objects.get(pk=lot.pk).state == LotState.AWARDED
    assert not MarketTotal.objects.exists()


def test_a_subcontractor_does_not_make_several_companies(lot):
    award = holder(lot)
    Award.objects.create(lot=lot, company=CompanyFactory(), role=AwardRole.SUBCONTRACTOR, parent=award)
    retain(version=propose_thousand(lot), hours=1000, by=author())
    assert objective_of(award) == 1000
