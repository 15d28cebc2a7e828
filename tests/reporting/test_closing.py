"""The closing report of a market, against a market counted by hand (see closing_world)."""

import json
import re
from datetime import date

import pytest

from reporting.enums import StatementKind
from reporting.models import Statement
from reporting.statements.closing import build_closing, capped_share
from reporting.statements.closing_companies import merged
from tests.reporting.closing_world import FIRST, closing_world
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

DATED = date(2026, 9, 15)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    import time_machine

    with time_machine.travel("2026-09-15T10:00:00+02:00"), for_the_module(django_db_blocker):
        yield closing_world()


@pytest.fixture
def world(made, db):
    return made


@pytest.fixture
def statement(world):
    return Statement(
        kind=StatementKind.CLOSING,
        market=world.market,
        period_code="solde",
        starts_on=FIRST,
        ends_on=DATED,
        opinion="Bon marché.",
        verification_code="TEST-CODE-BILAN",
    )


@pytest.fixture
def data(statement):
    return build_closing(statement, dated_on=DATED)


def test_x(data):
    print(json.dumps(data, ensure_ascii=False, indent=1, default=str))
