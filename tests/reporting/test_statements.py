"""A statement is asked for, drafted, published; then it never changes (C19)."""

import hashlib
import itertools
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.periods import Quarter
from facilitators.enums import Role
from facilitators.permissions import grant
from participants.models import ClosedPeriod
from participants.services.hours import record_month
from reporting.enums import StatementKind, StatementState
from reporting.models import ExportJob, Statement
from reporting.services.production import NOT_OVER, ask, produce
from reporting.services.statements import SIGNED, first_day_of, new_code, open_statement, write_draft
from reporting.statements.documents import render_statement
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

T2 = Quarter(2026, 2)
MAY = date(2026, 5, 1)
M20 = "Ce document signé ne peut plus être modifié."


@pytest.fixture
def contract(territory):
    """Someone at work in Pays d’Aix: 100 h in May."""
    signed = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    HoursEntryFactory(contract=signed, month=MAY)
    return signed


@pytest.fixture
def facilitator(territory):
    user = UserFactory(first_name="Inès", last_name="Bérenger")
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def produced(statement, by, publish=True):
    """Ask for a statement and let the task do it; returns it as it stands then."""
    job = ask(statement=statement, by=by, publish=publish)
    produce_statement(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")
    return Statement.objects.get(pk=statement.pk)


def nothing(step, done=None):
    """Progress nobody watches."""


def opened(period=T2, kind=StatementKind.QUARTERLY, **scope):
    return open_statement(kind=kind, period=period, by=author(), **scope)


def test_a_statement_is_opened_once(territory):
    first = opened(territory=territory)
    assert (first.period_code, first.state, first.version) == ("2026-T2", StatementState.DRAFT, 1)
    assert open_statement(kind="quarterly", period=T2, territory=territory, by=UserFactory()) == first
    others = [
        opened(T2.next, territory=territory),
        opened(market=LotFactory().market),
        opened(directorate=DirectorateFactory()),
        opened("2026", kind="annual", territory=territory),
        opened("2026", kind="annual"),
    ]
    assert len({first, *others}) == 6
    assert opened("2026", kind="annual") == others[-1]


def test_the_latest_version_is_opened(territory):
    first = StatementFactory(territory=territory, published=True)
    second = StatementFactory(territory=territory, version=2, replaces=first, version_reason="Relevé reçu.")
    assert opened(territory=territory) == second


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2026", "kind": "quarterly"},
        {"period": "2026-T2", "kind": "annual"},
        {"period": None, "kind": "closing"},
    ],
)
def test_a_kind_has_its_own_periods_and_scopes(territory, wrong):
    with pytest.raises(ValidationError):
        opened(**wrong, territory=territory)
    assert not Statement.objects.exists()


def test_a_closing_report_goes_from_the_first_day_known_to_today(today):
    lot = LotFactory(starts_on=date(2025, 3, 1), ends_on=date(2026, 9, 14), calibrated=True)
    report = opened(None, kind="closing", market=lot.market)
    assert (report.period_code, report.starts_on, report.ends_on) == ("solde", date(2025, 3, 1), today)
    contract = EmploymentContractFactory(award__lot__starts_on=date(2026, 5, 1), starts_on=date(2026, 4, 20))
    assert first_day_of(contract.market) == date(2026, 4, 20)


def test_a_market_that_has_not_begun_is_reported_from_today(today):
    lot = LotFactory(starts_on=date(2027, 3, 1), ends_on=date(2027, 9, 14), calibrated=True)
    report = opened(None, kind="closing", market=lot.market)
    assert (report.starts_on, report.ends_on) == (today, today)


def test_a_verification_code_is_readable_and_does_not_come_twice():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == 14
        assert set(code) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ-")


def test_a_draft_is_written(territory):
    draft = StatementFactory(territory=territory)
    write_draft(statement=draft, comments="Bon trimestre.", outlook="Deux lots.", by=author())
    draft.refresh_from_db()
    assert (draft.comments, draft.outlook) == ("Bon trimestre.", "Deux lots.")
    with pytest.raises(ValueError, match="opinion"):
        write_draft(statement=draft, opinion="Favorable", by=author())


@pytest.mark.parametrize("publish", [True, False])
def test_a_published_statement_is_not_produced_again(territory, publish):
    published = StatementFactory(territory=territory, published=True)
    for attempt in (
        lambda: ask(statement=published, by=author(), publish=publish),
        lambda: write_draft(statement=published, comments="Autre", outlook="", by=author()),
        lambda: produce(ExportJob(statement=published, publish=publish, asked_by=author()), nothing),
    ):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert refusal.value.message == SIGNED == M20


