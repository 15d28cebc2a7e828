"""The usual parameters of a trade: dated, the last version closes the one before (domain.md §3.4). Confidential."""

from datetime import timedelta

from django.db import transaction

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import date
from clauses_portal.core.services import lock, validated_save
from markets.models import Trade, TradeParameters

RANGES = ("labour_share", "hourly_cost", "insertion_rate")


@transaction.atomic
def replace(*, trade, valid_from, source, by, **ranges):
    """Give a trade new usual values from a day on: `<range>_low` and `<range>_high` of `RANGES`, fractions or €.

    Raises DomainError when the day is not after the last version's, or when no range is given; ValidationError when
    one is upside down.
    """
    trade = lock(Trade.objects, trade.pk)
    if not any(ranges.values()):
        raise DomainError("Indiquez au moins une fourchette.")
    last = trade.usual_values.order_by("-valid_from").first()
    if last:
        _close(last, valid_from, by=by)
    return validated_save(TradeParameters(trade=trade, valid_from=valid_from, source=source, **ranges), by=by)


def _close(last, day, *, by):
    """End the version in force the day before the next one."""
    if day <= last.valid_from:
        raise DomainError(f"La version précédente commence le {date(last.valid_from)} : la nouvelle vient après elle.")
    if last.valid_until is None or last.valid_until >= day:
        last.valid_until = day - timedelta(days=1)
        validated_save(last, by=by)
