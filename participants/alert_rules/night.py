"""What the rules of one night share: the day, and the figures of the lots under way, each read once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from clauses_portal.core.working_days import add_working_days
from markets.models import Alert, Award
from markets.models.market import UNDER_WAY
from participants.enums import PostingState
from participants.models import EmploymentContract, HoursEntry, JobPosting

DAYS_TO_ANSWER = 10  # working days
ZERO = Decimal(0)


@dataclass(frozen=True)
class Work:
    """A company that answers for hours on a lot under way: due and counted (h), its window, whether it began.

    The hours, contracts and postings of its subcontractors, whatever their depth, are its own.
    """

    award_id: int
    lot_id: int
    territory_id: int
    company_id: int
    due: int
    counted: Decimal
    notified_on: date | None
    starts_on: date | None
    ends_on: date | None
    has_contract: bool
    has_posting: bool

    def elapsed(self, day):
        """Share of its window elapsed on `day`, from 0 to 1; None without dates."""
        if not self.starts_on or not self.ends_on or self.ends_on < self.starts_on:
            return None
        length = (self.ends_on - self.starts_on).days + 1
        return Decimal(min(max((day - self.starts_on).days + 1, 0), length)) / length

    @property
    def done(self):
        """Share of the hours due that is counted."""
        return self.counted / self.due

    @property
    def place(self):
        """What a Fact says of where."""
        return {"territory_id": self.territory_id, "lot_id": self.lot_id, "company_id": self.company_id}


@dataclass(frozen=True)
class Night:
    """A run of the rules, as of `today`."""

    today: date

    def threshold(self, name):
        return settings.ALERT_THRESHOLDS[name]

    @cached_property
    def answer_by(self):
        """The day an answer is asked by."""
        return add_working_days(self.today, DAYS_TO_ANSWER)

    @cached_property
    def works(self):
        """[Work] of the companies that answer for hours and have not left their lot, in five queries."""
        counted, contracts, postings = self._counted, self._roots(_contracts()), self._roots(_postings())
        return [
            Work(
                award_id=row.pk,
                lot_id=row.lot_id,
                territory_id=row.lot.territory_id,
                company_id=row.company_id,
                due=row.objective,
                counted=counted[row.pk],
                notified_on=row.notified_on or row.lot.market.notified_on,
                starts_on=row.intervenes_from or row.lot.starts_on,
                ends_on=row.intervenes_until or row.lot.ends_on,
                has_contract=row.pk in contracts,
                has_posting=row.pk in postings,
            )
            for row in _principals()
        ]

    @cached_property
    def _parents(self):
        rows = Award.objects.filter(lot__state__in=UNDER_WAY, parent__isnull=False)
        return dict(rows.values_list("pk", "parent"))

    def principal_of(self, award_id):
        """The award that answers for this one."""
        while award_id in self._parents:
            award_id = self._parents[award_id]
        return award_id

    def _roots(self, award_ids):
        return {self.principal_of(pk) for pk in award_ids}

    @cached_property
    def _counted(self):
        rows = HoursEntry.objects.filter(lot__state__in=UNDER_WAY).order_by().values_list("contract__award")
        totals = defaultdict(Decimal)
        for award, hours in rows.annotate(total=Sum("counted")):
            totals[self.principal_of(award)] += hours
        return totals


def _principals():
    rows = Award.objects.live().principal().with_objective().filter(lot__state__in=UNDER_WAY, objective__gt=0)
    return rows.select_related("lot__market").order_by("pk")


def _contracts():
    rows = EmploymentContract.objects.filter(lot__state__in=UNDER_WAY).order_by()
    return rows.values_list("award", flat=True).distinct()


def _postings():
    rows = JobPosting.objects.filter(lot__state__in=UNDER_WAY).exclude(state=PostingState.CANCELLED).order_by()
    return rows.values_list("award", flat=True).distinct()


def page_of_lot(lot_id):
    return reverse("markets:lot", args=[lot_id])


def grid_of_lot(lot_id):
    return reverse("participants:hours", args=[lot_id])


def lasting_keys(category, subjects, period):
    """{subject: key} for facts that last, such as a lag: reported again in a new `period`, if somebody closed it.

    A key is « A04:subject:period », the period being the one the open alert was raised in, this one otherwise.
    """
    rows = Alert.objects.open().filter(rule_key__startswith=f"{category}:")
    open_keys = {key.split(":")[1]: key for key in rows.values_list("rule_key", flat=True)}
    return {subject: open_keys.get(str(subject), f"{category}:{subject}:{period}") for subject in subjects}
