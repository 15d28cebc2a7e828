"""An import does not read a file before the antivirus: it waits, goes on by itself, or ends when it is infected."""

import pytest
from django.db.models import BinaryField, FileField

from clauses_portal.celery import app
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.jobs import JobState, read_progress
from clauses_portal.core.jobs.worker import SCANNED_FIRST
from clauses_portal.core.papers import Paper
from clauses_portal.core.scan_rounds import scan_waiting
from clauses_portal.core.scanning import INFECTED
from facilitators.enums import Role
from markets.models import DocumentTemplate, ImportRun
from markets.services.document_templates import preview_docx, upload_template
from markets.services.imports import ask_import
from markets.tasks import import_file
from reporting.services import branding
from tests.core.made_files import image
from tests.factories.accounts import author
from tests.support.clamd import EICAR, clamd
from tests.support.paperwork import word
from tests.support.source import models

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# Made by the portal itself, or kept for it: nobody deposits them.
PRODUCED = {
    "facilitators.OutgoingMail.attachment",
    "markets.ContractDocument.docx",
    "markets.ContractDocument.pdf",
    "markets.PenaltyLetter.docx",
    "participants.AccessExport.content",
    "reporting.NominativeList.pdf",
    "reporting.NominativeList.xlsx",
    "reporting.PackageExport.file",
    "reporting.Statement.pdf",
    "reporting.StatementFile.content",
}


@pytest.fixture
def antivirus(settings):
    with clamd(settings) as server:
        yield server


@pytest.fixture
def sent(monkeypatch):
    """Ids of the jobs handed to the workers."""
    ids = []
    monkeypatch.setattr(app, "send_task", lambda task, args=(), **options: ids.extend(args))
    return ids


def asked(as_role, content):
    return ask_import(by=as_role(Role.MISSION_OFFICER).user, file_name="marches.csv", content=content)


def tried(run):
    import_file(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def test_an_import_waits_for_the_antivirus_then_goes_on(antivirus, as_role, sent, django_capture_on_commit_callbacks):
    run = tried(asked(as_role, b"id;objet\n1;Voirie\n"))
    assert (run.state, run.attempts, read_progress(run).step) == (JobState.ASKED, 0, SCANNED_FIRST)
    with django_capture_on_commit_callbacks(execute=True):
        scan_waiting()
    assert sent == [run.pk]
    assert tried(run).state in {JobState.DONE, JobState.FAILED}
    assert tried(run).attempts == 1


def test_an_infected_import_ends_there(antivirus, as_role):
    run = asked(as_role, b"id;objet\n" + EICAR)
    scan_waiting()
    run = tried(run)
    assert (run.state, run.error, run.attempts) == (JobState.FAILED, INFECTED, 0)


def test_an_import_waits_as_long_as_the_antivirus_is_away(settings, as_role):
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:9"
    run = asked(as_role, b"id;objet\n1;Voirie\n")
    for _ in range(5):
        scan_waiting()
        run = tried(run)
    assert (run.state, run.attempts) == (JobState.ASKED, 0)


def test_a_template_fills_nothing_before_its_verdict(antivirus):
    template = upload_template(kind="ccap", file_name="ccap.docx", content=word("{{ heures }}"), note="", by=author())
    with pytest.raises(Exception, match="en cours d’analyse"):
        preview_docx(template, "execution")
    scan_waiting()
    assert preview_docx(DocumentTemplate.objects.get(pk=template.pk), "execution").startswith(b"PK")


def test_an_infected_logo_is_printed_on_nothing(antivirus, today):
    branding.add_logo(owner="department", content=image("PNG"), alt="Logo", valid_from=today, by=author())
    assert branding.logos_on(today)[0].image
    antivirus.reply = b"stream: Found.In.Picture FOUND\n"
    scan_waiting()
    assert branding.logos_on(today)[0].image is None


def test_every_content_is_deposited_and_scanned_or_produced_here():
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in model._meta.local_fields
        if isinstance(field, BinaryField | FileField)
        and not (issubclass(model, Deposited) and model.deposited_field == field.name)
    }
    papers = {f"{model._meta.label}.content" for model in models() if issubclass(model, Paper)}
    assert kept - papers <= PRODUCED
