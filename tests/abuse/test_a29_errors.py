"""A29 – error pages and mails: a failure in a view, a template, the interface or a task tells its reference, no more.

Neither the page, nor the log, nor the mail to the administrators holds what was sent, computed or read (M17).
"""

import json
import re

import pytest
from django.core import mail
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from clauses_portal.core.jobs.worker import FAILED
from facilitators import tasks
from facilitators.enums import KeyScope, Role
from markets.api.lots import LotViewSet
from markets.models import ImportRun
from markets.services import imports
from markets.tasks import import_file
from tests.core.failing_urls import SECRET
from tests.support.log_lines import production_log
from tests.support.pages import words
from tests.support.strictness import StrictClient

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("today", "convention"),
    pytest.mark.urls("tests.core.failing_urls"),
]

NEUTRAL = re.compile(r"Une erreur est survenue\. Référence : ([0-9a-f]{12})\.?")
# What a page of Django, a trace or a message of the database would show.
INSIDE = ("CANARI", "918273", "Traceback", "Error", "SELECT", "accounts_user", "/site-packages", ".py", "TYPED-CANARI")
FAILING = ["/panne/500/", "/panne/gabarit/", "/panne/base/"]


@pytest.fixture
def administrators(settings):
    settings.ADMINS = [("Exploitation", "exploitation@example.test")]


@pytest.fixture
def officer(as_role):
    client = StrictClient(raise_request_exception=False)
    client.cookies = as_role(Role.MISSION_OFFICER).cookies
    return client


def broken(*args, **kwargs):
    amount = SECRET
    raise RuntimeError(amount)


def nothing_of_it(text):
    return [inside for inside in (*INSIDE, *TYPED.values()) if inside in text]


TYPED = {"nom": "TYPED-CANARI", "mot_de_passe": "TYPED-SECRET"}
# In a log: kinds and places are there, values are not.
VALUES = ("CANARI", "918273", "TYPED", "@example.test", "SELECT")


@pytest.mark.parametrize("path", FAILING)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_fails_says_its_reference_alone(officer, administrators, path, method):
    with production_log() as log:
        response = getattr(officer, method)(f"{path}?q=ZZCANARINOM", TYPED)
    assert response.status_code == 500
    reference = NEUTRAL.search(words(response))[1]
    assert nothing_of_it(response.content.decode()) == []
    assert [value for value in VALUES if value in log.text] == []
    failures = [event for event in log.events if event["level"] == "ERROR"]
    assert failures
    assert {event["reference"] for event in failures} == {reference}


@pytest.mark.parametrize("path", FAILING)
def test_the_mail_to_the_administrators_says_where_and_nothing_of_what(officer, administrators, path):
    officer.post(f"{path}?q=ZZCANARINOM", TYPED)
    told = " ".join(f"{message.subject} {message.body} {message.alternatives}" for message in mail.outbox)
    assert "Référence : " in told
    assert re.search(r"failing_urls\.py:\d+", told) or "gabarit" in path
    assert [
        value for value in (*VALUES, "testserver", "sessionid", officer.cookies["sessionid"].value) if value in told
    ] == []


def test_the_database_tells_its_code_and_not_its_values(officer):
    with production_log() as log:
        officer.get("/panne/base/")
    assert "DataError [22P02]" in {event.get("error") for event in log.events}


def test_the_interface_answers_a_problem_with_its_reference_alone(as_key, monkeypatch, administrators):
    program = as_key(KeyScope.READ_MARKETS)
    monkeypatch.setattr(LotViewSet, "represent", broken)
    with production_log() as log:
        response = program.read("/lots?market=1")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "failure")
    assert NEUTRAL.fullmatch(problem["detail"])[1] == problem["reference"]
    assert nothing_of_it(json.dumps(problem)) == []
    assert [value for value in (*VALUES, program.text) if value in log.text] == []
    assert problem["reference"] in {event["reference"] for event in log.events if event.get("error") == "RuntimeError"}


def test_a_job_that_fails_says_its_sentence_alone(as_role, monkeypatch):
    user = as_role(Role.MISSION_OFFICER).user
    run = ImportRun.objects.create(file_name="a.json", content=b"{}", asked_by=user, asked_at=timezone.now())
    monkeypatch.setattr(imports, "do_import", broken)
    with production_log() as log:
        import_file(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (JobState.FAILED, FAILED)
    assert [value for value in VALUES if value in log.text] == []
    assert "RuntimeError" in {event.get("error") for event in log.events}


def test_a_task_that_fails_is_logged_by_its_name_and_its_number(monkeypatch):
    monkeypatch.setattr(tasks, "send_waiting", broken)
    with production_log() as log:
        outcome = tasks.send_mails.apply(task_id="a-number")
    assert outcome.failed()
    failure = next(event for event in log.events if event["level"] == "ERROR")
    assert failure["message"] == "Task facilitators.tasks.send_mails[a-number] raised unexpected: RuntimeError"
    assert failure["error"] == "RuntimeError"
    assert [value for value in VALUES if value in log.text] == []
