"""What the page of a lot says of its instruction: the law, the opinion, the decision, its declaration, its trail."""

from dataclasses import dataclass

from markets.declared import contradiction, labels, to_declare
from markets.enums import LotState
from markets.models import ClauseDecision, ClauseReview
from markets.services import clause
from markets.services.duty import LotDuty, duty_of
from markets.services.opinion import Clock, clocks_of
from markets.trail import Event, trail_of

UNDECIDED = {LotState.PROGRAMMED, LotState.TO_REVIEW, LotState.AWAITING_VISA}


@dataclass(frozen=True)
class LotInstruction:
    """`duty` and its text are None and « » once the decision is final: the decision keeps those of its day."""

    duty: LotDuty | None
    duty_text: str
    clock: Clock
    review: ClauseReview | None
    declared: str
    contradiction: str
    may_undo: bool
    trail: list[Event]


def instruction_of(lot, user, *, may_see_amounts):
    """The LotInstruction of a lot (with its market and decision) as this account may see it."""
    decision = getattr(lot, "decision", None)
    duty = duty_of(lot) if lot.state in UNDECIDED else None
    final = decision if decision and lot.state not in UNDECIDED else None
    return LotInstruction(
        duty=duty,
        duty_text=duty.explanation(may_see_amounts=may_see_amounts) if duty else "",
        clock=clocks_of([lot])[lot.pk],
        review=ClauseReview.objects.visible_to(user).filter(lot=lot).first(),
        declared=labels(to_declare(final), lot.market.kind) if final else "",
        contradiction=_contradiction(lot.market) if final else "",
        may_undo=bool(decision) and decision.decided_by_id == user.pk and lot.pk in _undoable(user),
        trail=trail_of(lot),
    )


def _contradiction(market):
    """Whether the declaration of the market agrees with the decisions on its lots; nothing is read when it has none."""
    if not market.social_considerations:
        return ""
    lots = dict(market.lots.values_list("pk", "state"))
    decided = [pk for pk, state in lots.items() if state not in UNDECIDED]
    decisions = list(ClauseDecision.objects.filter(lot__in=decided))
    return contradiction(market, decisions, all_decided=len(decisions) == len(lots))


def _undoable(user):
    return set(clause.undoable(user).values_list("lot", flat=True))
