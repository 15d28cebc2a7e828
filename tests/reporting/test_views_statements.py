"""Quarterly statements: opened, drafted, previewed, published by the worker, then frozen."""

import hashlib
import json
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from participants.models import ClosedPeriod
from reporting.enums import StatementState
from reporting.models import ExportJob, Statement
from reporting.statements.quarterly import build_snapshot
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.support.application_role import erase
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LIST, NEW = "/etats/", "/etats/nouveau/"
SIGNED = "Ce document signé ne peut plus être modifié."
NOT_OVER = "Ce trimestre n’est pas terminé : son état ne peut pas encore être publié."
NOT_IN_LIST = "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."
TOO_LONG = "Assurez-vous que cette valeur comporte au plus 40 caractères (actuellement 41)."
PAPER = b"%PDF-1.7 invented"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def draft(territory):
    return StatementFactory(territory=territory)


@pytest.fixture
def published(territory):
    """A paper already sent: its file is there."""
    statement = StatementFactory(territory=territory, period_code="2026-T1")
    statement.snapshot = build_snapshot(statement, dated_on=date(2026, 7, 10))
    statement.pdf.save("etat.pdf", ContentFile(PAPER), save=False)
    statement.sha256, statement.pdf_size = hashlib.sha256(PAPER).hexdigest(), len(PAPER)
    statement.state, statement.published_at, statement.published_by = "published", timezone.now(), author()
    statement.save()
    return statement


def url(name, row):
    return reverse(f"reporting:{name}", args=[row.pk])


def open_statement(client, **values):
    return submit(client, NEW, **values)


def ask(client, statement, name):
    """Press « Préparer un aperçu » or « Publier »."""
    return submit(client, url("statement", statement), action=url(name, statement))


def produce(statement):
    """The worker does the job that waits."""
    produce_statement(ExportJob.objects.get(statement=statement, state=JobState.ASKED).pk)
    statement.refresh_from_db()


def test_a_statement_is_opened_once(facilitator, territory):
    for _ in range(2):
        response = open_statement(facilitator, territory=territory.pk, period="2026-T2")
        assert "État trimestriel – Pays d’Aix 2e trimestre 2026 – version 1 – Brouillon" in words(response)
    statement = Statement.objects.get()
    assert (statement.territory, statement.period_code, statement.state) == (territory, "2026-T2", "draft")


def test_the_last_quarter_is_proposed_first(facilitator):
    assert typed(facilitator.get(NEW))["period"] == "2026-T2"


def test_a_statement_may_be_of_one_market(facilitator, territory):
    market = LotFactory(territory=territory).market
    open_statement(facilitator, market_number=f" {market.number} ")
    assert (Statement.objects.get().market, Statement.objects.get().territory) == (market, None)


def test_a_wrong_statement_is_not_opened(facilitator, territory, elsewhere):
    neighbour, shared = LotFactory(territory=elsewhere).market, LotFactory(territory=territory).market
    LotFactory(territory=elsewhere, market=shared)
    no_market = "Aucun marché de ce numéro dans vos territoires, ou plusieurs."
    for wrong, sentence in (
        ({"territory": elsewhere.pk}, NOT_IN_LIST),
        ({"territory": ""}, "Indiquez de quoi parle ce document."),
        ({"period": "2026-T4"}, "Sélectionnez un choix valide. 2026-T4 n’en fait pas partie."),
        ({"period": "zzz"}, "Sélectionnez un choix valide. zzz n’en fait pas partie."),
        ({"period": "solde"}, "Indiquez le marché du bilan."),
        ({"market_number": "inconnu"}, no_market),
        ({"market_number": neighbour.number}, no_market),
        ({"market_number": shared.number}, no_market),
        ({"market_number": "x" * 41}, TOO_LONG),
    ):
        response = facilitator.post(NEW, {"territory": territory.pk, "period": "2026-T2"} | wrong)
        assert_refused(response, sentence)
        assert typed(response)["market_number"] == wrong.get("market_number", "")
    assert not Statement.objects.exists()


def test_the_chargee_de_mission_opens_the_papers_of_the_departement(as_role):
    officer, directorate = as_role(Role.MISSION_OFFICER), DirectorateFactory()
    assert set(typed(officer.get(NEW))) == {"csrfmiddlewaretoken", "period", "directorate"}
    open_statement(officer, directorate=directorate.pk, period="2026-T2")
    opened = Statement.objects.get()
    assert (opened.directorate, opened.territory, opened.kind) == (directorate, None, "quarterly")
    assert_refused(officer.post(NEW, {"period": "2026-T2"}), "Indiquez de quoi parle ce document.")


