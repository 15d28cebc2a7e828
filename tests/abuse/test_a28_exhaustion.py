"""A28: asking too much. Refused, slowed down or put in the queue, in French; never an error, never minutes."""

import time

import pytest
from django.core.cache import cache

from clauses_portal.core.errors import TOO_MANY
from clauses_portal.core.exports import answers
from clauses_portal.core.strict_json import TOO_DEEP
from facilitators.enums import KeyScope, Role
from reporting.models import ExportJob
from tests.factories.reporting import StatementFactory
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FORTY, TEN = 40, 10
# Lists whose search box reads what is typed.
SEARCHES = ("/marches/?q=", "/operations/?q=", "/personnes/?q=", "/entreprises/?q=", "/aide/taches/?q=")
JSON = "application/json"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


def quickly(action, seconds=10):
    """What it returns, in less than so many seconds, on a machine that does other things."""
    begun = time.monotonic()
    answer = action()
    assert time.monotonic() - begun < seconds
    return answer


def test_forty_clicks_on_produce_are_one_work(facilitator, territory):
    statement = StatementFactory(territory=territory)
    told = [facilitator.post(f"/etats/{statement.pk}/apercu/").status_code for _ in range(FORTY)]
    assert set(told) <= {302, 202, 429}
    assert ExportJob.objects.count() == 1


def test_exports_have_a_pace(as_role, monkeypatch):
    officer = as_role(Role.MISSION_OFFICER)
    monkeypatch.setattr(answers, "MOST_A_MINUTE", TEN)
    told = [officer.get("/marches/export.csv") for _ in range(TEN + 5)]
    assert [answer.status_code for answer in told] == [200] * TEN + [429] * 5
    assert TOO_MANY in words(told[-1])
    assert told[-1]["Retry-After"] == "60"
    assert as_role(Role.MISSION_OFFICER).get("/marches/export.csv").status_code == 200, "others work"


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize(
    "typed",
    ["a" * 10_000, "," * 1000, "a," * 1000, "é " * 3000, "%" * 1000, "_%" * 500, "(((((a+)+)+)+)+)" * 100, "\\" * 999],
    ids=["10 000 letters", "1 000 commas", "1 000 words", "accents", "percents", "wildcards", "nested", "backslashes"],
)
def test_an_absurd_search_answers(facilitator, path, typed):
    response = quickly(lambda: facilitator.get(path + typed.replace("%", "%25")))
    assert response.status_code in {200, 400}


@pytest.mark.parametrize("asked", [10**9, 10**30, 0, -1, "tout", "", "1e9", "٣"])
def test_an_absurd_page_answers(facilitator, asked):
    for query in (f"page={asked}", f"page_size={asked}", f"limit={asked}"):
        assert quickly(lambda query=query: facilitator.get(f"/marches/?{query}")).status_code in {200, 400}


@pytest.mark.parametrize("asked", ["limit=1000000000", "page_size=1000000000", "after=" + "9" * 40, "limit=-1"])
def test_an_absurd_page_of_the_interface_is_refused(as_key, asked):
    response = as_key(KeyScope.READ_PERSONS).get(f"/api/v1/participants?{asked}")
    assert (response.status_code, response.json()["status"]) == (400, 400)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 5000, "[" * 3000 + "]" * 3000])
def test_a_deep_document_is_refused(as_key, body):
    response = quickly(lambda: as_key(KeyScope.WRITE_PERSONS).write("/participants", body))
    assert (response.status_code, response.json()["detail"]) == (400, TOO_DEEP)


def test_a_document_of_a_million_values_is_refused(as_key):
    response = quickly(lambda: as_key(KeyScope.WRITE_PERSONS).write("/participants", "[" + "1," * 999_999 + "1]"))
    assert response.status_code == 400


def test_a_program_has_a_pace(as_key, settings):
    settings.API_REQUESTS_PER_MINUTE = TEN
    program = as_key(KeyScope.READ_PERSONS)
    told = [program.read("/participants").status_code for _ in range(TEN + 3)]
    assert told == [200] * TEN + [429] * 3
