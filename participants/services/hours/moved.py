"""Lots whose terms moved: their dates, those of their market, its rule, the objective that caps training before hire.

They are changed by services that know nothing of hours: what they leave behind is found in the histories.
"""

from django.db.models import Exists, OuterRef, Q

from markets.models import CountingRule, Lot, Market, ObjectiveEntry
from participants.enums import ContractType
from participants.models import HoursEntry
from participants.services.hours.recounting import recount_lot


def moved_lots(since):
    """Ids of the lots with hours whose terms may have changed since this moment."""
    lots = Lot.history.filter(history_date__gte=since).values("id")
    markets = Market.history.filter(history_date__gte=since).values("id")
    rules = CountingRule.history.filter(history_date__gte=since).values("market")
    trained = HoursEntry.objects.filter(contract__contract_type=ContractType.PREHIRE_TRAINING)
    due = ObjectiveEntry.objects.filter(decided_at__gte=since, award__lot__in=trained.order_by().values("lot"))
    moved = Q(pk__in=lots) | Q(market__in=markets) | Q(market__in=rules) | Q(pk__in=due.order_by().values("award__lot"))
    rows = Lot.objects.filter(moved, Exists(HoursEntry.objects.filter(lot=OuterRef("pk"))))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def recount_moved_lots(since):
    """Recount these lots, one transaction each. Done twice, it changes nothing more."""
    for lot_id in moved_lots(since):
        recount_lot(lot_id=lot_id)
