"""`list` and `perm`: what a page costs over the data it shows, and what a right costs to read."""

import re

from django.db.models import FilteredRelation, Q
from guardian.shortcuts import get_objects_for_user

from clauses_portal.accounts.models import User
from clauses_portal.core.web import PAGE_SIZE
from facilitators.enums import Permission
from facilitators.models import Territory, TerritoryUserObjectPermission
from facilitators.permissions import scope_of
from markets.models import Market
from tests.bench.rounds import Goal, Line
from tests.bench.web import Visitor

NUMBERS = re.compile(r'<th scope="row"><a href="/marches/\d+/">([^<]+)</a>')


def first_facilitator():
    """(account, territory id) of the facilitator of the first territory."""
    user = User.objects.filter(memberships__role="facilitator").order_by("memberships__territory_id").first()
    return user, user.memberships.get().territory_id


def list_line():
    """The whole request of the market list, first page, against one `values_list` query of the same 25 rows.

    The control knows the territory already and reads six columns: it is the floor of any page of this content.
    """
    user, territory = first_facilitator()
    visitor = Visitor(user)

    def page(_):
        return NUMBERS.findall(visitor.get("/marches/"))

    def floor(_):
        here = FilteredRelation("totals", condition=Q(totals__territory=territory))
        rows = Market.objects.filter(Market.objects.all().within([territory])).annotate(here=here).newest_first()
        shown = ("number", "title", "notified_on", "here__required", "here__counted", "here__progress")
        return list(rows.values_list(*shown)[:PAGE_SIZE])

    def same(numbers, rows):
        return len(rows) == PAGE_SIZE and numbers == [row[0] for row in rows]

    return Line("list", page, floor, Goal(at_most=12), same=same, rounds=25, most_queries=10)


def perm_line():
    """`scope_of`, all the rights of an account, against guardian's `get_objects_for_user` for one of them.

    Each round starts from an account just read, as a request does.
    """
    user, _ = first_facilitator()

    def ours(account):
        return set(scope_of(account).territories[Permission.VIEW_MARKETS])

    def guardian(account):
        found = get_objects_for_user(account, "view_markets", klass=Territory)
        return {place.pk for place in found}

    return Line(
        "perm",
        ours,
        guardian,
        Goal(at_most=0.75),
        prepare=lambda side: User.objects.get(pk=user.pk),
        rounds=25,
        note=lambda queries: f"{TerritoryUserObjectPermission.objects.count()} droits en base",
    )
