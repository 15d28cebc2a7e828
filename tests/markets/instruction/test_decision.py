"""« Sans clause » and the law: what is decided, what is refused, what awaits the visa, what can be cancelled."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from markets.enums import ClauseOutcome, ConsiderationNature, LegalBasis, LotState, MarketKind
from markets.legal import Duty, Exemption
from markets.models import ClauseDecision, Lot
from markets.services import batch
from markets.services.clause import (
    A_CLAUSE_INSTEAD,
    AMOUNT_FIRST,
    CRITERION_ALONE,
    MANDATORY,
    decide_clause,
    reopen,
    undo,
    undoable,
)
from markets.services.visa import NOT_AWAITED, NOT_BY_THE_SAME, give_visa
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory, MarketFinancialsFactory
from tests.factories.preparation import ClauseReviewFactory, CriteriaGridFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NO_CLAUSE = {"outcome": ClauseOutcome.NO_CLAUSE, "reason": "Fourniture pure."}
CLAUSE = {"outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.EXECUTION}
NO_LINK = {"exemption": Exemption.NO_LINK, "exemption_reason": "Aucune exécution sur place."}


def state_of(lot):
    return Lot.objects.get(pk=lot.pk).state


def told(user):
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


def lot_of(amount, *, kind=MarketKind.SERVICES, day=date(2026, 8, 21), months=12, **market):
    fields = {"kind": kind, "consultation_on": day, "duration_months": months} | market
    lot = LotFactory(**{f"market__{name}": value for name, value in fields.items()})
    MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal(amount))
    return lot


WORKS = MarketKind.WORKS


@pytest.mark.parametrize(
    ("lot", "exemption", "refusal"),
    [
        (("216000",), None, MANDATORY),
        (("216000",), Exemption.SHORT_WORKS, "Cette dérogation ne vaut que pour les marchés de travaux."),
        (("5404000", {"kind": WORKS}), None, MANDATORY),
        (("5404000", {"kind": WORKS, "months": 6}), Exemption.SHORT_WORKS, "Les travaux durent six mois ou plus"),
        (("750000", {"kind": MarketKind.SOCIAL_SERVICES}), None, MANDATORY),
        (
            ("5404000", {"kind": MarketKind.CONCESSION}),
            Exemption.IMMEDIATE_SOLUTION,
            "n’existe pas pour les concessions",
        ),
    ],
)
def test_no_clause_is_blocked_where_the_law_wants_one(lot, exemption, refusal):
    lot = lot_of(lot[0], **(lot[1] if len(lot) > 1 else {}))
    with pytest.raises(DomainError, match=refusal):
        decide_clause(
            lot=lot, by=author(), **NO_CLAUSE, exemption=exemption, exemption_reason="Motif." if exemption else ""
        )
    assert state_of(lot) == LotState.TO_REVIEW
    assert not ClauseDecision.objects.exists()


@pytest.mark.parametrize(
    ("amount", "market"),
    [
        ("215999.99", {}),
        ("216000", {"day": date(2026, 8, 20)}),
        ("216000", {"defence": True}),
        ("5403999.99", {"kind": WORKS}),
        ("749999.99", {"kind": MarketKind.SOCIAL_SERVICES}),
    ],
)
def test_below_or_outside_no_clause_needs_no_exemption(amount, market):
    lot = lot_of(amount, **market)
    decide_clause(lot=lot, by=author(), **NO_CLAUSE)
    assert state_of(lot) == LotState.SET_ASIDE


@pytest.mark.parametrize("exemption", [1, 2, 3])
def test_an_exemption_awaits_the_visa(exemption):
    lot = lot_of("216000")
    decision = decide_clause(lot=lot, by=author(), **NO_CLAUSE, exemption=exemption, exemption_reason="Motif écrit.")
    assert state_of(lot) == LotState.AWAITING_VISA
    assert (decision.duty, decision.exemption, decision.exemption_reason) == (Duty.EXEMPT, exemption, "Motif écrit.")
    assert decision.duty_article == f"L. 2112-2-1, II, {exemption}°"
    assert decision.duty_threshold == 216_000


def test_short_works_may_be_exempt():
    lot = lot_of("6000000", kind=WORKS, months=5)
    decide_clause(lot=lot, by=author(), **NO_CLAUSE, exemption=Exemption.SHORT_WORKS, exemption_reason="Cinq mois.")
    assert state_of(lot) == LotState.AWAITING_VISA


@pytest.mark.parametrize("reason", ["", "   ", "…", "-"])
def test_an_exemption_without_reason_does_not_stand(reason):
    lot = lot_of("216000")
    with pytest.raises(DomainError, match="sans motif écrit, elle ne tient pas"):
        decide_clause(lot=lot, by=author(), **NO_CLAUSE, exemption=Exemption.NO_LINK, exemption_reason=reason)


@pytest.mark.parametrize("nature", ["apprenticeship", "training", "equity", "accessibility"])
def test_another_consideration_meets_the_duty(nature):
    lot = lot_of("216000")
    decision = decide_clause(lot=lot, by=author(), **NO_CLAUSE, nature=nature)
    assert (state_of(lot), decision.nature, decision.duty) == (LotState.SET_ASIDE, nature, Duty.MANDATORY)


@pytest.mark.parametrize("nature", [ConsiderationNature.HOURS, ConsiderationNature.RESERVED])
def test_hours_or_a_reservation_are_a_clause(nature):
    with pytest.raises(DomainError, match=A_CLAUSE_INSTEAD):
        decide_clause(lot=lot_of("1"), by=author(), **NO_CLAUSE, nature=nature)


@pytest.mark.parametrize("basis", [basis for basis in LegalBasis if basis != LegalBasis.CRITERION])
def test_every_clause_answers_the_duty(basis):
    lot = lot_of("216000")
    decision = decide_clause(lot=lot, outcome=ClauseOutcome.CLAUSE, legal_basis=basis, by=author())
    reserved = basis.value.startswith("reserved")
    assert state_of(lot) == LotState.RETAINED
    assert decision.nature == (ConsiderationNature.RESERVED if reserved else ConsiderationNature.HOURS)
    assert (decision.duty, decision.duty_article) == (Duty.MANDATORY, "L. 2112-2-1, I")


def test_a_criterion_alone_does_not_answer_the_duty():
    criterion = {"outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.CRITERION}
    lot = lot_of("216000")
    with pytest.raises(DomainError, match=CRITERION_ALONE):
        decide_clause(lot=lot, by=author(), **criterion)
    decide_clause(lot=lot, by=author(), **criterion, nature=ConsiderationNature.TRAINING)
    decide_clause(lot=lot_of("215999.99"), by=author(), **criterion)


def test_an_unknown_amount_checks_nothing_and_exempts_from_nothing(lot, officer):
    with pytest.raises(DomainError, match=AMOUNT_FIRST):
        decide_clause(lot=lot, by=officer, **NO_CLAUSE, **NO_LINK)
    decision = decide_clause(lot=lot, by=officer, **NO_CLAUSE)
    assert (decision.duty, decision.duty_article, decision.duty_threshold) == ("", "", None)


def test_an_exemption_that_is_not_needed_is_not_kept():
    lot = lot_of("100000")
    decision = decide_clause(lot=lot, by=author(), **NO_CLAUSE, **NO_LINK)
    assert (state_of(lot), decision.exemption, decision.exemption_reason) == (LotState.SET_ASIDE, None, "")


def test_the_grid_of_the_day_is_kept(lot, officer):
    in_force = CriteriaGridFactory(in_force=True)
    assert decide_clause(lot=lot, by=officer, **CLAUSE).grid == in_force
    reviewed = ClauseReviewFactory(grid=CriteriaGridFactory(version=1))
    assert decide_clause(lot=reviewed.lot, by=officer, **CLAUSE).grid == reviewed.grid


def test_the_direction_is_told_of_final_decisions_only(obliged, member, officer):
    agent, legal = member(Role.DIRECTORATE_AGENT), member(Role.LEGAL_OFFICER)
    place = f"marché {obliged.market.number}, lot {obliged.number}"
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    assert (told(agent), told(legal)) == ([], [f"Visa demandé pour une dérogation : {place}."])
    give_visa(lot=obliged, granted=True, by=legal)
    assert told(agent) == [f"Sans clause : {place}."]
    assert told(officer) == [f"Visa juridique accordé : {place}."]


def test_a_visa_granted_sets_the_lot_aside(obliged, member, officer):
    legal = member(Role.LEGAL_OFFICER)
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    decision = give_visa(lot=obliged, granted=True, by=legal, note="Conforme.")
    assert state_of(obliged) == LotState.SET_ASIDE
    assert (decision.visa_granted, decision.visa_by, decision.visa_note) == (True, legal, "Conforme.")


def test_a_visa_refused_brings_the_lot_back_with_its_reason(obliged, member, officer):
    legal = member(Role.LEGAL_OFFICER)
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    with pytest.raises(ValidationError, match="ne tient pas"):
        give_visa(lot=obliged, granted=False, by=legal, note=" ")
    give_visa(lot=obliged, granted=False, by=legal, note="Le lien est établi.")
    assert state_of(obliged) == LotState.TO_REVIEW
    assert told(officer)[-1].startswith("Visa juridique refusé")
    decision = decide_clause(lot=obliged, by=officer, **CLAUSE)
    assert (decision.visa_granted, decision.visa_at, decision.exemption) == (None, None, None)


def test_the_visa_is_another_person_s(obliged, officer):
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    with pytest.raises(DomainError, match=NOT_BY_THE_SAME):
        give_visa(lot=obliged, granted=True, by=officer)


@pytest.mark.parametrize("trait", [None, "set_aside", "retained", "calibrated", "awarded", "running"])
def test_a_visa_is_only_given_where_it_is_awaited(trait):
    lot = LotFactory(**({trait: True} if trait else {}))
    with pytest.raises(Conflict, match=NOT_AWAITED):
        give_visa(lot=lot, granted=True, by=UserFactory())


def test_a_decision_that_awaits_its_visa_is_taken_up_again(obliged, officer):
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    reopen(lot=obliged, by=officer)
    assert state_of(obliged) == LotState.TO_REVIEW


@pytest.mark.parametrize("choice", [CLAUSE, NO_CLAUSE, NO_CLAUSE | NO_LINK])
def test_within_ten_minutes_a_decision_is_cancelled(obliged, officer, choice):
    if choice == NO_CLAUSE:
        choice = choice | {"nature": "training"}
    decide_clause(lot=obliged, by=officer, **choice)
    assert [decision.lot for decision in undoable(officer)] == [obliged]
    undo(lot=obliged, by=officer)
    assert state_of(obliged) == LotState.TO_REVIEW
    assert not ClauseDecision.objects.exists()
    assert ClauseDecision.history.filter(lot=obliged.pk).count() == 2
    assert list(undoable(officer)) == []


def test_the_delay_is_ten_minutes(lot, officer):
    with time_machine.travel("2026-09-15T10:00:00+02:00", tick=False) as clock:
        decide_clause(lot=lot, by=officer, **CLAUSE)
        clock.shift(timedelta(minutes=10))
        assert list(undoable(officer))
        clock.shift(timedelta(seconds=1))
        assert list(undoable(officer)) == []
        with pytest.raises(Conflict, match="dix minutes"):
            undo(lot=lot, by=officer)


def test_a_decision_is_cancelled_by_its_author_alone(lot, officer):
    decide_clause(lot=lot, by=officer, **CLAUSE)
    with pytest.raises(DomainError, match="Seule la personne"):
        undo(lot=lot, by=UserFactory())
    assert list(undoable(UserFactory())) == []


@pytest.mark.parametrize("trait", [None, "calibrated", "awarded"])
def test_what_has_moved_on_is_not_cancelled(trait):
    with pytest.raises(Conflict, match="a avancé"):
        undo(lot=LotFactory(**({trait: True} if trait else {})), by=author())


def test_a_visa_closes_the_undo(obliged, member, officer):
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    give_visa(lot=obliged, granted=True, by=member(Role.LEGAL_OFFICER))
    with pytest.raises(Conflict, match="a avancé"):
        undo(lot=obliged, by=officer)


def test_a_batch_says_what_it_did_to_each_lot(obliged, officer):
    small, decided = LotFactory(), LotFactory(retained=True)
    lines = batch.decide_many(lots=[obliged, decided, small], by=officer, **NO_CLAUSE)
    assert [(line.lot, line.done) for line in lines] == [(obliged, False), (decided, False), (small, True)]
    assert lines[0].text == MANDATORY
    assert [state_of(lot) for lot in (obliged, decided, small)] == ["to_review", "retained", "set_aside"]


def test_a_rehearsal_writes_nothing(lot, officer, member):
    agent = member(Role.DIRECTORATE_AGENT)
    lines = batch.decide_many(lots=[lot], by=officer, rehearsal=True, **CLAUSE)
    assert [(line.done, line.text) for line in lines] == [(True, "Clause retenue : Condition d’exécution (L. 2112-2).")]
    assert state_of(lot) == LotState.TO_REVIEW
    assert not ClauseDecision.objects.exists()
    assert told(agent) == []


def test_a_batch_is_cancelled_together(officer):
    lots = LotFactory.create_batch(3)
    batch.decide_many(lots=lots, by=officer, **CLAUSE)
    numbers = set(ClauseDecision.objects.values_list("batch", flat=True))
    assert len(numbers) == 1
    lines = batch.undo_batch(batch=numbers.pop(), by=officer)
    assert [line.done for line in lines] == [True] * 3
    assert {state_of(lot) for lot in lots} == {LotState.TO_REVIEW}


def test_of_a_batch_what_has_moved_on_stays(officer):
    moved, other = LotFactory.create_batch(2)
    batch.decide_many(lots=[moved, other], by=officer, **CLAUSE)
    ClauseDecision.objects.filter(lot=moved).update(decided_at=timezone.now() - timedelta(minutes=11))
    number = ClauseDecision.objects.filter(lot=other).get().batch
    lines = {line.lot: line.done for line in batch.undo_batch(batch=number, by=officer)}
    assert lines == {moved: False, other: True}


@pytest.mark.parametrize("number", [None, uuid.UUID(int=1)])
def test_no_batch_is_cancelled_under_a_number_that_is_nobody_s(officer, number):
    decide_clause(lot=LotFactory(), by=officer, **CLAUSE)
    with pytest.raises(Conflict):
        batch.undo_batch(batch=number, by=officer)


@pytest.mark.parametrize(("many", "sentence"), [(0, batch.NONE_CHOSEN), (101, batch.TOO_MANY)])
def test_a_batch_has_a_size(officer, many, sentence):
    with pytest.raises(DomainError, match=sentence):
        batch.decide_many(lots=[Lot()] * many, by=officer, **CLAUSE)
