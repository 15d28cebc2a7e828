"""Hours due that move from a company's lot to another, conserved, on the written agreement of both buyers (C23)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import check_fields, checked_save
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import Award, HoursTransfer, Lot
from markets.models.market import UNDER_WAY
from markets.services import totals
from markets.services.awards import OVER, left_to_do, write_line

FROM_A_SUBCONTRACTOR = "Un sous-traitant n’a pas d’objectif propre : transférez les heures de l’entreprise principale."
TO_A_SUBCONTRACTOR = "Un sous-traitant ne reçoit pas d’heures dues : transférez-les à l’entreprise principale."
TO_ONE_THAT_LEFT = "L’entreprise d’accueil a quitté son lot : elle ne reçoit plus d’heures."
NOT_UNDER_WAY = "Le lot d’accueil n’est pas attribué ou n’est plus en cours : il ne reçoit pas d’heures."
NOT_YET_AGREED = "Un accord écrit porte une date passée, ou celle du jour."
MORE_THAN_LEFT = (
    "Il ne reste que {left} à faire : transférez-en moins, ou indiquez que le transfert va au-delà du reste à faire."
)


@transaction.atomic
def transfer_hours(
    *, source, target, hours, effective_on, source_agreed_on, target_agreed_on, reason, by, beyond=False
):
    """Move whole `hours` from an award to another: two lines of ledger, one transfer, the sum unchanged (domain §4.5).

    `source_agreed_on`, `target_agreed_on`: dates of the written agreement of each buyer. Not more than what is left
    to do, unless `beyond`. Returns the HoursTransfer. Raises DomainError, Conflict or ValidationError.
    """
    lots = _lock_lots(source, target)
    source, target = (Award.objects.get(pk=award.pk) for award in (source, target))
    _check_ends(source, target, lots)
    transfer = HoursTransfer(
        source=source,
        target=target,
        hours=hours,
        source_agreed_on=source_agreed_on,
        target_agreed_on=target_agreed_on,
        reason=reason,
        decided_at=timezone.now(),
        decided_by=by,
    )
    check_fields(transfer)
    _check_agreed(transfer)
    if not beyond and hours > (left := left_to_do(source)):
        raise DomainError(MORE_THAN_LEFT.format(left=french.hours(left)))
    checked_save(transfer)
    _write_both(transfer, lots, effective_on, by)
    return transfer


def _lock_lots(source, target):
    """{lot id: Lot}, locked in the order of their keys: two crossed transfers never wait for one another."""
    keys = {source.lot_id, target.lot_id}
    return {lot.pk: lot for lot in Lot.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}


def _check_ends(source, target, lots):
    if source.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(FROM_A_SUBCONTRACTOR)
    if target.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(TO_A_SUBCONTRACTOR)
    if LotState.CLOSED in {lots[source.lot_id].state, lots[target.lot_id].state}:
        raise Conflict(OVER)
    if lots[target.lot_id].state not in UNDER_WAY:
        raise Conflict(NOT_UNDER_WAY)
    if target.ended_on:
        raise Conflict(TO_ONE_THAT_LEFT)


def _check_agreed(transfer):
    today = timezone.localdate()
    names = ("source_agreed_on", "target_agreed_on")
    if wrong := {name: NOT_YET_AGREED for name in names if getattr(transfer, name) > today}:
        raise ValidationError(wrong)


def _write_both(transfer, lots, day, by):
    """The two lines, then the totals in the order of their keys: they are shared by every lot of a market."""
    moved = []
    for award, kind, hours in (
        (transfer.source, ObjectiveKind.TRANSFER_OUT, -transfer.hours),
        (transfer.target, ObjectiveKind.TRANSFER_IN, transfer.hours),
    ):
        lot = lots[award.lot_id]
        line = {"kind": kind, "hours": hours, "effective_on": day, "reason": transfer.reason, "transfer": transfer}
        write_line(award=award, lot=lot, by=by, **line)
        moved.append((lot.market_id, lot.territory_id, hours))
    for market, territory, hours in sorted(moved):
        totals.shift(market_id=market, territory_id=territory, required=hours)
