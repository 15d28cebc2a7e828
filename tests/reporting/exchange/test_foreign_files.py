"""A spreadsheet of follow-up brought in: matched, tried, recorded; next month's adds only what is new (C22)."""

from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from markets.models import Company
from participants.models import EligibilityValidation, EmploymentContract, HoursEntry, Participant
from reporting.enums import ExchangeTable
from reporting.exchange.foreign.fields import guess_columns, months_of
from reporting.exchange.foreign.values import values_to_match
from reporting.exchange.recording import record_lines
from reporting.models import SourceMapping
from reporting.services.foreign import receive_file, set_columns, set_values, table_of, try_foreign
from tests.factories.markets import AwardFactory
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.follow_ups import MONTHS, person, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FOLLOW_UP = ExchangeTable.FOLLOW_UP


def silent(step, done=None):
    """A progress nobody watches."""


@pytest.fixture
def facilitator(as_role, territory, convention):
    return as_role(Role.FACILITATOR).user


@pytest.fixture
def award(territory):
    return AwardFactory(lot__territory=territory, lot__calibrated=True, lot__market__number="2026-AB 12")


@pytest.fixture
def bring(facilitator, territory, convention):
    """Receive a file, with the columns and the values that are guessed, and try it."""
    EligibilityCategoryFactory(code="RSA", label="Bénéficiaire du RSA")

    def _bring(content, name="suivi.xlsx", kind=FOLLOW_UP):
        place = {"structure": convention.structure, "territory": territory}
        run = receive_file(by=facilitator, system="Tableur", kind=kind, file_name=name, content=content, **place)
        matched(run, facilitator)
        run.refresh_from_db()
        return run, try_foreign(run, silent)

    return _bring


def matched(run, by):
    """What a person accepts of the guesses."""
    table = table_of(run)
    columns = run.mapping.columns if run.mapping else guess_columns(run.manifest["foreign"], table.headers, months_of(table.headers))
    run = set_columns(run=run, columns=columns, by=by)
    found = values_to_match(table, run.mapping.table, columns, run.mapping.values)
    values = {field.name: {one.key: one.meaning for one in choices} for field, choices in found.items()}
    set_values(run=run, values=values, by=by)


def test_a_follow_up_becomes_persons_validations_contracts_and_hours(bring, award):
    rows = [
        person(1, "2026 AB-12", **{MONTHS[1]: 100, MONTHS[2]: "7h30"}),
        person(2, "2026-AB12", **{"Validé le": None, MONTHS[1]: 50}),
    ]
    run, counts = bring(workbook(rows))
    print([(l.table, l.row, l.outcome, l.message, l.data) for l in run.lines.all()])
    assert counts == {"new": 9}
    record_lines(run, silent)
    print([(l.table, l.row, l.outcome, l.message) for l in run.lines.all()])
    assert Participant.objects.count() == 2
    assert list(HoursEntry.objects.order_by("pk").values_list("declared", "counted")) == [
        (100, 100),
        (Decimal("7.5"), Decimal("7.5")),
        (50, 0),
    ]
