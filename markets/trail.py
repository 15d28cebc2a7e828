"""The trail of a lot before its award: who did what and when, in one list, nothing confidential in it (C1, C3)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from clauses_portal.core import french
from markets.enums import LotState
from markets.legal import Exemption
from markets.models import ClauseDecision, ClauseReview, FacilitatorOpinion
from markets.services.opinion import NOBODY

TAKEN_UP_AGAIN = "Décision reprise : le lot revient à l’instruction."
# {(from, to): sentence} of the changes of state that the other rows do not tell
MOVES = {
    (LotState.PROGRAMMED, LotState.TO_REVIEW): "Avant-projet soumis à l’instruction.",
    (LotState.TO_REVIEW, LotState.PROGRAMMED): "Avant-projet renvoyé à la direction pour être complété.",
    (LotState.RETAINED, LotState.TO_REVIEW): TAKEN_UP_AGAIN,
    (LotState.SET_ASIDE, LotState.TO_REVIEW): TAKEN_UP_AGAIN,
    (LotState.AWAITING_VISA, LotState.TO_REVIEW): TAKEN_UP_AGAIN,
    (LotState.RETAINED, LotState.CALIBRATED): "Heures du lot retenues.",
    (LotState.CALIBRATED, LotState.AWARDED): "Lot attribué.",
}


@dataclass(frozen=True)
class Event:
    """Something that happened to the lot: `who` is the account's name, « » when nobody is known."""

    at: datetime
    who: str
    text: str
    detail: str = ""


def trail_of(lot):
    """[Event] of a lot, the oldest first. Four queries."""
    decisions = ClauseDecision.history.filter(lot=lot.pk).select_related("history_user", "decided_by", "visa_by")
    events = [_decision(row) for row in decisions.order_by("history_date", "history_id")]
    events += _moves(lot) + _opinions(lot) + _reviews(lot)
    return sorted(events, key=lambda event: event.at)


def _decision(row):
    if row.history_type == "-":
        return Event(row.history_date, _name(row.history_user), "Décision annulée par son auteur.")
    if row.visa_at:
        word = "accordé" if row.visa_granted else "refusé"
        return Event(row.visa_at, _name(row.visa_by), f"Visa juridique {word}.", row.visa_note)
    when, who = row.decided_at or row.history_date, _name(row.decided_by or row.history_user)
    if row.exemption:
        text = f"Sans clause, dérogation invoquée : {Exemption(row.exemption).label}. Visa juridique demandé."
        return Event(when, who, text, row.exemption_reason)
    basis = f" : {row.get_legal_basis_display()}" if row.legal_basis else ""
    other = "" if row.legal_basis or not row.nature else f", autre considération : {row.get_nature_display()}"
    return Event(when, who, f"{row.get_outcome_display()}{basis}{other}.", row.reason)


def _moves(lot):
    """Changes of state; those that carry a reason (undo, visa refused) are told by the history of the decision."""
    rows = list(lot.history.select_related("history_user").order_by("history_date", "history_id"))
    return [
        Event(after.history_date, _name(after.history_user), MOVES[before.state, after.state])
        for before, after in pairwise(rows)
        if (before.state, after.state) in MOVES and not after.history_change_reason
    ]


def _opinions(lot):
    events = []
    for row in FacilitatorOpinion.objects.filter(lot=lot).select_related("asked_by", "given_by"):
        names = ", ".join(person["name"] for person in row.consulted)
        asked = f"Avis demandé à {names}, attendu le {french.date(row.due_on)}." if names else NOBODY
        events.append(Event(row.asked_at, _name(row.asked_by), asked))
        if row.given_at:
            adequacy = f"Adéquation des publics : {row.get_adequacy_display().lower()}. " if row.adequacy else ""
            text = f"Avis {row.get_outcome_display().lower()}."
            events.append(Event(row.given_at, _name(row.given_by), text, adequacy + row.text))
    return events


def _reviews(lot):
    rows = ClauseReview.objects.filter(lot=lot, reviewed_at__isnull=False).select_related("reviewed_by", "grid")
    return [Event(row.reviewed_at, _name(row.reviewed_by), f"Instruction enregistrée ({row.grid}).") for row in rows]


def _name(person):
    return str(person) if person else ""