def test_a_director_opens_nothing(as_role):
    for response in (as_role(Role.DIRECTOR).get(NEW), as_role(Role.DIRECTOR).post(NEW, {})):
        assert response.status_code == 403


def test_the_texts_of_a_draft_are_kept(facilitator, draft):
    response = submit(facilitator, url("statement", draft), action="", **texts("Un bon trimestre."))
    assert_done(response, "Le brouillon est enregistré.")
    assert Statement.objects.get().comments == "Un bon trimestre."
    assert Statement.objects.get().history.first().history_user == facilitator.user


def texts(comments, outlook="Trois chantiers."):
    return {"comments": comments, "outlook": outlook}


def test_a_wrong_text_is_not_kept(facilitator, draft):
    for comments, sentence in [
        ("x" * 5001, "Assurez-vous que cette valeur comporte au plus 5000 caractères (actuellement 5001)."),
        ("Bien\u202e", "Ce texte contient un caractère invisible ou interdit."),
    ]:
        response = facilitator.post(url("statement", draft), texts(comments))
        assert_refused(response, sentence)
        assert document(response).xpath("//textarea[@name='outlook']")[0].text.strip() == "Trois chantiers."
        assert Statement.objects.get().comments == ""


def test_a_statement_goes_from_preview_to_publication(facilitator, territory, as_role):
    HoursEntryFactory(contract__award__lot__territory=territory, month=date(2026, 4, 1), declared=100)
    open_statement(facilitator, territory=territory.pk, period="2026-T2")
    statement = Statement.objects.get()
    ask(facilitator, statement, "preview")
    produce(statement)
    response = facilitator.get(url("statement", statement))
    assert "Comptabilisées au trimestre 100 h" in words(response)
    assert "Chiffres du dernier aperçu" in words(response)
    assert statement.state == StatementState.DRAFT
    assert not ClosedPeriod.objects.exists()

    ask(facilitator, statement, "publish")
    produce(statement)
    assert (statement.state, statement.published_by) == (StatementState.PUBLISHED, facilitator.user)
    assert ClosedPeriod.objects.get().quarter_start == date(2026, 4, 1)
    response = as_role(Role.DIRECTOR).get(url("statement", statement))
    assert statement.sha256 in words(response)
    assert statement.verification_code in words(response)
    paper = as_role(Role.DIRECTOR).get(url("download", statement)).content
    assert hashlib.sha256(paper).hexdigest() == statement.sha256


def test_progress_is_shown_until_it_is_over(facilitator, draft, monkeypatch):
    ask(facilitator, draft, "preview")
    job = ExportJob.objects.get()
    waiting = document(facilitator.get(url("job", job)))
    assert (waiting.get("hx-get"), waiting.get("hx-trigger")) == (url("job", job), "every 1s")
    assert "Aperçu du document" in words(facilitator.get(url("statement", draft)))
    job.state = JobState.FAILED
    job.error = "La production a échoué."
    job.save()
    over = facilitator.get(url("job", job))
    assert document(over).get("hx-get") is None
    assert "La production a échoué." in words(over)


def test_a_document_is_asked_once_at_a_time(facilitator, draft):
    ask(facilitator, draft, "preview")
    ask(facilitator, draft, "publish")
    assert ExportJob.objects.count() == 1


def test_a_quarter_is_published_once_it_is_over(facilitator, territory):
    current = StatementFactory(territory=territory, period_code="2026-T3")
    assert told(ask(facilitator, current, "publish")) == [NOT_OVER]
    assert not ExportJob.objects.exists()


def test_a_published_statement_never_changes(facilitator, published):
    for name in ("preview", "publish"):
        assert told(facilitator.post(url(name, published), follow=True)) == [SIGNED]
    response = facilitator.post(url("statement", published), texts("Après coup"))
    assert response.status_code == 409
    assert told(response) == [SIGNED]
    published.refresh_from_db()
    assert (published.comments, ExportJob.objects.count()) == ("", 0)
    assert not document(facilitator.get(url("statement", published))).xpath("//main//form")
    assert facilitator.post(url("comment", published), {"text": "Après coup"}, follow=True).status_code == 200
    assert not published.remarks.exists()


