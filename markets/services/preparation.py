"""From the avant-projet to the instruction (C6): phases, documents of the consultation, submitting, sending back."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.french import NBSP
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.completeness import completeness
from markets.enums import Source
from markets.models import DceDocument, Market
from markets.services.amounts import known_amounts
from markets.services.markets import refuse_past_publication

LONGEST_REASON = 100  # what a line of history holds
SENT_BACK = f"Renvoyé{NBSP}: "


def review(market, lots):
    """The `Completeness` of this market for these lots, whose phases and occupations are best prefetched."""
    return completeness(
        market,
        lots,
        amounts=known_amounts(market),
        documents=DceDocument.objects.filter(market=market).current().count(),
        today=timezone.localdate(),
    )


@transaction.atomic
def submit(*, market, by):
    """Ask for the instruction of the lots still in preparation; the chargées de mission are told.

    Raises Conflict when there is none, ValidationError when the publication is planned in the past, DomainError
    naming what is missing.
    """
    market = lock(Market.objects, market.pk)
    lots = _locked(market, "submit")
    if not lots:
        raise Conflict("Cet avant-projet est déjà soumis.")
    refuse_past_publication(market)
    lacking = review(market, lots).missing
    if lacking:
        names = ", ".join(f"{point.label} ({point.where})" for point in lacking)
        raise DomainError(f"L’avant-projet est incomplet{NBSP}: {names}.")
    for lot in lots:
        lot.submit()
        validated_save(lot, by=by)
    market.submitted_at, market.submitted_by = timezone.now(), by
    validated_save(market, by=by)
    text = f"Avant-projet à instruire{NBSP}: marché {market.number}, {market.title[:150]}"
    notify(members(Role.MISSION_OFFICER), text, reverse("markets:detail", args=[market.pk]), except_for=by)
    return market


@transaction.atomic
def send_back(*, market, reason, by):
    """Return the lots still to be decided to their direction, which is told; the trail keeps the reason.

    `reason` is one line of 100 characters at most, read by all who see the market. Raises Conflict when nothing
    is to be decided or the market was imported, DomainError without a reason, ValidationError for a wrong one.
    """
    market = lock(Market.objects, market.pk)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise DomainError(f"Dites en {LONGEST_REASON} caractères au plus ce qui manque.")
    validate_one_line(reason)
    lots = _locked(market, "send_back")
    if not lots or market.source != Source.MANUAL:
        raise Conflict("Aucun lot de ce marché ne peut être renvoyé à sa direction.")
    for lot in lots:
        lot.send_back()
        validated_save(lot, by=by)
    market.submitted_at = market.submitted_by = None
    market._change_reason = f"{SENT_BACK}{reason}"[:LONGEST_REASON]
    validated_save(market, by=by)
    _tell_direction(market, by)
    return market


def _locked(market, transition):
    """Lots of the market that may take this transition, locked, with what their review reads."""
    lots = market.lots.select_for_update(of=("self",)).prefetch_related("phases", "occupations").order_by("pk")
    return [lot for lot in lots if can_proceed(getattr(lot, transition))]


def _tell_direction(market, by):
    if market.operation is None:
        return
    people = members(Role.DIRECTORATE_AGENT, directorate=market.operation.directorate)
    text = f"Avant-projet à compléter{NBSP}: marché {market.number}, renvoyé par {by}. Le motif est sur sa page."
    notify(people, text[:300], reverse("markets:detail", args=[market.pk]), except_for=by)
