"""Alerts of the table, raised and closed by the services, then dated in the past (C18)."""

from datetime import timedelta
from itertools import groupby, islice
from operator import itemgetter

from django.utils import timezone

from facilitators.models import Notification
from markets.services.alerts import close_alert, raise_alert
from reporting.demo.calendar import at
from reporting.demo.history import backdate
from reporting.demo.tables import table

# News a person still has to read.
KEPT = 4


def raise_alerts(world, sites):
    """Create the alerts of these lots, with their answer for those that are closed."""
    by_key = {site.key: site for site in sites}
    for line in table("alerts"):
        site = by_key.get((line["market"], line["lot"]))
        if site:
            _raise(world, site, line)
            world.made["alertes"] += 1


def _raise(world, site, line):
    facilitator = world.facilitators[site.lot.territory.code]
    raised_on = world.calendar.ago(int(line["raised"]))
    alert = raise_alert(
        lot=site.lot,
        category=line["category"],
        severity=line["severity"],
        description=line["description"],
        due_on=raised_on + timedelta(days=int(line["due"])) if line["due"] else None,
        by=facilitator,
    )
    backdate(alert, raised_on, raised_on=at(raised_on))
    if line["closed"]:
        _close(world, alert, line, facilitator)


def _close(world, alert, line, facilitator):
    closed_on = world.calendar.ago(int(line["closed"]))
    close_alert(alert=alert, answer=line["answer"], by=facilitator)
    type(alert).objects.filter(pk=alert.pk).update(closed_on=at(closed_on))
    alert.history.filter(closed_on__isnull=False).update(history_date=at(closed_on), closed_on=at(closed_on))


def tell_lately(world):
    """What people were told long ago is read; each keeps her last few."""
    rows = Notification.objects.order_by("recipient", "-pk").values_list("recipient", "pk")
    kept = [pk for _, group in groupby(rows, key=itemgetter(0)) for _, pk in islice(group, KEPT)]
    Notification.objects.exclude(pk__in=kept).delete()
    Notification.objects.update(mailed_on=timezone.now())
    world.made["notifications"] = len(kept)