def test_a_download_is_safe(as_role, published):
    response = as_role(Role.DIRECTOR).get(url("download", published))
    assert response.content == PAPER
    headers = response.headers
    assert headers["Content-Disposition"] == 'attachment; filename="ET-2026-T1-pays-d-aix-1.pdf"'
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox"
    assert "no-store" in headers["Cache-Control"]
    assert "ETag" not in headers


def test_a_conditional_request_learns_nothing(as_role, published, draft):
    director, later = as_role(Role.DIRECTOR), "Tue, 01 Sep 2037 00:00:00 GMT"
    for headers in ({"If-None-Match": "*"}, {"Range": "bytes=0-3"}, {"If-Modified-Since": later}):
        assert director.get(url("download", published), headers=headers).status_code == 200
        assert director.get(url("download", draft), headers=headers).status_code == 404
        assert director.head(url("download", draft), headers=headers).status_code == 404


def test_a_draft_has_no_document_yet(facilitator, draft):
    assert facilitator.get(url("download", draft)).status_code == 404


@pytest.mark.parametrize("role", [Role.LEGAL_OFFICER, Role.DIRECTOR])
def test_the_others_only_see_what_is_published(as_role, role, draft, published):
    draft.pdf.save("apercu.pdf", ContentFile(PAPER))
    reader = as_role(role)
    assert [row[0] for row in table(reader.get(LIST))] == ["État trimestriel, 1er trimestre 2026"]
    assert reader.get(url("statement", published)).status_code == 200
    for name in ("statement", "download"):
        assert reader.get(url(name, draft)).status_code == 404
    assert not document(reader.get(LIST)).xpath("//main//a[@href='/etats/nouveau/']")


def test_a_neighbour_sees_nothing(as_role, elsewhere, draft, published, convention):
    neighbour = as_role(Role.FACILITATOR, territory=elsewhere)
    assert table(neighbour.get(LIST)) == []
    for statement in (draft, published):
        for name in ("statement", "download"):
            assert neighbour.get(url(name, statement)).status_code == 404
        for name in ("preview", "publish"):
            assert neighbour.post(url(name, statement)).status_code == 404


def test_a_market_shared_with_a_neighbour_has_no_statement_for_either(as_role, territory, elsewhere, convention):
    lot = LotFactory(territory=territory)
    LotFactory(territory=elsewhere, market=lot.market)
    statement = StatementFactory(territory=None, market=lot.market)
    for place in (territory, elsewhere):
        client = as_role(Role.FACILITATOR, territory=place)
        assert client.get(url("statement", statement)).status_code == 404


def test_the_list_is_filtered(as_role, territory, elsewhere, published, convention):
    StatementFactory(territory=elsewhere, published=True, period_code="2026-T1")
    market = LotFactory(market__number="2026-042").market
    StatementFactory(territory=None, market=market, published=True, period_code="2025-T4")
    StatementFactory(territory=elsewhere, kind="annual", period_code="2025", published=True)
    reader = as_role(Role.MISSION_OFFICER)
    asked = {
        "": 4,
        f"territory={territory.pk}": 1,
        "state=draft": 0,
        "state=zzz": 4,
        "territory=" + "9" * 30: 4,
        "kind=annual": 1,
        "year=2025": 2,
        "year=2025&quarter=T4": 1,
        "year=99999999": 4,
        "market=042": 1,
        "in_force=on": 4,
        "directorate=1": 4,
    }
    assert {query: len(table(reader.get(f"{LIST}?{query}"))) for query in asked} == asked


def test_no_name_nor_amount_enters_the_data(facilitator, territory):
    entry = HoursEntryFactory(contract__award__lot__territory=territory, month=date(2026, 4, 1))
    statement = StatementFactory(territory=territory)
    ask(facilitator, statement, "preview")
    produce(statement)
    assert entry.participant.last_name not in json.dumps(statement.snapshot, ensure_ascii=False)


def test_without_a_convention_nothing_is_opened(as_role, draft, convention):
    erase(convention)
    reader = as_role(Role.FACILITATOR)
    for response in (reader.post(NEW, {}), reader.post(url("publish", draft)), reader.post(url("preview", draft))):
        assert response.status_code in {403, 404}
        assert "La convention de ce territoire n’est plus en vigueur." in words(response)
