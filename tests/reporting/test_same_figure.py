"""The same figure everywhere: screen, files, data, lines, the statement of the period, and the API (issues 5 and 6)."""

import pytest
from django.urls import reverse

from clauses_portal.core import french
from facilitators.enums import KeyScope, Role
from reporting.dashboards.board import FIGURES, PAIRS
from reporting.dashboards.shown import Shown
from reporting.indicators import hours, people
from reporting.indicators.catalogue import every_figure
from reporting.indicators.definition import Breakdown, Indicator, compute, split
from reporting.indicators.scope import Scope
from reporting.services.production import ask
from reporting.statements.quarterly import build_snapshot
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory
from tests.factories.reporting import StatementFactory
from tests.reporting.boards import in_data, in_file, on_screen, signed_in
from tests.reporting.small_world import small_world
from tests.support.keys import program
from tests.support.pages import document, tidy

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

SECOND = {"periode": "2026-T2"}


@pytest.fixture
def world():
    world = small_world()
    ConventionFactory(territories=[world.territory])
    return world


@pytest.fixture
def client(world):
    return signed_in(Role.FACILITATOR, territory=world.territory)


def test_every_figure_of_the_screen_is_that_of_the_files_and_of_the_data(client):
    data, screen = in_data(client, **SECOND), on_screen(client, **SECOND)
    for file_format in ("xlsx", "ods", "csv"):
        assert in_file(client, file_format, **SECOND) == data
    figures = every_figure()
    written = {key: {tidy(Shown(figures[key[0]], value).text)} for key, value in data.items()}
    assert screen == written


def test_every_figure_of_the_data_is_the_one_that_was_declared(client, world):
    data, scope = in_data(client, **SECOND), Scope(territory_ids=frozenset({world.territory.pk}))
    statement = StatementFactory(territory=world.territory, period_code="2026-T2")
    for code, value in compute(FIGURES, scope, statement.period).items():
        assert data[code, ""] == (None if value is None else Shown(every_figure()[code], value).number), code
    for figure in (
        people.BY_AGE,
        people.BY_LEVEL,
        people.BY_CATEGORY,
        *(one for pair in PAIRS.values() for one in pair),
    ):
        told = {detail: value for (code, detail), value in data.items() if code == figure.code}
        assert told == dict(split(figure, scope, statement.period)), figure.code


# Where the quarterly statement tells each of them.
IN_THE_STATEMENT = {
    hours.DECLARED: ("synthesis", "declared_quarter"),
    hours.COUNTED: ("synthesis", "counted_quarter"),
    hours.REJECTED: ("synthesis", "rejected_quarter"),
    hours.PENDING: ("synthesis", "pending_quarter"),
    hours.COUNTED_TO_DATE: ("synthesis", "counted_ever"),
    people.TOTAL: ("people", "hired", "total"),
    people.WOMEN: ("people", "hired", "women"),
    people.MEN: ("people", "hired", "men"),
    people.QPV: ("people", "hired", "qpv"),
    people.RSA: ("people", "hired", "rsa"),
    people.AT_WORK: ("people", "at_work"),
}


def test_the_statement_of_the_quarter_says_the_same(client, world, today):
    data = in_data(client, **SECOND)
    snapshot = build_snapshot(StatementFactory(territory=world.territory, period_code="2026-T2"), dated_on=today)
    for figure, path in IN_THE_STATEMENT.items():
        assert data[figure.code, ""] == shown(snapshot, path), figure.code


def test_a_program_reads_the_same_in_the_published_statement(client, world, today):
    """What `GET /statements/{id}/data` gives a key is what the screen of the quarter showed."""
    data = in_data(client, **SECOND)
    draft = StatementFactory(territory=world.territory, period_code="2026-T2")
    produce_statement(ask(statement=draft, by=author(), publish=True, from_console=True).pk)
    told = program(KeyScope.READ_STATEMENTS).read(f"/statements/{draft.pk}/data").json()
    for figure, path in IN_THE_STATEMENT.items():
        assert data[figure.code, ""] == shown(told, path), figure.code


def shown(snapshot, path):
    """The figure at this place of the data of a statement, as the files of the board write it."""
    for step in path:
        snapshot = snapshot[step]
    return snapshot if isinstance(snapshot, int) else french._decimal(snapshot)


def test_every_figure_that_opens_says_the_same_above_its_lines(client):
    on_board = on_screen(client, **SECOND)
    different = []
    for code, figure in every_figure().items():
        if isinstance(figure, Indicator | Breakdown):
            response = client.get(reverse("reporting:figure", args=[code]), SECOND)
            assert response.status_code in {200, 403}, code
            if response.status_code == 200 and (code, "") in on_board:
                shown = {tidy(text) for text in document(response).xpath(f"//*[@data-figure='{code}']/text()")}
                different += [] if shown == on_board[code, ""] else [(code, shown, on_board[code, ""])]
    assert different == []