@pytest.mark.parametrize(
    ("day", "over"),
    [("2026-06-30T23:30+02:00", False), ("2026-07-01T00:30+02:00", True), ("2026-01-01T10:00+01:00", False)],
)
def test_a_quarter_is_published_once_it_is_over(territory, day, over):
    statement = StatementFactory(territory=territory)
    with time_machine.travel(day):
        assert ask(statement=StatementFactory(), by=author(), publish=False)
        if over:
            assert ask(statement=statement, by=author(), publish=True)
            return
        with pytest.raises(DomainError) as refusal:
            ask(statement=statement, by=author(), publish=True)
    assert refusal.value.message == NOT_OVER[StatementKind.QUARTERLY]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_statement SET comments = 'x'",
        "UPDATE reporting_statement SET state = 'draft', published_at = NULL, published_by_id = NULL",
        "UPDATE reporting_statement SET snapshot = '{}'",
        "UPDATE reporting_statement SET sha256 = repeat('1', 64)",
        "DELETE FROM reporting_statement",
    ],
)
def test_what_was_sent_never_changes_even_from_raw_sql(sql):
    statement = StatementFactory(published=True)
    with refused("23R01"):
        execute(sql)
    assert Statement.objects.get().sha256 == statement.sha256


def test_what_was_sent_never_changes_even_from_the_orm():
    statement = StatementFactory(published=True)
    with refused("23R01"):
        Statement.objects.update(outlook="x")
    with refused("23R01"):
        statement.delete()


def test_a_draft_is_free_to_change_and_go():
    StatementFactory()
    execute("UPDATE reporting_statement SET comments = 'x'")
    Statement.objects.get().delete()
    assert not Statement.objects.exists()


def test_publishing_freezes_the_data_the_paper_and_the_hours(territory, contract, facilitator):
    statement = produced(StatementFactory(territory=territory), facilitator)
    assert (statement.state, statement.published_by) == (StatementState.PUBLISHED, facilitator)
    with statement.pdf.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == statement.sha256
    assert len(content) == statement.pdf_size
    assert statement.snapshot["synthesis"]["counted_quarter"] == "100.00"
    assert ClosedPeriod.objects.get(territory=territory).quarter_start == T2.start
    with pytest.raises(Conflict):
        record_month(contract=contract, month=MAY, declared=Decimal(5), by=facilitator)
    assert render_statement(statement, author=facilitator) == content


def test_a_preview_publishes_nothing(territory, contract, facilitator):
    statement = produced(StatementFactory(territory=territory), facilitator, publish=False)
    assert (statement.state, bool(statement.pdf)) == (StatementState.DRAFT, True)
    assert not ClosedPeriod.objects.exists()
    record_month(contract=contract, month=MAY, declared=Decimal(120), by=facilitator)


@pytest.mark.parametrize("step", ["Calcul des heures et des effectifs", "Mise en page"])
def test_a_production_that_breaks_leaves_nothing(territory, contract, facilitator, step):
    statement = StatementFactory(territory=territory)
    job = ask(statement=statement, by=facilitator, publish=True)

    def break_at(reached, done=None):
        if reached == step:
            raise DomainError("Panne.")

    with pytest.raises(DomainError):
        produce(job, break_at)
    statement.refresh_from_db()
    assert (statement.state, statement.snapshot, statement.sha256) == (StatementState.DRAFT, None, "")
    assert not ClosedPeriod.objects.exists()


def test_hours_typed_while_the_paper_is_laid_out_are_in_it(territory, contract, facilitator):
    """The figures published are those of the instant of publication: the paper is laid out anew."""
    job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=True)
    typed = iter([Decimal(120)])

    def type_once(step, done=None):
        if step == "Enregistrement" and (hours := next(typed, None)):
            record_month(contract=contract, month=MAY, declared=hours, by=facilitator)

    produce(job, type_once)
    statement = Statement.objects.get()
    assert statement.state == StatementState.PUBLISHED
    assert statement.snapshot["synthesis"]["counted_quarter"] == "120.00"


def test_hours_that_never_stay_still_are_not_published(territory, contract, facilitator):
    job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=True)
    typed = itertools.count(101)

    def type_again(step, done=None):
        if step == "Enregistrement":
            record_month(contract=contract, month=MAY, declared=Decimal(next(typed)), by=facilitator)

    with pytest.raises(DomainError, match="réessayez dans un instant"):
        produce(job, type_again)
    assert Statement.objects.get().state == StatementState.DRAFT
    assert not ClosedPeriod.objects.exists()


def test_a_market_is_published_without_closing_anything(contract, facilitator):
    statement = produced(StatementFactory(territory=None, market=contract.market), facilitator)
    assert statement.state == StatementState.PUBLISHED
    assert not ClosedPeriod.objects.exists()
