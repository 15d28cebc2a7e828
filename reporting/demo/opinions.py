"""The facilitators consulted before each decision, in time or not (C3), and the référents of the lots (C13)."""

from datetime import timedelta

from clauses_portal.core.working_days import due_after_weeks
from markets.enums import Adequacy, LotState, OpinionOutcome
from markets.models import FacilitatorOpinion, ReferentAssignment
from markets.services.opinion import ask_opinion, give_opinion
from reporting.demo.calendar import at
from reporting.demo.history import backdate, create_many

WORDS = {
    OpinionOutcome.FAVOURABLE: "Métiers accessibles à nos publics ; trois structures peuvent proposer des candidats.",
    OpinionOutcome.RESERVED: "Recrutement possible après une préparation : prévoir un délai avant le démarrage.",
    OpinionOutcome.UNFAVOURABLE: "Aucun public préparé à ces métiers sur le territoire à cette période.",
}
# Lots still to be decided: one in four was not asked about yet, one in four answered, the others are awaited.
NOT_ASKED, ANSWERED = 0, 1


def name_referents(world, sites):
    """The facilitator of each territory is the référent of its lots, since they are known."""
    rows = []
    for site in sites:
        since = min(world.calendar.day(site.start - 9, 8), world.calendar.ago(10))
        row = ReferentAssignment(
            lot=site.lot,
            referent=world.facilitators[site.lot.territory.code],
            valid_from=since,
            assigned_at=at(since),
            assigned_by=world.officer,
        )
        row._history_date = at(since)
        rows.append(row)
    world.made["référents désignés"] = len(create_many(rows, by=world.officer))


def consult(world, sites):
    """Ask about every lot that was submitted, and answer as a busy facilitator does."""
    for rank, site in enumerate(sites):
        waiting = site.state == LotState.TO_REVIEW
        if site.state == LotState.PROGRAMMED or (waiting and rank % 4 == NOT_ASKED):
            continue
        opinion = ask_opinion(lot=site.lot, by=world.officer)
        asked = _asked_on(world, site, rank, waiting)
        stamps = {"asked_at": at(asked), "due_on": due_after_weeks(asked, 4)}
        if not waiting or rank % 4 == ANSWERED:
            opinion = _answer(world, site, opinion, rank)
            stamps["given_at"] = at(min(asked + timedelta(days=9 + rank % 7), world.calendar.ago(1)))
        FacilitatorOpinion.objects.filter(pk=opinion.pk).update(**stamps)
        backdate(opinion, asked)
        world.made["avis demandés"] += 1


def _asked_on(world, site, rank, waiting):
    """Those awaited were asked from some days to five weeks ago: the last ones are beyond their term."""
    if waiting:
        return world.calendar.ago(5 + (rank * 7) % 33)
    return min(world.calendar.day(site.start - 9, 6), world.calendar.ago(30))


def _answer(world, site, opinion, rank):
    outcome = OpinionOutcome.FAVOURABLE
    if site.state in {LotState.SET_ASIDE, LotState.AWAITING_VISA}:
        outcome = OpinionOutcome.UNFAVOURABLE
    elif rank % 5 == 0:
        outcome = OpinionOutcome.RESERVED
    return give_opinion(
        opinion=opinion,
        outcome=outcome,
        adequacy=Adequacy.WEAK if outcome == OpinionOutcome.UNFAVOURABLE else Adequacy.GOOD,
        candidates=rank % 9 + 3,
        suppliers=rank % 6 + 1,
        text=WORDS[outcome],
        by=world.facilitators[site.lot.territory.code],
    )
