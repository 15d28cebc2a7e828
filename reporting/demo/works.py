"""How far the works went, as the facilitators saw them on site: a lot of the demonstration is seen every two months."""

from datetime import timedelta

from markets.models import Lot
from markets.services.progress import record_progress
from reporting.indicators.progress import expected_percentage

EVERY = timedelta(days=61)
MOST = 3
# Works begin slowly: a site is seen somewhat behind its calendar (%).
BEHIND = 90


def observe_works(world, sites):
    """Record the progress of the lots people worked on, the last visit a week ago."""
    worked = [site.lot.pk for site in sites if site.is_worked]
    for lot in (
        Lot.objects.select_related("territory")
        .filter(pk__in=worked, starts_on__isnull=False, ends_on__isnull=False)
        .order_by("pk")
    ):
        last = min(lot.ends_on, world.calendar.ago(7))
        days = [last - rank * EVERY for rank in range(MOST)]
        for day in sorted(day for day in days if day >= lot.starts_on):
            expected = expected_percentage(lot.starts_on, lot.ends_on, day)
            percent = 100 if day == lot.ends_on else int(expected * BEHIND / 100)
            facilitator = world.facilitators[lot.territory.code]
            record_progress(lot=lot, percent=percent, observed_on=day, by=facilitator)
            world.made["avancements physiques"] += 1
