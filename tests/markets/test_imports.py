"""An import asked from the browser and done by the worker: tried first, then for good, by whom still may."""

import json

import pytest

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from facilitators.reference import load
from markets.models import ImportRun, Lot, Market
from markets.services.imports import ALREADY_RUNNING, ask_import
from markets.tasks import import_file, republish_forgotten_jobs
from tests.factories.accounts import UserFactory, author
from tests.markets.importers.decp_files import as_2019, row_2019

pytestmark = pytest.mark.django_db

CONTENT = as_2019(row_2019(), row_2019(acheteur={"id": "123"}, montant=1.0e17)).getvalue()


@pytest.fixture
def officer(db):
    load()
    user = UserFactory()
    user.membership = grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


def done(run):
    import_file(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def asked(by, content=CONTENT, **options):
    return ask_import(by=by, file_name="decp.json", content=content, **options)


def test_a_trial_says_everything_and_writes_nothing(officer):
    run = done(asked(officer))
    assert (run.state, run.error) == (JobState.DONE, "")
    assert not Market.objects.exists()
    assert [line["outcome"] for line in run.report["lines"]] == ["created", "refused"]
    assert (run.report["counts"]["created"], run.report["counts"]["refused"]) == (1, 1)


def test_the_same_file_is_then_imported_for_good(officer):
    done(asked(officer))
    run = done(asked(officer, dry_run=False))
    assert run.state == JobState.DONE
    assert Market.objects.count() == Lot.objects.count() == 1
    assert Lot.objects.get().history.get().history_user == officer


def test_the_report_holds_no_amount(officer):
    text = json.dumps(done(asked(officer)).report)
    assert [figure for figure in ("76975", "76 975", "1e+17", "1.0E17") if figure in text] == []


def test_another_buyer_is_left_aside(officer):
    run = done(asked(officer, dry_run=False, buyer_siret="20005480700017"))
    assert run.state == JobState.DONE
    assert not Market.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"{", b"<html></html>", b"PK\x03\x04"])
def test_a_file_that_is_not_what_it_says_is_one_sentence(officer, content):
    run = done(asked(officer, content, dry_run=False))
    assert (run.state, run.report) == (JobState.FAILED, None)
    assert run.error.endswith(".")
    assert not Market.objects.exists()


def test_the_same_import_under_way_is_not_asked_twice(officer):
    run = asked(officer)
    with pytest.raises(DomainError, match=ALREADY_RUNNING):
        asked(officer)
    assert asked(officer, dry_run=False).pk != run.pk
    assert asked(UserFactory()).pk != run.pk
    done(run)
    assert asked(officer).pk != run.pk


def test_whoever_lost_the_right_no_longer_imports_nor_reads(officer):
    run = asked(officer, dry_run=False)
    assert list(ImportRun.objects.visible_to(officer)) == [run]
    revoke(membership=officer.membership, by=author())
    assert done(run).state == JobState.REFUSED
    assert not Market.objects.exists()
    assert not ImportRun.objects.visible_to(User.objects.get(pk=officer.pk)).exists()


def test_an_import_is_for_whoever_asked_it(officer):
    asked(officer)
    colleague = UserFactory()
    grant(user=colleague, role=Role.MISSION_OFFICER, by=None)
    assert not ImportRun.objects.visible_to(colleague).exists()


def test_forgotten_imports_are_sent_again(officer):
    run = asked(officer)
    republish_forgotten_jobs()
    assert ImportRun.objects.get(pk=run.pk).sent_on is not None
