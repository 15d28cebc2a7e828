"""What a company has promised and where it stands, as it may read it: hours, never an amount nor a rate (C27)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.notifications import members
from markets.models import Award, ReferentAssignment
from markets.models.market import UNDER_WAY
from markets.services.awards import counted_by
from participants.models import EmploymentContract


@dataclass(frozen=True)
class Commitment:
    """A lot of a company: hours due today, hours counted so far (h)."""

    market: str
    title: str
    lot: str
    due: int
    counted: Decimal

    @property
    def left(self):
        """Hours still to make, never below zero: more than due is welcome."""
        return max(self.due - self.counted, Decimal(0))


def commitments(company):
    """[Commitment] of the lots under way where this company owes hours."""
    awards = Award.objects.live().filter(company=company, lot__state__in=UNDER_WAY).with_objective()
    awards = list(awards.select_related("lot__market").order_by("lot__market__number", "lot__number"))
    counted = counted_by(awards)
    return [
        Commitment(
            award.lot.market.number,
            award.lot.market.title,
            award.lot.number,
            award.objective,
            counted[award.pk],
        )
        for award in awards
        if award.objective
    ]


def facilitators_of(company):
    """Accounts a company may call: the référents of its lots today, or else the facilitators of their territories."""
    held = Award.objects.live().filter(company=company, lot__state__in=UNDER_WAY).values_list("lot", "lot__territory")
    today = timezone.localdate()
    running = EmploymentContract.objects.filter(employer=company).running(today, today)
    places = {*held, *running.values_list("lot", "territory")}
    assigned = ReferentAssignment.objects.active(today).filter(lot__in={lot for lot, _ in places})
    referents = User.objects.filter(pk__in=assigned.values("referent"), is_active=True).order_by("last_name", "pk")
    return list(referents) or list(members(Role.FACILITATOR, territory__in={place for _, place in places}))
