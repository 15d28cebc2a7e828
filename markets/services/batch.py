"""The same act on several lots: one transaction, each lot answering for itself, and a rehearsal that writes nothing."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import Conflict, DomainError
from markets.enums import LotState
from markets.models import ClauseDecision, Lot
from markets.services import clause
from markets.services.opinion import ask_opinion

MOST_LOTS = 100
TOO_MANY = f"Choisissez {MOST_LOTS} lots au plus à la fois."
NONE_CHOSEN = "Choisissez au moins un lot."


@dataclass(frozen=True)
class Line:
    """What was done to a lot, or why nothing was."""

    lot: Lot
    done: bool
    text: str


def decide_many(*, lots, by, rehearsal=False, **choice):
    """Take the same decision on these lots (see `decide_clause`). Returns [Line] in the order of the lots.

    Those that refuse are left as they are; `rehearsal` says what would happen and writes nothing.
    Raises DomainError when no lot is given, or more than a hundred.
    """
    batch = uuid.uuid4()

    def decide(lot):
        decision = clause.decide_clause(lot=lot, by=by, batch=batch, **choice)
        return said_of(decision)

    return _for_each(lots, decide, rehearsal)


def ask_many(*, lots, by, rehearsal=False):
    """Ask the facilitators' opinion on these lots. Returns [Line], as `decide_many` does."""

    def ask(lot):
        opinion = ask_opinion(lot=lot, by=by)
        names = ", ".join(person["name"] for person in opinion.consulted)
        return f"Avis demandé à {names}." if names else "Personne à consulter : la demande est gardée comme preuve."

    return _for_each(lots, ask, rehearsal)


def undo_batch(*, batch, by):
    """Cancel the decisions taken together, as far as each still can be. Returns [Line].

    Raises Conflict when none is left under this number.
    """
    decisions = ClauseDecision.objects.filter(batch=batch, decided_by=by, batch__isnull=False)
    decisions = list(decisions.select_related("lot__market"))
    if not decisions:
        raise Conflict("Ces décisions ne peuvent plus être annulées ensemble.")

    def undo(lot):
        clause.undo(lot=lot, by=by)
        return "Décision annulée."

    return _for_each([decision.lot for decision in decisions], undo, rehearsal=False)


def said_of(decision):
    """One sentence on a decision that has just been taken."""
    if decision.lot.state == LotState.AWAITING_VISA:
        return "Sans clause, visa juridique demandé."
    if decision.legal_basis:
        return f"Clause retenue : {decision.get_legal_basis_display()}."
    other = f", avec une autre considération : {decision.get_nature_display().lower()}" if decision.nature else ""
    return f"Sans clause{other}."


@transaction.atomic
def _for_each(lots, act, rehearsal):
    lots = list(lots)
    if not lots:
        raise DomainError(NONE_CHOSEN)
    if len(lots) > MOST_LOTS:
        raise DomainError(TOO_MANY)
    # always in the same order: two batches that share lots wait for each other instead of blocking each other
    lines = {lot.pk: _try(lot, act) for lot in sorted(lots, key=lambda lot: lot.pk)}
    if rehearsal:
        transaction.set_rollback(True)
    return [lines[lot.pk] for lot in lots]


def _try(lot, act):
    try:
        with refusals():
            return Line(lot, True, act(lot))
    except ValidationError as error:
        return Line(lot, False, " ".join(error.messages))
    except (DomainError, Conflict) as error:
        return Line(lot, False, error.message)
