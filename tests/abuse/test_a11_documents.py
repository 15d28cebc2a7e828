"""A11: what somebody wrote is printed in a document as it was written; it fetches nothing, from anywhere.

That a document which calls for anything at all fails is in tests/core/test_pdf_resources.py, vector by vector.
"""

import socket
from pathlib import Path

import pytest
from django.db.models import Model
from django.utils import timezone

from clauses_portal.core import jobs
from clauses_portal.core.pdf import fetcher
from markets.meeting_papers import attendance_pdf, minutes_pdf
from participants.services.certificates import render_certificate
from participants.work_paper import posts_of, work_certificate_pdf
from reporting.models import ExportJob, NominativeList
from reporting.services import nominative, production
from tests.abuse.scripts import store
from tests.factories.accounts import author
from tests.factories.nominative import NominativeListFactory
from tests.support.aviary import fill
from tests.support.papers import parts_of

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
SECRET = Path("/etc/hostname")
# {there}: a listener of this machine. Short enough for the fields of one line.
VECTORS = (
    "<img src=file:///etc/hostname>",
    "<img src=/etc/hostname>",
    "<img src=http://{there}/1.png>",
    "<img src=//{there}/2.png>",
    "<img src=FILE:///etc/hostname>",
    "<img src=ftp://{there}/3>",
    "<img srcset=http://{there}/4.png>",
    "<img src=data:text/html,x>",
    "<img src=static:../manage.py>",
    "<embed src=file:///etc/hostname>",
    "<object data=file:///etc/hostname>",
    "<iframe src=http://{there}/5>",
    "<link rel=attachment href=/etc/hostname>",
    "<a rel=attachment href=/etc/hostname>x",
    "<link rel=stylesheet href=//{there}/6>",
    "<style>@import '//{there}/7';</style>",
    "<style>p{{background:url(//{there}/8)}}",
    "<p style=background:url(//{there}/9)>",
    "<style>@page{{background:url(//{there}/a)}}",
    "<style>*::before{{content:url(/etc/hostname)}}",
    "<svg><image href=file:///etc/hostname>",
    "<svg><use href=http://{there}/b#x>",
    "<base href=file:///etc/>",
    "<meta http-equiv=refresh content=0;//{there}>",
    "<script src=http://{there}/c></script>",
    "<table background=//{there}/d>",
    "<?xml-stylesheet href='//{there}/e'?>",
    "<!ENTITY x SYSTEM 'file:///etc/hostname'>",
    "url(http://{there}/f) @import '//{there}/g'",
    "javascript:alert(1) file:///etc/hostname",
)


@pytest.fixture
def listener():
    """Nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


@pytest.fixture
def written(territory, listener):
    """The rows of a world where somebody wrote these vectors in every free text."""
    targets = fill(territory)
    there = f"127.0.0.1:{listener.getsockname()[1]}"
    vectors = [vector.format(there=there) for vector in VECTORS]
    asked = NominativeListFactory(territory=territory, asked_by=author())
    assert len(store(0, vectors)) > 60
    rows = {name: row for name, row in targets.items() if isinstance(row, Model)}
    read_again = {name: type(row)._base_manager.get(pk=row.pk) for name, row in rows.items()}
    return targets | read_again | {"asked": asked}


def attendance(targets):
    return attendance_pdf(targets["meeting"], at=timezone.now())


def minutes(targets):
    return minutes_pdf(targets["meeting"], number="CR-1", author=author(), at=timezone.now())


def certificate(targets):
    validation = targets["contract"].participant.validations.granted().get()
    return render_certificate(validation, "AE-1", by=author())


def work_certificate(targets):
    person = targets["contract"].participant
    return work_certificate_pdf(person, posts_of(person), number="AP-1", by=author(), at=timezone.now())


def statement(targets):
    job = production.ask(statement=targets["draft"], by=author(), publish=False)
    jobs.run(ExportJob, job.pk, allowed=lambda job: True, work=production.produce)
    job = ExportJob.objects.get(pk=job.pk)
    assert job.error == ""
    with job.statement.pdf.open() as file:
        return file.read()


def nominative_list(targets):
    asked = NominativeList.objects.get(pk=targets["asked"].pk)
    nominative.produce(asked, lambda step, done=None: None)
    return bytes(asked.pdf)


MAKERS = (attendance, minutes, certificate, work_certificate, statement, nominative_list)


def test_a_document_prints_what_was_written_and_fetches_nothing(written, listener, monkeypatch):
    asked, fetch = [], fetcher.OwnFilesFetcher.fetch
    monkeypatch.setattr(
        fetcher.OwnFilesFetcher, "fetch", lambda self, url, headers=None: asked.append(url) or fetch(self, url, headers)
    )
    secret = SECRET.read_text().strip()
    for make in MAKERS:
        parts = parts_of(make(written))
        printed = "".join(parts["text"].split()).replace("\u00a0", "").replace("\u202f", "")
        assert any(opening(vector) in printed for vector in VECTORS), (make.__name__, printed[:300])
        assert [name for name, text in parts.items() if secret in text] == [], make.__name__
    assert [url for url in asked if not url.startswith(("static:", "data:image/"))] == []
    with pytest.raises(TimeoutError):
        listener.accept()


def opening(vector):
    """The beginning of a vector as a document may cut it: no blanks, no address."""
    return "".join(vector.split("{")[0].split())


def test_there_are_enough_vectors():
    assert len(VECTORS) >= 25
