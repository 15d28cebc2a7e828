"""What the pages of penalties show: the life of a case, the cases of a lot."""

from dataclasses import dataclass
from datetime import date

from clauses_portal.core import french
from markets.enums import PenaltyState
from markets.models import PenaltyCase


@dataclass(frozen=True)
class Step:
    """A step of a case: the day, what, by whom (« » when nobody signs it), and what was written."""

    on: date
    what: str
    who: str = ""
    text: str = ""


def steps_of(case):
    """The life of a case, from the finding to the decision."""
    steps = [Step(case.found_on, "Constat", str(case.proposed_by), case.facts)]
    if case.notice_sent_on:
        due = f"Observations attendues le {french.date(case.answer_due_on)}."
        steps.append(Step(case.notice_sent_on, "Mise en demeure", "", due))
    if case.observed_on:
        text = case.observations or "Aucune observation reçue dans le délai."
        steps.append(Step(case.observed_on, "Observations du titulaire", "", text))
    if case.decided_at:
        what = (
            "Abandonnée" if case.state == PenaltyState.DROPPED else f"Décision : {case.get_outcome_display().lower()}"
        )
        steps.append(Step(case.decided_at, what, str(case.decided_by), case.reason))
    return steps


def penalties_of(lot, user, *, may_see):
    """[PenaltyCase] of a lot, None for those who may not see penalties."""
    if not may_see:
        return None
    cases = PenaltyCase.objects.visible_to(user).filter(award__lot=lot)
    return list(cases.select_related("award__company"))
