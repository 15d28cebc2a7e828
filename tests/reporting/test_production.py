"""How a paper becomes a file: whole or absent, checked, with what goes with it, the same for ever (C19, C20, A27)."""

import dataclasses
import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.pdf import checks
from clauses_portal.core.storage import DurableStorage
from facilitators.enums import Role
from facilitators.models import Notification, WebhookDelivery
from facilitators.permissions import grant
from markets.enums import LotState
from markets.models import Lot
from participants.models import HoursEntry, Participant
from reporting.enums import FileKind, StatementKind, StatementState
from reporting.models import ExportJob, Statement, StatementFile, StatementRatios
from reporting.services import production, stored_papers
from reporting.services.production import NOT_OVER, ask
from reporting.services.statements import NOT_SENT, REPLACED, new_version, open_statement
from reporting.statements.files import ProducedFile
from reporting.statements.recipes import RECIPES
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.factories.markets import CompanyFactory, LotFactory
from tests.factories.participants import HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.factories.webhooks import WebhookFactory
from tests.support.sent import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

STORAGE = Statement._meta.get_field("pdf").storage


@pytest.fixture(autouse=True)
def _empty_disk():
    """The files of the tests before are gone."""
    for path in papers_on_disk():
        STORAGE.delete(path)


@pytest.fixture
def facilitator(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def officer():
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


@pytest.fixture
def hours(territory):
    return HoursEntryFactory(contract__award__lot__territory=territory, month=date(2026, 5, 1))


@pytest.fixture
def recipe(monkeypatch):
    """recipe(files=…) changes how a quarterly statement is made, for one test."""

    def change(**steps):
        changed = dataclasses.replace(RECIPES[StatementKind.QUARTERLY], **steps)
        monkeypatch.setitem(RECIPES, StatementKind.QUARTERLY, changed)

    return change


def produced(statement, by, publish=True):
    """The job of a statement asked for, once the task did it."""
    job = ask(statement=statement, by=by, publish=publish)
    produce_statement(job.pk)
    return ExportJob.objects.get(pk=job.pk)


def published(statement, by):
    job = produced(statement, by)
    assert (job.state, job.error) == (JobState.DONE, "")
    return Statement.objects.get(pk=statement.pk)


def bytes_of(statement):
    with statement.pdf.open("rb") as paper:
        return paper.read()


def papers_on_disk():
    return list(stored_papers._files(STORAGE)) if STORAGE.exists(stored_papers.FOLDER) else []


def test_a_paper_never_changes_whatever_happens_to_its_data(territory, hours, facilitator):
    """Hours, names, companies and logos move on; the paper of last year is given back byte for byte."""
    statement = published(StatementFactory(territory=territory), facilitator)
    content, data = bytes_of(statement), statement.snapshot
    Participant.objects.update(last_name="Autre")
    hours.contract.award.company.name = "Autre"
    hours.contract.award.company.save()
    HoursEntryFactory(contract=hours.contract, month=date(2026, 7, 1), declared=Decimal(10))
    with time_machine.travel("2027-09-15T10:00+02:00"), pytest.raises(Conflict):
        ask(statement=statement, by=facilitator, publish=True)
    again = Statement.objects.get(pk=statement.pk)
    assert (bytes_of(again), again.snapshot) == (content, data)
    assert hashlib.sha256(content).hexdigest() == again.sha256
    again_rendered = RECIPES[again.kind].render(again, author=facilitator)
    assert again_rendered == content


def test_a_publication_is_told_to_the_programs_of_its_territory(territory, elsewhere, facilitator, convention):
    told = WebhookFactory(structure=convention.structure)
    WebhookFactory(structure=ConventionFactory(territories=[elsewhere]).structure)
    statement = StatementFactory(territory=territory)
    published(statement, facilitator)
    sent = WebhookDelivery.objects.get()
    assert (sent.webhook, sent.event, sent.resource, sent.object_id) == (
        told,
        "statement.published",
        "statements",
        statement.pk,
    )


def test_the_next_version_has_the_figures_of_its_own_day(territory, hours, facilitator):
    first = published(StatementFactory(territory=territory, comments="Bon trimestre."), facilitator)
    draft = new_version(statement=first, reason="Lot oublié.", by=facilitator)
    assert (draft.version, draft.replaces, draft.comments, draft.state) == (2, first, "Bon trimestre.", "draft")
    assert new_version(statement=first, reason="Autre motif.", by=facilitator) == draft
    assert list(Statement.objects.in_force()) == [first]
    Lot.objects.update(title="Gros œuvre et démolition")
    second = published(draft, facilitator)
    assert list(Statement.objects.in_force()) == [second]
    assert "Gros œuvre et démolition" in str(second.snapshot)
    assert "Gros œuvre et démolition" not in str(Statement.objects.get(pk=first.pk).snapshot)
    assert bytes_of(first) != bytes_of(second)
    with pytest.raises(Conflict, match=REPLACED):
        new_version(statement=first, reason="Encore.", by=facilitator)


def test_a_draft_has_no_new_version(territory, facilitator):
    with pytest.raises(Conflict, match=NOT_SENT):
        new_version(statement=StatementFactory(territory=territory), reason="Erreur.", by=facilitator)


def test_files_and_ratios_are_published_with_the_paper(territory, hours, facilitator, recipe):
    company = CompanyFactory()
    seen = []

    def files(statement):
        seen.append(statement.ratios.data)
        return [
            ProducedFile(FileKind.ANNEX, "annexe.xlsx", "application/octet-stream", b"lots"),
            ProducedFile(FileKind.COMPANY, "entreprise.txt", "text/plain", b"heures", company),
        ]

    recipe(files=files, ratios=lambda statement: {"hours_per_million": "12.00"})
    statement = StatementFactory(territory=territory)
    assert produced(statement, facilitator, publish=False).state == JobState.DONE
    assert not StatementFile.objects.exists()
    statement = published(statement, facilitator)
    rows = StatementFile.objects.values_list("kind", "company", "size", "sha256")
    assert set(rows) == {
        ("annex", None, 4, hashlib.sha256(b"lots").hexdigest()),
        ("company", company.pk, 6, hashlib.sha256(b"heures").hexdigest()),
    }
    assert seen == [{"hours_per_million": "12.00"}]
    assert StatementRatios.objects.get().data == seen[0]
    assert "hours_per_million" not in str(statement.snapshot)


def test_a_paper_that_breaks_its_rules_is_not_published(territory, facilitator, recipe):
    plain = RECIPES[StatementKind.QUARTERLY].render

    def without_logo(statement, *, author, published=True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("reporting.statements.parts.logos_on", lambda *args, **options: [])
            return plain(statement, author=author, published=published)

    recipe(render=without_logo)
    job = produced(StatementFactory(territory=territory), facilitator)
    assert job.state == JobState.FAILED
    assert "ne respecte pas ses règles" in job.error
    assert "manque en première page" in job.error
    statement = Statement.objects.get()
    assert (statement.state, statement.sha256, papers_on_disk()) == (StatementState.DRAFT, "", [])


def test_a_paper_without_its_data_is_not_published(territory, facilitator, monkeypatch):
    monkeypatch.setattr(checks, "attached_names", lambda content: [])
    job = produced(StatementFactory(territory=territory), facilitator)
    assert "Les données au format JSON ne sont pas jointes." in job.error


def test_what_is_rolled_back_leaves_no_file(territory, facilitator, recipe):
    twice = [ProducedFile(FileKind.ANNEX, f"{n}.xlsx", "application/octet-stream", b"x") for n in range(2)]
    recipe(files=lambda statement: twice)
    job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=True)
    with pytest.raises(IntegrityError):
        production.produce(job, lambda step, done=None: None)
    assert papers_on_disk() == []
    assert Statement.objects.get().state == StatementState.DRAFT


def test_a_worker_killed_while_it_lays_out_leaves_one_paper(territory, facilitator, recipe):
    plain, deaths = RECIPES[StatementKind.QUARTERLY].render, iter([True])

    def killed_once(statement, **options):
        if next(deaths, False):
            raise SystemExit("killed")
        return plain(statement, **options)

    recipe(render=killed_once)
    job = ask(statement=StatementFactory(territory=territory), by=facilitator, publish=True)
    with pytest.raises(SystemExit):
        produce_statement(job.pk)
    job.refresh_from_db()
    assert (job.state, papers_on_disk()) == (JobState.RUNNING, [])
    for _ in range(2):
        produce_statement(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, len(papers_on_disk())) == (JobState.DONE, 2, 1)


def test_a_file_is_whole_or_absent(tmp_path, monkeypatch):
    storage = DurableStorage(location=tmp_path)
    name = storage.save("statements/2026/a.pdf", ContentFile(b"whole"))
    assert (tmp_path / name).read_bytes() == b"whole"
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space left"):
        storage.save("statements/2026/b.pdf", ContentFile(b"half"))
    assert not storage.exists("statements/2026/b.pdf")


def test_the_night_removes_what_no_paper_names(territory):
    kept = send(StatementFactory(territory=territory))
    forgotten = STORAGE.save("statements/2026/ancien-apercu.pdf", ContentFile(b"x"))
    assert stored_papers.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert stored_papers.sweep() == 1
    assert not STORAGE.exists(forgotten)
    assert STORAGE.exists(kept.pdf.name)


def test_the_night_tells_the_administrator_of_a_changed_document(territory, caplog):
    administrator = UserFactory()
    grant(user=administrator, role=Role.ADMINISTRATOR, by=None)
    statement = send(StatementFactory(territory=territory))
    assert stored_papers.verify() == []
    with STORAGE.open(statement.pdf.name, "wb") as paper:
        paper.write(b"%PDF-1.7 changed")
    assert stored_papers.verify() == [f"État {statement.number} : son document a changé depuis sa publication."]
    assert "altérés ou introuvables : 1" in Notification.objects.get(recipient=administrator).text
    assert statement.number in caplog.text


@pytest.mark.parametrize(
    ("lots", "over"),
    [
        ([{"ends_on": date(2026, 9, 14)}], True),
        ([{"ends_on": date(2026, 9, 15)}], False),
        ([{"ends_on": None}], False),
        ([{"ends_on": None, "state": LotState.CLOSED}], True),
        ([{"ends_on": date(2026, 9, 14)}, {"ends_on": date(2026, 12, 31)}], False),
        ([], False),
    ],
)
def test_a_closing_report_waits_for_every_lot(territory, facilitator, lots, over):
    market = LotFactory(territory=territory).market
    for fields in lots:
        lot = LotFactory(territory=territory, market=market, calibrated=True)
        Lot.objects.filter(pk=lot.pk).update(**{"starts_on": date(2026, 1, 1), "state": LotState.RUNNING} | fields)
    report = open_statement(kind="closing", period=None, market=market, by=facilitator)
    if over:
        assert ask(statement=report, by=facilitator, publish=True)
        return
    with pytest.raises(DomainError) as refusal:
        ask(statement=report, by=facilitator, publish=True)
    assert refusal.value.message == NOT_OVER[StatementKind.CLOSING]


def test_a_year_is_published_once_it_is_over(officer):
    for period, over in (("2025", True), ("2026", False), ("2025-09_2026-08", True), ("2025-10_2026-09", False)):
        report = open_statement(kind="annual", period=period, by=officer)
        if over:
            assert ask(statement=report, by=officer, publish=True)
        else:
            with pytest.raises(DomainError, match="Cette année"):
                ask(statement=report, by=officer, publish=True)


def test_the_paper_of_a_direction_is_the_chargee_de_mission_s(territory, facilitator, officer):
    statement = StatementFactory(territory=None, directorate=DirectorateFactory())
    refused = produced(statement, facilitator, publish=False)
    assert refused.state == JobState.REFUSED
    assert produced(statement, officer).state == JobState.DONE
    assert not HoursEntry.objects.exists()
    mine = StatementFactory(territory=territory, period_code="2026-T1")
    assert produced(mine, officer, publish=False).state == JobState.REFUSED


def test_a_published_paper_is_not_laid_out_again(territory, recipe):
    recipe(build=lambda statement, dated_on: pytest.fail("computed for nothing"))
    statement = StatementFactory(territory=territory, published=True)
    with pytest.raises(Conflict):
        production.produce(ExportJob(statement=statement, asked_by=author()), lambda step, done=None: None)
