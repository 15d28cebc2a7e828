"""The rule that the papers add to those of the night: a market that is over and has no closing report (A23, C20)."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from clauses_portal.core import french
from markets.alert_facts import Fact
from markets.enums import AlertCategory as A
from markets.enums import AlertSeverity as S
from markets.enums import LotState
from markets.models import Lot, Market, ObjectiveEntry
from participants.alert_rules import Rule
from reporting.enums import StatementKind
from reporting.models import Statement


def no_closing_report(night):
    """A23: every lot of a market with hours due ended so many days ago, and its closing report is not published.

    One alert a market, on the lot that ended last; it closes by itself once the report is published.
    """
    limit = night.today - timedelta(days=night.threshold("closing_days"))
    return [
        Fact(
            key=f"{A.NO_CLOSING_REPORT}:{lot.market_id}",
            category=A.NO_CLOSING_REPORT,
            severity=S.WATCH,
            territory_id=lot.territory_id,
            lot_id=lot.pk,
            description=f"Le marché {lot.market.number} est terminé{_since(lot)} : son bilan n’est pas publié.",
            path=reverse("markets:detail", args=[lot.market_id]),
            due_on=night.answer_by,
        )
        for lot in _last_lots(limit)
    ]


def _last_lots(limit):
    """The lot that ended last of each market that was over on `limit` without a closing report, in one query."""
    lots = Lot.objects.with_clause().filter(market=OuterRef("pk"))
    going_on = lots.filter(Q(ends_on__gt=limit) | Q(ends_on__isnull=True) & ~Q(state=LotState.CLOSED))
    owed = ObjectiveEntry.objects.filter(award__lot__market=OuterRef("pk"))
    told = Statement.objects.published().filter(kind=StatementKind.CLOSING, market=OuterRef("pk"))
    over = Market.objects.filter(~Exists(going_on), Exists(lots), Exists(owed), ~Exists(told))
    rows = Lot.objects.with_clause().filter(market__in=over).select_related("market")
    return rows.order_by("market_id", F("ends_on").desc(nulls_last=True), "pk").distinct("market_id")


def _since(lot):
    return f" depuis le {french.date(lot.ends_on)}" if lot.ends_on else ""


RULES = (Rule(A.NO_CLOSING_REPORT, no_closing_report),)
