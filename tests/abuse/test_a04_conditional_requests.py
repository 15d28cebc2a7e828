"""A4: no answer depends on what the caller says she has already: nothing to guess, nothing to learn piece by piece."""

import pytest

from clauses_portal.core.exports import Format
from facilitators.enums import KeyScope
from tests.factories.facilitators import ConventionFactory
from tests.support.access import MATRIX
from tests.support.access.rules import FE, F
from tests.support.keys import program
from tests.test_access_matrix import sign_in

# The answer of the lab to the right guess was 304, before any right was looked at.
GUESSES = {
    "If-None-Match": '*, "1", W/"4-777.00"',
    "If-Match": '"1"',
    "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT",
    "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "If-Range": '"1"',
    "Range": "bytes=0-0",
}
TOLD = {"ETag", "Last-Modified", "Accept-Ranges", "Content-Range"}


@pytest.mark.parametrize("identity", [F, FE])
def test_a_page_answers_a_guess_as_it_answers_anything(world, identity):
    client, wrong = sign_in(world, identity), []
    for route, rule in MATRIX.items():
        if rule.get is not None:
            url = rule.address(route, world["targets"], file_format=Format.CSV)
            answer = client.get(url, headers=GUESSES)
            if answer.status_code not in rule.expected(identity, "GET") or TOLD & set(answer.headers):
                wrong.append((route, answer.status_code, TOLD & set(answer.headers)))
    assert wrong == []


def test_the_head_of_a_page_tells_no_more_than_the_page(world):
    client = sign_in(world, FE)
    for route, rule in MATRIX.items():
        if rule.see is not None and FE not in rule.see and rule.get is not None:
            hidden = client.head(rule.address(route, world["targets"]))
            unknown = client.head(rule.address(route, pk=2**31 - 1))
            assert (hidden.status_code, hidden.headers) == (unknown.status_code, unknown.headers), route


def test_the_interface_answers_a_guess_as_it_answers_anything(world):
    structure = ConventionFactory(territories=[world["territory"]]).structure
    key = program(KeyScope.READ_MARKETS, KeyScope.READ_STATEMENTS, structure=structure)
    for path in ("/operations", "/markets", "/lots", "/awards", "/statements", "/references"):
        answer = key.read(path, headers=GUESSES)
        assert answer.status_code == 200, path
        assert not TOLD & set(answer.headers), path
