"""Works asked of the drill's portal, and whether each was done once."""

import time
from contextlib import suppress
from datetime import date

from django.db import InterfaceError, OperationalError, connection

from facilitators.enums import Role
from facilitators.permissions import grant
from reporting.models import ExportJob, Statement
from reporting.services.production import ask
from tests.drill.outcome import LONGEST_RECOVERY
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.reporting import StatementFactory

QUARTERS = [(year, quarter) for year in range(2000, 2025) for quarter in range(1, 5)]
STEP = 0.05


class Papers:
    """Statements of past quarters, one after the other, asked by a facilitator: each publication closes its quarter."""

    def __init__(self):
        self.asked = 0

    def ask(self):
        """Ask a worker to publish one more; returns the job."""
        if self.asked % len(QUARTERS) == 0:
            self._another_territory()
        year, quarter = QUARTERS[self.asked % len(QUARTERS)]
        self.asked += 1
        last_month = 3 * quarter
        statement = StatementFactory(
            territory=self.territory,
            period_code=f"{year}-T{quarter}",
            starts_on=date(year, last_month - 2, 1),
            ends_on=date(year, last_month, 30 if last_month in {6, 9} else 31),
        )
        return self.ask_again(statement)

    def ask_again(self, statement):
        return ask(statement=Statement.objects.get(pk=statement.pk), by=self.who, publish=True)

    def _another_territory(self):
        self.territory, self.who = TerritoryFactory(), UserFactory()
        ConventionFactory(territories=[self.territory])
        grant(user=self.who, role=Role.FACILITATOR, territory=self.territory, by=None)


def state_of(job):
    """The state of a job as the database has it; "" while the database is away."""
    with suppress(OperationalError, InterfaceError):
        return ExportJob.objects.values_list("state", flat=True).get(pk=job.pk)
    connection.close()
    return ""


def wait_for(job, *states, seconds=LONGEST_RECOVERY):
    """Wait until the job is in one of these states; False when the time is over."""
    end = time.monotonic() + seconds
    while state_of(job) not in states:
        if time.monotonic() > end:
            return False
        time.sleep(STEP)
    return True


def is_lost(job):
    """True when the job did not end well, or its paper is not published with its file whole."""
    job = ExportJob.objects.select_related("statement").get(pk=job.pk)
    statement = job.statement
    if job.state != "done" or statement.state != "published":
        return True
    with statement.pdf.open() as kept:
        return len(kept.read()) != statement.pdf_size


def is_doubled(job):
    """True when it was published twice: each writing leaves its line in the history."""
    return Statement.objects.get(jobs=job.pk).history.filter(state="published").count() > 1
