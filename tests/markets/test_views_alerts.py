"""Alerts: reported from a lot or on a territory, followed in a list, answered, closed with what was done."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import OutgoingMail
from facilitators.permissions import grant
from markets.alert_facts import Fact
from markets.models import Alert
from markets.services.alert_rules import raise_by_rule
from markets.services.alerts import raise_elsewhere
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AlertFactory, AwardFactory, LotFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
LIST, NEW = "/alertes/", "/alertes/nouvelle/"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, awarded=True)


@pytest.fixture
def alert(lot):
    return AlertFactory(lot=lot)


def raise_url(lot):
    return reverse("markets:alert_create", args=[lot.pk])


def page_url(alert):
    return reverse("markets:alert", args=[alert.pk])


def answer_url(alert):
    return reverse("markets:alert_answer", args=[alert.pk])


def close_url(alert):
    return reverse("markets:alert_close", args=[alert.pk])


def follow_up(response):
    """The steps of the life of an alert, as its page shows them."""
    return [" ".join(" ".join(line.itertext()).split()) for line in document(response).xpath("//ol/li")][-3:]


AN_ALERT = {
    "category": "A05",
    "severity": "critical",
    "description": "Injoignable depuis juin.",
    "due_on": "2026-10-01",
}


def test_an_event_is_reported_to_those_it_is_for(facilitator, officer, lot):
    agent, stranger = UserFactory(), UserFactory()
    grant(user=agent, role=Role.DIRECTORATE_AGENT, directorate=lot.market.operation.directorate, by=None)
    grant(user=stranger, role=Role.LEGAL_OFFICER, by=None)
    response = submit(facilitator, raise_url(lot), **AN_ALERT)
    assert_done(response, "L’alerte est transmise à ses destinataires.")
    alert = Alert.objects.get()
    assert (alert.due_on, alert.author, alert.closed_on) == (date(2026, 10, 1), facilitator.user, None)
    assert set(alert.recipients.all()) == {officer.user, agent}
    assert "Entreprise injoignable Injoignable depuis juin." in words(response)


def test_recipients_and_company_are_chosen(facilitator, officer, lot):
    jurist, company = UserFactory(), lot.awards.get().company
    grant(user=jurist, role=Role.LEGAL_OFFICER, by=None)
    facilitator.post(raise_url(lot), AN_ALERT | {"recipients": [jurist.pk], "company": company.pk})
    alert = Alert.objects.get()
    assert (list(alert.recipients.all()), alert.company) == ([jurist], company)
    another = AwardFactory().company
    response = facilitator.post(raise_url(lot), AN_ALERT | {"company": another.pk, "recipients": [officer.user.pk]})
    assert_refused(response, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles.")


def test_a_wrong_report_is_not_kept(facilitator, officer, lot):
    whole = AN_ALERT | {"recipients": [officer.user.pk]}
    for wrong, sentence in [
        ({"category": ""}, REQUIRED),
        ({"description": " "}, REQUIRED),
        ({"recipients": []}, "Choisissez au moins un destinataire."),
        ({"severity": "panic"}, "Sélectionnez un choix valide. panic n’en fait pas partie."),
        ({"due_on": "1er octobre"}, "Saisissez une date valide."),
        ({"description": "\u202e"}, "Ce texte contient un caractère invisible ou interdit."),
        ({"description": "Mme X, 2 81 04 13 055 123 35"}, None),
    ]:
        response = facilitator.post(raise_url(lot), whole | wrong)
        if sentence:
            assert_refused(response, sentence)
        assert response.status_code == 422
        assert typed(response)["due_on"] == (whole | wrong)["due_on"]
        assert not Alert.objects.exists()


def test_a_critical_alert_is_mailed_at_once_without_what_was_typed(facilitator, officer, lot):
    submit(facilitator, raise_url(lot), **AN_ALERT | {"description": "Accident de Zoé Martin, 12 500 €."})
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.attachment) == (officer.user.email, None)
    assert mail.subject == f"Clauses sociales : alerte critique, marché {lot.market.number}, lot {lot.number}"
    assert page_url(Alert.objects.get()) in mail.body
    assert not any(word in mail.body for word in ("Zoé", "Martin", "12 500"))
    assert "Alerte critique : Entreprise injoignable" in words(officer.get("/"))


def test_an_alert_that_can_wait_is_not_mailed(facilitator, officer, lot):
    submit(facilitator, raise_url(lot), **AN_ALERT | {"severity": "watch"})
    assert not OutgoingMail.objects.exists()
    assert "Alerte (vigilance) : Entreprise injoignable" in words(officer.get("/"))


def test_an_event_is_reported_on_a_territory_or_a_company(facilitator, officer, territory, lot):
    company = lot.awards.get().company
    place = f"{NEW}?territory={territory.pk}&company={company.pk}"
    (link,) = document(facilitator.get(reverse("markets:company", args=[company.pk]))).xpath(
        "//a[contains(., 'Signaler un événement')]/@href"
    )
    chosen = document(facilitator.get(link)).xpath("//main//form[not(@role)]//*[@name='company']/@value")
    assert chosen == [str(company.pk)]
    assert_done(submit(facilitator, place, **AN_ALERT), "L’alerte est transmise à ses destinataires.")
    alert = Alert.objects.get()
    assert (alert.lot, alert.territory, alert.company) == (None, territory, company)
    assert set(alert.recipients.all()) == {officer.user, facilitator.user}
    assert table(officer.get(LIST))[0][1:3] == [f"– {company}", str(territory)]


@pytest.mark.parametrize("asked", ["", "x", "999999", "9" * 40])
def test_a_territory_out_of_sight_is_not_found(facilitator, elsewhere, asked):
    assert facilitator.get(f"{NEW}?territory={asked}").status_code == 404
    assert facilitator.get(f"{NEW}?territory={elsewhere.pk}").status_code == 404


def test_the_maitre_d_ouvrage_answers_once_and_the_facilitator_closes(facilitator, officer, alert):
    assert facilitator.get(answer_url(alert)).status_code == 403
    assert_refused(submit(officer, answer_url(alert), answer=" "), REQUIRED)
    assert_done(submit(officer, answer_url(alert), answer="Un avenant suit."), "Votre réponse est enregistrée.")
    assert_refused(submit(officer, answer_url(alert), answer="Encore."), "Cette alerte a déjà reçu une réponse.")
    alert.refresh_from_db()
    assert (alert.answered_by, alert.closed_on) == (officer.user, None)
    response = submit(facilitator, close_url(alert), answer="Avenant reçu.")
    assert_done(response, "L’alerte est close.")
    alert.refresh_from_db()
    assert alert.answer == "Un avenant suit.\n\nClôture le 15/09/2026 : Avenant reçu."
    assert "Réponse du maître d’ouvrage" in follow_up(response)[1]
    assert f"par {facilitator.user}" in follow_up(response)[2]


def test_a_direction_answers_the_alerts_of_its_lots_alone(as_role, alert):
    own = as_role(Role.DIRECTORATE_AGENT, directorate=alert.lot.market.operation.directorate)
    assert_done(submit(own, answer_url(alert), answer="Un avenant suit."), "Votre réponse est enregistrée.")
    assert own.get(close_url(alert)).status_code == 403
    assert as_role(Role.DIRECTORATE_AGENT).get(page_url(alert)).status_code == 404


def test_an_answered_alert_is_closed_without_more_words(facilitator, officer, alert):
    submit(officer, answer_url(alert), answer="Un avenant suit.")
    assert_done(submit(facilitator, close_url(alert), answer=""), "L’alerte est close.")
    assert Alert.objects.get().answer == "Un avenant suit."
    response = submit(officer, answer_url(alert), answer="Trop tard.")
    assert_refused(response, "Cette alerte est déjà close.")


def test_an_alert_is_closed_with_what_was_done(facilitator, alert):
    response = submit(facilitator, close_url(alert), answer="Réunion tenue, deux postes ouverts.")
    assert_done(response, "L’alerte est close.")
    assert follow_up(response)[-1].endswith("Réunion tenue, deux postes ouverts.")
    assert table(facilitator.get(LIST))[0][-1] == "Close le 15/09/2026 Réunion tenue, deux postes ouverts."
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


def test_the_list_is_filtered(facilitator, alert, lot, territory):
    AlertFactory(lot=lot, closed=True, severity="critical", category="A04")
    AlertFactory(lot=lot, due_on=date(2026, 9, 14))
    alert.recipients.add(facilitator.user)
    for query, number in [
        ({"opened": "open"}, 2),
        ({"opened": "late"}, 1),
        ({"opened": "closed"}, 1),
        ({"severity": "watch"}, 2),
        ({"category": "A04"}, 1),
        ({"territory": territory.pk}, 3),
        ({"mine": "on"}, 1),
        ({}, 3),
    ]:
        assert len(table(facilitator.get(LIST, query))) == number, query


def test_an_answer_that_is_late_is_marked(facilitator, officer, lot):
    alert = AlertFactory(lot=lot, due_on=date(2026, 9, 14))
    assert table(facilitator.get(LIST))[0][5] == "14/09/2026 En retard"
    assert "La réponse attendue est en retard." in words(facilitator.get(page_url(alert)))
    submit(officer, answer_url(alert), answer="Un avenant suit.")
    assert table(facilitator.get(LIST))[0][5] == "14/09/2026"


def test_an_absurd_query_still_gives_the_list(facilitator, alert):
    for query in [
        {"opened": "x"},
        {"severity": "\x00"},
        {"category": "A" * 5000},
        {"territory": "x"},
        {"mine": "x"},
        {"page": "x"},
    ]:
        assert facilitator.get(LIST, query).status_code == 200


def test_only_those_who_follow_it_close_an_alert(as_role, alert):
    reader = as_role(Role.LEGAL_OFFICER)
    assert table(reader.get(LIST))[0][-1] == "Ouverte"
    assert not document(reader.get(page_url(alert))).xpath(f"//a[@href='{close_url(alert)}']")
    assert reader.get(close_url(alert)).status_code == 403


def test_alerts_elsewhere_are_not_listed(facilitator, elsewhere):
    AlertFactory(lot=LotFactory(territory=elsewhere, awarded=True))
    raise_elsewhere(territory=elsewhere, category="A24", severity="info", description="Fin proche.", by=author())
    assert "Aucune alerte ne répond à ces critères" in words(facilitator.get(LIST))


def test_the_page_where_one_acts_is_shown_to_those_who_may_open_it(facilitator, officer, lot):
    fact = Fact("A06:1", "A06", "watch", lot.territory_id, "Contrat sans validation.", lot.pk, path="/personnes/1/")
    grid = replace(fact, key="A04:1", category="A04", path=f"/lots/{lot.pk}/heures/")
    person, hours = raise_by_rule([fact, grid])
    link = "Ouvrir la page où agir"
    assert link in words(facilitator.get(page_url(person)))
    assert "par le portail" in words(facilitator.get(page_url(person)))
    assert link not in words(officer.get(page_url(person)))
    assert link in words(officer.get(page_url(hours)))
