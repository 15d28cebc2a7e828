"""Alerts of the table, raised and closed by the services, then dated in the past (C18)."""

from datetime import timedelta
from itertools import groupby, islice
from operator import itemgetter

from django.utils import timezone

from facilitators.models import Notification
from markets.enums import AlertSeverity
from markets.models import Alert
from markets.services.alerts import answer_alert, close_alert, raise_alert
from participants.alert_rules import run_rules
from reporting.demo.calendar import at
from reporting.demo.history import backdate
from reporting.demo.tables import table

# News a person still has to read.
KEPT = 4
ANSWER = "Un plan de rattrapage écrit est demandé à l’entreprise sous quinze jours, à présenter en réunion de suivi."


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
    if line["severity"] == AlertSeverity.CRITICAL:
        _answer(world, alert, raised_on)
    if line["closed"]:
        _close(world, alert, line, facilitator)


def report_by_rules(world):
    """What the rules find on the day the demonstration is made, as each night."""
    run_rules(today=world.calendar.today)
    world.made["alertes"] = Alert.objects.count()


def _answer(world, alert, raised_on):
    """The chargée de mission answers what is critical, two days later."""
    day = min(raised_on + timedelta(days=2), world.calendar.today)
    answer_alert(alert=alert, answer=ANSWER, by=world.officer)
    Alert.objects.filter(pk=alert.pk).update(answered_at=at(day))
    alert.history.filter(answered_at__isnull=False).update(history_date=at(day), answered_at=at(day))


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
