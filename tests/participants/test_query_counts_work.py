"""What the pages of postings, proposals and exits cost: as many queries with seven rows as with two."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from tests.support.work import (
    a_call,
    a_candidate,
    a_posting,
    a_posting_of_a_lot,
    a_step_of_a_path,
    a_vacancy,
    an_exit_of_a_market,
)
from tests.test_query_counts import World, cost

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

OFFICER, FACILITATOR = Role.MISSION_OFFICER, Role.FACILITATOR
# (page, who reads it, what makes a row, most queries: what was measured)
PAGES = [
    ("participants:postings", OFFICER, a_posting, 8),
    ("participants:postings", FACILITATOR, a_posting, 8),
    ("participants:vacancies", FACILITATOR, a_vacancy, 11),
    ("participants:calls", FACILITATOR, a_call, 7),
    ("participants:posting_persons", FACILITATOR, a_candidate, 14),
    ("participants:person", FACILITATOR, a_step_of_a_path, 24),
    ("markets:lot", FACILITATOR, a_posting_of_a_lot, 40),
    ("markets:detail", OFFICER, an_exit_of_a_market, 40),
]


@pytest.mark.parametrize(("route", "role", "make", "most"), PAGES)
def test_a_page_costs_the_same_with_seven_rows(as_role, territory, elsewhere, route, role, make, most):
    client = as_role(role)
    world = World(territory, elsewhere, client.user)
    costs = []
    for rows in (2, 7):
        while world.number < rows:
            world.one_more(make)
        costs.append(cost(client, reverse(route, args=[world.row.pk] if world.row else [])))
    assert costs[0] == costs[1] <= most, costs
