"""Alerts: reported from a lot, followed in a list, closed with what was done."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.models import Alert
from tests.factories.markets import AlertFactory, LotFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
LIST = "/alertes/"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, awarded=True)


@pytest.fixture
def alert(lot):
    return AlertFactory(lot=lot)


def raise_url(lot):
    return reverse("markets:alert_create", args=[lot.pk])


def close_url(alert):
    return reverse("markets:alert_close", args=[alert.pk])


AN_ALERT = {
    "category": "A05",
    "severity": "critical",
    "description": "Injoignable depuis juin.",
    "due_on": "2026-10-01",
}


def test_an_event_is_reported(facilitator, lot):
    response = submit(facilitator, raise_url(lot), **AN_ALERT)
    assert_done(response, "L’alerte est transmise au maître d’ouvrage.")
    alert = Alert.objects.get()
    assert (alert.due_on, alert.author, alert.closed_on) == (date(2026, 10, 1), facilitator.user, None)
    assert "Entreprise injoignable Injoignable depuis juin." in words(response)


def test_a_wrong_report_is_not_kept(facilitator, lot):
    for wrong, sentence in [
        ({"category": ""}, REQUIRED),
        ({"description": " "}, REQUIRED),
        ({"severity": "panic"}, "Sélectionnez un choix valide. panic n’en fait pas partie."),
        ({"due_on": "1er octobre"}, "Saisissez une date valide."),
        ({"description": "\u202e"}, "Ce texte contient un caractère invisible ou interdit."),
    ]:
        response = facilitator.post(raise_url(lot), AN_ALERT | wrong)
        assert_refused(response, sentence)
        assert typed(response)["due_on"] == (AN_ALERT | wrong)["due_on"]
        assert not Alert.objects.exists()


def test_an_alert_is_closed_with_its_answer(facilitator, alert):
    response = submit(facilitator, close_url(alert), answer="Réunion tenue, deux postes ouverts.")
    assert_done(response, "L’alerte est close.")
    assert table(response)[0][-1] == "Close le 15/09/2026 Réunion tenue, deux postes ouverts."
    assert Alert.objects.get().closer == facilitator.user


def test_an_alert_is_not_closed_without_an_answer(facilitator, alert):
    assert_refused(submit(facilitator, close_url(alert), answer="  "), REQUIRED)
    assert Alert.objects.get().closed_on is None


def test_an_alert_is_closed_once(facilitator, lot):
    alert = AlertFactory(lot=lot, closed=True)
    response = submit(facilitator, close_url(alert), answer="Encore.")
    assert_refused(response, "Cette alerte est déjà close.")
    assert typed(response)["answer"] == "Encore."
    assert Alert.objects.get().answer != "Encore."


def test_the_list_is_filtered(facilitator, alert, lot):
    AlertFactory(lot=lot, closed=True, severity="critical", category="A04")
    asked = ({"opened": "open"}, {"opened": "closed"}, {"severity": "watch"}, {"category": "A04"}, {})
    assert [len(table(facilitator.get(LIST, query))) for query in asked] == [1, 1, 1, 1, 2]


def test_an_absurd_query_still_gives_the_list(facilitator, alert):
    for query in [{"opened": "x"}, {"severity": "\x00"}, {"category": "A" * 5000}, {"page": "x"}]:
        assert facilitator.get(LIST, query).status_code == 200


def test_only_those_who_follow_it_close_an_alert(as_role, alert):
    reader = as_role(Role.LEGAL_OFFICER)
    assert table(reader.get(LIST))[0][-1] == "Ouverte"
    assert not document(reader.get(LIST)).xpath(f"//a[@href='{close_url(alert)}']")


def test_alerts_elsewhere_are_not_listed(facilitator, elsewhere):
    AlertFactory(lot=LotFactory(territory=elsewhere, awarded=True))
    assert "Aucune alerte ne répond à ces critères" in words(facilitator.get(LIST))
