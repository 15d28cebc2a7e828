"""A1: a row out of sight costs what an unknown one does: as many queries, and as much time (20 %, `make fuzz`)."""

import os
import time
from statistics import median

from tests.support.access import MATRIX
from tests.support.access.rules import FE
from tests.test_access_matrix import sign_in

TRIES = int(os.environ.get("TIMING", "0"))
ROUTES = (
    "participants:person",
    "markets:detail",
    "markets:lot",
    "participants:validation_grant",
    "reporting:statement",
)


def seconds(client, urls):
    """Median time of each address, asked in turn."""
    spent = {url: [] for url in urls}
    for _ in range(TRIES):
        for url in urls:
            start = time.perf_counter()
            client.get(url)
            spent[url].append(time.perf_counter() - start)
    return [median(spent[url]) for url in urls]


def test_a_hidden_row_costs_what_an_unknown_one_does(world, count_queries):
    client = sign_in(world, FE)
    for route in ROUTES:
        urls = [MATRIX[route].address(route, world["targets"]), MATRIX[route].address(route, pk=2**31 - 1)]
        hidden, unknown = (count_queries(lambda url=url: client.get(url)) for url in urls)
        assert hidden == unknown, route
        if TRIES:
            hidden, unknown = seconds(client, urls)
            assert 0.8 <= hidden / unknown <= 1.2, (route, hidden, unknown)
