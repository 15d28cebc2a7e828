"""What a lot loses when a validation is revoked, told to those who follow it, without any name (A06)."""

from django.db.models import Sum

from clauses_portal.core import french
from markets.enums import AlertCategory, AlertSeverity
from markets.models import Lot
from markets.services.alerts import raise_alert
from participants.models import HoursEntry


def counted_by_lot(participant_id):
    """{lot id: counted hours (h)} of a person."""
    rows = HoursEntry.objects.filter(participant=participant_id).order_by().values_list("lot")
    return dict(rows.annotate(Sum("counted")))


def tell_lots(participant_id, *, before, from_day, by):
    """Raise an alert on each lot that counts fewer hours of this person than `before` ({lot id: h})."""
    now = counted_by_lot(participant_id)
    lost = {lot: hours - now.get(lot, 0) for lot, hours in before.items() if now.get(lot, 0) < hours}
    for lot in Lot.objects.filter(pk__in=lost).select_related("market", "territory").order_by("pk"):
        raise_alert(
            lot=lot,
            category=AlertCategory.NOT_VALIDATED,
            severity=AlertSeverity.WATCH,
            description=(
                f"Une validation d’éligibilité a été révoquée à compter du {french.date(from_day)} : "
                f"{french.hours(lost[lot.pk])} de ce lot ne sont plus comptabilisées."
            ),
            by=by,
        )
