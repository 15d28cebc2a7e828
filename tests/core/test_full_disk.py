"""The disk is full: a French sentence, no half file, no half row; the room comes back, and so does the portal."""

import gc
import resource
import signal
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from clauses_portal.core.errors import NO_ROOM, DomainError
from clauses_portal.core.storage import DurableStorage
from facilitators.enums import Role
from reporting.models import BrandingLogo, ExportJob
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.reporting import StatementFactory
from tests.support.pages import words
from tests.support.strictness import StrictClient

ROOM = 1_000_000


@contextmanager
def no_room_beyond(size):
    """No file of this process may pass `size` bytes: the system answers as a full disk does (EFBIG)."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_that_does_not_fit_leaves_nothing(tmp_path):
    storage = DurableStorage(location=tmp_path)
    with no_room_beyond(1000), pytest.raises(DomainError) as refusal:
        storage.save("statements/2026/etat.pdf", ContentFile(b"x" * 2000))
    assert refusal.value.message == NO_ROOM
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    storage.save("statements/2026/etat.pdf", ContentFile(b"x" * 2000))
    assert (tmp_path / "statements/2026/etat.pdf").stat().st_size == 2000


@pytest.mark.django_db
def test_a_deposit_that_does_not_fit_is_refused_in_french(as_role, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    client = StrictClient(raise_request_exception=False)
    client.cookies = as_role(Role.ADMINISTRATOR).cookies
    heavy = SimpleUploadedFile("logo.png", b"\x89PNG" + b"x" * 3 * ROOM, content_type="image/png")
    with no_room_beyond(ROOM):
        response = client.post("/logos/", {"image": heavy})
        assert list(tmp_path.iterdir()) == []  # nothing keeps the room that is missing
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert NO_ROOM in words(response)
    assert not BrandingLogo.objects.exists()
    gc.collect()  # a file still open would be told here


@pytest.mark.django_db
def test_a_document_that_does_not_fit_fails_and_nothing_is_published(settings, tmp_path, today):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "clauses_portal.core.storage.DurableStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    statement = StatementFactory()
    job = ask(statement=statement, by=author(), publish=True, from_console=True)
    with no_room_beyond(10_000):
        produce_statement(job.pk)
    job, statement = ExportJob.objects.get(pk=job.pk), type(statement).objects.get()
    assert (job.state, job.error, statement.state, statement.pdf.name) == ("failed", NO_ROOM, "draft", "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    produce_statement(ask(statement=statement, by=author(), publish=True, from_console=True).pk)
    statement.refresh_from_db()
    assert statement.state == "published"
