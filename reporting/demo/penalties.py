"""Penalties of the demonstration: one proposed, one notified, one decided. Three letters are laid out, some seconds."""

from decimal import Decimal

from markets.enums import PenaltyBasis, PenaltyOutcome
from markets.services.penalties import (
    decide_penalty,
    hours_of,
    propose_penalty,
    record_observations,
    send_notice,
)
from reporting.demo.calendar import at
from reporting.demo.history import backdate

BREACH = "Heures d’insertion non réalisées"
FACTS = (
    "Le rythme des heures comptabilisées ne permet plus d’atteindre l’objectif. Deux relances écrites sont restées "
    "sans plan de rattrapage."
)
OBSERVATIONS = (
    "Trois candidats ont été reçus, un recruté. Le démarrage du lot a été repoussé de six semaines par les intempéries."
)
REASON = "Les diligences sont établies pour une partie des heures : la pénalité est réduite de moitié."
FOUND, NOTIFIED, HEARD = 70, 45, 20  # days ago


def seed_penalties(world, sites):
    """Open three cases on the lots under way that miss the most hours, led as far as each goes."""
    day = world.calendar.ago(FOUND)
    missing = {award: hours_of(award, day).missing for site in sites if site.is_going_on for award in site.awards}
    worst = sorted((award for award in missing if missing[award] and not award.parent_id), key=lambda a: -missing[a])
    for award, steps in zip(worst, ((), (_notify,), (_notify, _decide)), strict=False):
        case = propose_penalty(
            award=award,
            breach=BREACH,
            facts=FACTS,
            found_on=day,
            basis=PenaltyBasis.PER_HOUR,
            tariff=Decimal(50),
            by=world.facilitators[award.lot.territory.code],
        )
        backdate(case, day, proposed_at=at(day))
        for step in steps:
            step(world, case)
        world.made["pénalités"] += 1


def _notify(world, case):
    send_notice(case=case, sent_on=world.calendar.ago(NOTIFIED), working_days=15, by=world.legal_officer)


def _decide(world, case):
    record_observations(
        case=case, observations=OBSERVATIONS, observed_on=world.calendar.ago(HEARD), by=world.legal_officer
    )
    half = (case.due_euros / 2).quantize(Decimal("0.01"))
    decide_penalty(case=case, outcome=PenaltyOutcome.REDUCED, euros=half, reason=REASON, by=world.legal_officer)
