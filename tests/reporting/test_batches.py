"""A quarter produced as a whole: drafts opened, previews asked, failures told and taken up again, then published."""

from datetime import date

import pytest
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.periods import Quarter
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from reporting.models import ExportJob, ProductionBatch, Statement
from reporting.services.batches import ask_batch, progress_of, publish_all, retry_failures, scopes_of
from reporting.tasks import produce_batch, produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.support.pages import document, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

T2 = Quarter(2026, 2)


@pytest.fixture
def market(territory):
    """A market of Pays d’Aix at work in the second quarter."""
    return HoursEntryFactory(contract__award__lot__territory=territory, month=date(2026, 5, 1)).market


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


def opened(by, period=T2):
    """The batch of a quarter, once the worker opened its drafts."""
    batch = ask_batch(period=period, by=by)
    produce_batch(batch.pk)
    return ProductionBatch.objects.get(pk=batch.pk)


def produce(batch):
    for job in batch.jobs.waiting():
        produce_statement(job.pk)


def state_of(batch):
    progress = progress_of(batch)
    return progress.done, progress.total, progress.is_over


def test_a_facilitator_produces_her_territory_and_its_markets_at_work(facilitator, territory, elsewhere, market):
    LotFactory(territory=territory)
    shared = HoursEntryFactory(contract__award__lot__territory=territory, month=date(2026, 5, 1)).market
    LotFactory(territory=elsewhere, market=shared)
    HoursEntryFactory(contract__award__lot__territory=elsewhere, month=date(2026, 5, 1))
    assert scopes_of(facilitator.user, T2) == [{"territory": territory}, {"market": market}]
    assert scopes_of(facilitator.user, T2.next) == [{"territory": territory}]


def test_the_chargee_de_mission_produces_the_directions_at_work(as_role, market):
    directorate = DirectorateFactory()
    LotFactory(market__operation__directorate=directorate, awarded=True)
    scopes = scopes_of(as_role(Role.MISSION_OFFICER).user, T2)
    assert {"directorate": directorate} in scopes
    assert all(set(scope) == {"directorate"} for scope in scopes)


def test_the_drafts_are_opened_and_one_line_says_how_far(facilitator, territory, market):
    StatementFactory(territory=territory, comments="Commencé.")
    batch = opened(facilitator.user)
    assert Statement.objects.count() == 2
    assert state_of(batch) == (0, 2, False)
    first, second = batch.jobs.all()
    produce_statement(first.pk)
    assert state_of(batch) == (1, 2, False)
    produce_statement(second.pk)
    assert state_of(batch) == (2, 2, True)
    assert not Statement.objects.published().exists()


def test_asked_twice_it_is_one_batch(facilitator, market):
    batch = ask_batch(period=T2, by=facilitator.user)
    assert ask_batch(period=T2, by=facilitator.user) == batch
    for _ in range(2):
        produce_batch(batch.pk)
    assert ask_batch(period=T2, by=facilitator.user) == batch
    assert (ExportJob.objects.count(), Statement.objects.count()) == (2, 2)
    assert ask_batch(period=T2.previous, by=facilitator.user) != batch
    produce(batch)
    assert ask_batch(period=T2, by=facilitator.user) != batch


def test_a_worker_killed_half_way_asks_nothing_twice(facilitator, market, monkeypatch):
    batch = ask_batch(period=T2, by=facilitator.user)
    with monkeypatch.context() as patch:
        patch.setattr(
            "reporting.services.batches.open_statement", lambda **key: (_ for _ in ()).throw(SystemExit("killed"))
        )
        with pytest.raises(SystemExit):
            produce_batch(batch.pk)
    produce_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.jobs.count()) == (JobState.DONE, 2)


def test_what_is_published_is_left_alone(facilitator, territory):
    StatementFactory(territory=territory, published=True)
    assert not opened(facilitator.user).jobs.exists()


def test_rights_are_those_of_the_moment(facilitator, market):
    batch = ask_batch(period=T2, by=facilitator.user)
    revoke(membership=facilitator.user.memberships.get(), by=author())
    produce_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Statement.objects.count()) == (JobState.REFUSED, 0)


def test_failures_are_taken_up_again_alone(facilitator, market):
    batch = opened(facilitator.user)
    failed, done = batch.jobs.order_by("pk")
    ExportJob.objects.filter(pk=failed.pk).update(state=JobState.FAILED, error="Les heures changent.")
    ExportJob.objects.filter(pk=done.pk).update(state=JobState.DONE)
    assert retry_failures(batch=batch, by=facilitator.user) == 1
    assert state_of(batch) == (1, 2, False)
    assert list(batch.jobs.waiting().values_list("statement", flat=True)) == [failed.statement_id]
    assert retry_failures(batch=batch, by=facilitator.user) == 0


def test_a_quarter_under_way_is_not_published(facilitator, territory):
    batch = opened(facilitator.user, T2.next)
    with pytest.raises(DomainError, match="Ce trimestre"):
        publish_all(batch=batch, by=facilitator.user)


def test_nobody_publishes_what_is_no_longer_hers(facilitator, market):
    batch = opened(facilitator.user)
    ExportJob.objects.update(state=JobState.DONE)
    stranger = UserFactory()
    grant(user=stranger, role=Role.MISSION_OFFICER, by=None)
    assert publish_all(batch=batch, by=stranger) == 0


def test_a_quarter_is_produced_from_the_list_to_its_publication(facilitator, territory, market):
    url = reverse("reporting:batch_create")
    assert document(facilitator.get("/etats/")).xpath(f"//a[@href='{url}']")
    response = submit(facilitator, url, quarter="2026-T2")
    batch = ProductionBatch.objects.get()
    page = reverse("reporting:batch", args=[batch.pk])
    assert response.redirect_chain[-1][0] == page
    assert "Production des états" in words(response)
    produce_batch(batch.pk)
    failed = batch.jobs.order_by("pk").first()
    ExportJob.objects.filter(pk=failed.pk).update(state=JobState.FAILED, error="Les heures changent.")
    assert document(facilitator.get(page)).xpath("//div[@hx-trigger='every 1s']")
    produce(batch)
    rows = table(facilitator.get(page))
    assert [row[2] for row in rows] == ["Échec Les heures changent.", "Terminé"]
    response = facilitator.post(reverse("reporting:batch_retry", args=[batch.pk]), follow=True)
    assert told(response) == ["Documents demandés : 1."]
    produce(batch)
    response = facilitator.post(reverse("reporting:batch_publish", args=[batch.pk]), follow=True)
    assert told(response) == ["Documents demandés : 2."]
    produce(batch)
    assert Statement.objects.in_force().count() == 2
    assert "Tous ces états sont publiés." in words(facilitator.get(page))
    response = facilitator.post(reverse("reporting:batch_publish", args=[batch.pk]), follow=True)
    assert told(response) == ["Aucun brouillon n’est à publier."]


def test_a_batch_is_its_author_s(facilitator, as_role, market):
    page = reverse("reporting:batch", args=[opened(facilitator.user).pk])
    assert as_role(Role.FACILITATOR).get(page).status_code == 404
    assert as_role(Role.DIRECTOR).get(reverse("reporting:batch_create")).status_code == 403
