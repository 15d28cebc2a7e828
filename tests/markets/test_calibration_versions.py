"""What hours are for: firm period, phases, orders, amendments; versions that replace each other, opinions, returns."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.calibration import CalibrationError
from markets.enums import LotState, ObjectiveKind
from markets.models import Calibration, CalibrationMethod, Lot, LotPhase
from markets.services.awards import objective_of
from markets.services.calibration import (
    ALREADY_DUE,
    LONGEST_RETURN,
    NOT_AWARDED,
    amendment_parameters,
    propose,
    propose_amendment,
    retain,
    return_to_facilitator,
)
from markets.services.clause import reopen
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import THOUSAND_HOURS, LotFactory
from tests.factories.preparation import LotPhaseFactory
from tests.support.pages import tidy

pytestmark = pytest.mark.django_db

PACT = {
    "method": "pact",
    "amount": Decimal(600_000),
    "months": 48,
    "transferable_monthly_hours": Decimal(480),
    "insertion_rate": Decimal("0.1"),
    "ratio": Decimal(25),
}
PER_STEP = {"method": "per_step", "step_amount": Decimal(1000), "hours_per_step": Decimal(1)}


@pytest.fixture
def lot():
    return LotFactory(retained=True)


@pytest.fixture
def awarded():
    return LotFactory(awarded=True)


def propose_thousand(lot, **more):
    return propose(lot=lot, by=author(), **THOUSAND_HOURS | more)


def order(lot, number="BC 7", amount=84_000):
    return propose(lot=lot, by=author(), purpose="order", label=number, invoiced_amount=Decimal(amount), **PER_STEP)


def amendment(lot, change, number="1", **more):
    return propose_amendment(lot=lot, by=author(), label=number, amount_delta=Decimal(change), **more)


def waiting():
    return list(Calibration.objects.to_retain().order_by("version"))


def told():
    return list(Notification.objects.order_by("pk").values_list("recipient__email", "text", "path"))


def test_the_settings_of_a_computation_are_kept(lot):
    version = propose_thousand(lot, rounding="35", floor_hours=150, comment="Deux chantiers voisins.")
    kept = version.computation
    assert (kept.method, kept.rounding, kept.floor_hours) == ("standard", "35", 150)
    assert kept.explanation[-1] == "Observation du facilitateur : Deux chantiers voisins."
    assert version.proposed_hours == 1015


def test_yes_or_no_is_kept_as_itself(awarded):
    version = propose(
        lot=awarded,
        by=author(),
        purpose="order",
        label="BC 7",
        invoiced_amount=84_500,
        whole_steps=False,
        **PER_STEP,
    )
    assert version.computation.parameters["whole_steps"] is False
    assert version.computation.raw_hours == Decimal("84.5")


def test_a_later_version_replaces_the_proposals_of_its_object_only(lot):
    phase = LotPhaseFactory(lot=lot)
    propose_thousand(lot)
    of_the_phase = propose_thousand(lot, purpose="phase", phase=phase)
    last = propose_thousand(lot, hourly_cost=30)
    assert waiting() == [of_the_phase, last]


def test_what_no_longer_concerns_a_lot_waits_for_nobody(lot):
    propose_thousand(lot)
    assert len(waiting()) == 1
    reopen(lot=lot, by=author())
    assert waiting() == []


def test_an_opinion_says_why_there_is_no_clause(lot):
    version = propose(lot=lot, by=author(), opinion=True, **PACT)
    assert version.proposed_hours == 0
    assert version.computation.raw_hours == Decimal(96)
    assert tidy(version.computation.explanation[-1]) == "Sous le plancher de 150 h : pas de clause."
    assert waiting() == [version]


def test_without_being_asked_for_no_opinion_is_kept(lot):
    with pytest.raises(DomainError, match="pas assez d’heures.*Sous le plancher de 150"):
        propose(lot=lot, by=author(), **PACT)
    assert not Calibration.objects.exists()


def test_an_opinion_is_never_retained(lot):
    version = propose(lot=lot, by=author(), opinion=True, **PACT)
    with pytest.raises(DomainError, match="reprenez la décision"):
        retain(version=version, hours=100, gap_reason="Malgré tout.", by=author())
    assert Lot.objects.get(pk=lot.pk).state == LotState.RETAINED


def test_an_opinion_is_for_the_firm_period(lot):
    phase = LotPhaseFactory(lot=lot)
    with pytest.raises(DomainError, match="pas assez d’heures"):
        propose(lot=lot, by=author(), purpose="phase", phase=phase, opinion=True, **PACT)


def test_retaining_a_phase_leaves_the_lot_where_it_is(lot):
    version = propose_thousand(lot, purpose="phase", phase=LotPhaseFactory(lot=lot))
    retain(version=version, hours=1000, by=author())
    assert Lot.objects.get(pk=lot.pk).state == LotState.RETAINED
    assert version.lot.calibrations.firm().count() == 0


def test_a_phase_belongs_to_its_lot(lot):
    with pytest.raises(DomainError, match="un autre lot"):
        propose_thousand(lot, purpose="phase", phase=LotPhaseFactory())


def test_an_affirmed_phase_is_not_calibrated_again(lot):
    phase = LotPhaseFactory(lot=lot, affirmed_on="2026-09-01")
    with pytest.raises(Conflict, match=ALREADY_DUE):
        propose_thousand(lot, purpose="phase", phase=LotPhase.objects.get(pk=phase.pk))


def test_an_order_comes_after_the_award(lot, awarded):
    with pytest.raises(Conflict, match=NOT_AWARDED):
        order(lot)
    assert order(awarded).proposed_hours == 84


def test_an_order_has_its_number(awarded):
    with pytest.raises(ValidationError, match="numéro du bon de commande"):
        order(awarded, number="")


def test_two_orders_are_two_objects(awarded):
    versions = [order(awarded), order(awarded, "BC 8"), order(awarded, amount=90_000)]
    assert waiting() == versions[1:]


def test_an_amendment_uses_the_parameters_of_the_retained_hours(awarded):
    version = amendment(awarded, 100_000)
    assert version.proposed_hours == 100
    assert version.computation.parameters == {
        "amount_delta": "100000",
        "labour_share": "0.5",
        "insertion_rate": "0.05",
        "hourly_cost": "25",
    }


def test_an_amendment_may_take_hours_away(awarded):
    version = retain(version=amendment(awarded, -100_000), hours=-90, gap_reason="Arrondi.", by=author())
    assert (version.proposed_hours, version.retained_hours) == (-100, -90)


def test_an_amendment_that_changes_nothing_is_not_proposed(awarded):
    for change in (0, 400, -400):
        with pytest.raises(DomainError, match="ne change pas les heures"):
            amendment(awarded, change)


def test_a_ratio_is_a_cost_over_a_share():
    lot = LotFactory(retained=True)
    pact = PACT | {"transferable_monthly_hours": Decimal(300)}
    retain(version=propose(lot=lot, by=author(), **pact), hours=960, by=author())
    assert amendment_parameters(lot) == {"labour_share": "1", "insertion_rate": "0.1", "hourly_cost": "25"}


def test_hours_without_a_formula_give_no_parameters():
    lot = LotFactory(retained=True)
    assert amendment_parameters(lot) == {}
    retain(version=propose(lot=lot, by=author(), method="flat", hours=500), hours=500, by=author())
    assert amendment_parameters(lot) == {}
    with pytest.raises(Conflict, match=NOT_AWARDED):
        amendment(lot, 100_000)


def test_an_amendment_of_hours_without_a_formula_asks_for_one():
    lot = LotFactory(retained=True)
    retain(version=propose(lot=lot, by=author(), method="flat", hours=500), hours=500, by=author())
    Lot.objects.filter(pk=lot.pk).update(state=LotState.AWARDED)
    given = {name: value for name, value in THOUSAND_HOURS.items() if name != "amount"}
    assert amendment(lot, 100_000, **given).proposed_hours == 100


def test_nonsense_proposes_nothing(awarded):
    with pytest.raises(CalibrationError):
        amendment(awarded, "1e99")
    assert awarded.calibrations.count() == 1


def test_a_proposal_goes_back_with_what_is_to_be_done(lot):
    version = return_to_facilitator(version=propose_thousand(lot), reason="Taux trop bas.", by=author())
    assert waiting() == []
    note = CalibrationMethod.history.filter(calibration=version).first()
    assert (note.history_change_reason, note.history_user) == ("Renvoi : Taux trop bas.", author())
    again = propose_thousand(lot, hourly_cost=30)
    assert waiting() == [again]


def test_what_went_back_may_still_be_retained(lot):
    version = return_to_facilitator(version=propose_thousand(lot), reason="À revoir.", by=author())
    assert retain(version=version, hours=1000, by=author()).retained_hours == 1000


def test_a_proposal_goes_back_once_and_for_a_reason(lot):
    version = propose_thousand(lot)
    for reason in ("", "  ", "x" * (LONGEST_RETURN + 1)):
        with pytest.raises(DomainError, match="ce qui est à revoir"):
            return_to_facilitator(version=version, reason=reason, by=author())
    return_to_facilitator(version=version, reason="x" * LONGEST_RETURN, by=author())
    with pytest.raises(Conflict, match="déjà renvoyé"):
        return_to_facilitator(version=version, reason="Encore.", by=author())


def test_what_is_retained_or_replaced_does_not_go_back(lot):
    first = propose_thousand(lot)
    second = propose_thousand(lot)
    retain(version=second, hours=1000, by=author())
    for version in (first, second):
        with pytest.raises(Conflict, match="n’est plus le dernier"):
            return_to_facilitator(version=version, reason="À revoir.", by=author())


def test_both_sides_are_told_without_a_figure(today, territory, convention):
    lot = LotFactory(territory=territory, retained=True, market__number="M")
    mission, facilitator = UserFactory(), UserFactory()
    grant(user=mission, role=Role.MISSION_OFFICER, by=None)
    grant(user=facilitator, role=Role.FACILITATOR, territory=territory, by=None)
    Notification.objects.all().delete()
    first = propose(lot=lot, by=facilitator, **THOUSAND_HOURS)
    return_to_facilitator(version=first, reason="Taux à 7 %.", by=mission)
    second = propose(lot=lot, by=facilitator, **THOUSAND_HOURS)
    retain(version=second, hours=1000, by=mission)
    place = f"marché M, lot {lot.number}."
    assert told() == [
        (mission.email, f"Calibrage proposé : {place}", f"/calibrages/{first.pk}/retenir/"),
        (facilitator.email, f"Calibrage à revoir : {place}", f"/lots/{lot.pk}/"),
        (mission.email, f"Calibrage proposé : {place}", f"/calibrages/{second.pk}/retenir/"),
        (facilitator.email, f"Heures retenues : {place}", f"/lots/{lot.pk}/"),
    ]


def test_the_hours_of_the_firm_period_alone_are_given_to_the_holder(awarded):
    holder = awarded.awards.get()
    retain(version=order(awarded), hours=84, by=author())
    assert objective_of(holder) == 1000
    assert holder.objective_entries.get().kind == ObjectiveKind.INITIAL
