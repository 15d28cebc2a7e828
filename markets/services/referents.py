"""Who is the référent of a lot, who stands in, and handing a portfolio over (C4, C13; domain.md §12 n° 23)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.models import Lot, ReferentAssignment

NOT_HERE = "{person} n’est pas facilitateur du territoire {territory}."


def eligible(territory):
    """Accounts that may be référent of a lot of this territory: its facilitators of today."""
    return members(Role.FACILITATOR, territory=territory).order_by("last_name", "first_name")


def holders(lots):
    """Accounts that are référent or stand in on one of these lots today."""
    held = ReferentAssignment.objects.filter(lot__in=lots, valid_until=None)
    people = {*held.values_list("referent", flat=True), *held.values_list("substitute", flat=True)}
    return User.objects.filter(pk__in=people - {None}).order_by("last_name", "first_name")


def referent_of(lot, day):
    """The assignment in force on `day`, None when nobody was named (the last one when two were named that day)."""
    rows = lot.referents.active(day).select_related("referent", "substitute")
    return rows.order_by("-valid_from", "-pk").first()


@transaction.atomic
def assign(*, lot, referent, by, substitute=None, reason=""):
    """Name the référent of a lot from today on; the one before stays in the history.

    Raises DomainError when either person is not a facilitator of the lot's territory today.
    """
    lot = lock(Lot.objects.select_related("territory"), lot.pk)
    here = set(eligible(lot.territory).values_list("pk", flat=True))
    for person in filter(None, (referent, substitute)):
        if person.pk not in here:
            raise DomainError(NOT_HERE.format(person=person, territory=lot.territory))
    today = timezone.localdate()
    _close(lot, today, by)
    row = ReferentAssignment(lot=lot, referent=referent, substitute=substitute, valid_from=today, reason=reason)
    row.assigned_at, row.assigned_by = timezone.now(), by
    validated_save(row, by=by)
    notify([referent], f"Vous êtes le référent du marché {lot.market.number}, lot {lot.number}.", f"/lots/{lot.pk}/")
    return row


def _close(lot, today, by):
    """End the open assignment the day before, or the same day when it had just begun."""
    current = lot.referents.filter(valid_until=None).first()
    if current:
        current.valid_until = max(today - timedelta(days=1), current.valid_from)
        validated_save(current, by=by)


@transaction.atomic
def transfer(*, leaver, successor, lots, by, reason):
    """Hand to `successor` the lots, among `lots` (a scoped queryset), where `leaver` is référent or stands in today.

    Returns how many lots changed hands. Raises DomainError when there is none, or when one of them is in a territory
    where the successor is not a facilitator.
    """
    if leaver == successor:
        raise DomainError("Choisissez deux personnes différentes.")
    moved = 0
    for row in _portfolio(leaver, lots):
        referent = successor if row.referent == leaver else row.referent
        substitute = successor if row.substitute == leaver else row.substitute
        substitute = None if substitute == referent else substitute
        assign(lot=row.lot, referent=referent, substitute=substitute, by=by, reason=reason)
        moved += 1
    if not moved:
        raise DomainError(f"{leaver} n’est référent ni suppléant d’aucun de vos lots.")
    return moved


def _portfolio(person, lots):
    held = ReferentAssignment.objects.filter(lot__in=lots, valid_until=None).of(person)
    return list(held.select_related("lot__market", "referent", "substitute").order_by("pk"))
