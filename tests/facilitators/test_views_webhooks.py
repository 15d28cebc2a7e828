"""The pages of the automatic messages: subscribed, tried, stopped, sent again (C22)."""

import pytest
from django.urls import reverse

from facilitators import webhooks
from facilitators.enums import Role
from facilitators.models import Webhook, WebhookDelivery
from facilitators.permissions import CONVENTION_OVER
from tests.factories.facilitators import ConventionFactory
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST = "/avertissements-automatiques/"
NEW = f"{LIST}nouveau/"
TYPED = {"label": "Suivi", "url": "https://logiciel.example.test/a"}


def page(webhook):
    return reverse("facilitators:webhook", args=[webhook.pk])


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


def test_the_secret_is_shown_once(convention, facilitator):
    answer = submit(facilitator, NEW, events=["market.published", "award.entered"], **TYPED)
    webhook = Webhook.objects.get()
    assert webhook.structure == convention.structure  # the only one she answers for
    assert (webhook.events, webhook.created_by) == (["market.published", "award.entered"], facilitator.user)
    secret = webhooks.secret_of(webhook)
    assert secret in words(answer)
    assert "no-store" in answer["Cache-Control"]
    for url in (LIST, page(webhook)):
        assert secret not in facilitator.get(url).content.decode()


def test_a_refusal_comes_back_with_what_was_typed(convention, facilitator):
    answer = submit(facilitator, NEW, **TYPED | {"url": "https://192.168.1.7/"})
    assert_refused(answer, "Adresse refusée : elle mène à un réseau privé.")
    assert document(answer).xpath("//input[@name='url']/@value") == ["https://192.168.1.7/"]
    assert not Webhook.objects.exists()


def test_the_structure_of_others_is_not_a_choice(convention, elsewhere, facilitator):
    other = ConventionFactory(territories=[elsewhere]).structure
    answer = submit(facilitator, NEW, **TYPED)
    assert answer.status_code == 200
    sent = facilitator.post(NEW, TYPED | {"structure": other.pk, "events": ["award.entered"]})
    assert sent.status_code == 422
    assert Webhook.objects.filter(structure=other).count() == 0


def test_nothing_yet_says_what_it_is_for(convention, facilitator):
    assert "Aucun avertissement automatique" in words(facilitator.get(LIST))
    webhook = WebhookFactory(structure=convention.structure)
    assert "Aucun message" in words(facilitator.get(page(webhook)))


def test_each_reads_those_of_her_structures(convention, elsewhere, as_role):
    WebhookFactory(structure=convention.structure, label="Ici")
    WebhookFactory(structure=ConventionFactory(territories=[elsewhere]).structure, label="Ailleurs", stopped=True)
    for role, expected in (
        (Role.FACILITATOR, [("Ici", "En service")]),
        (Role.MISSION_OFFICER, [("Ailleurs", "Arrêté"), ("Ici", "En service")]),
        (Role.ADMINISTRATOR, [("Ailleurs", "Arrêté"), ("Ici", "En service")]),
    ):
        rows = table(as_role(role).get(LIST))
        assert [(row[0], row[-1]) for row in rows] == expected


def test_each_message_says_its_fate(convention, facilitator):
    webhook = WebhookFactory(structure=convention.structure)
    WebhookDeliveryFactory(webhook=webhook, received=True)
    WebhookDeliveryFactory(webhook=webhook, object_id=7, attempts=2, answer="Réponse 500.")
    webhooks.try_out(webhook=webhook)
    assert [row[0::3] for row in table(facilitator.get(page(webhook)))] == [
        ["Essai", "En attente prochain essai le 15/09/2026 10:00"],
        ["Consultation d’un marché lancée (n° 7)", "En attente prochain essai le 15/09/2026 10:00"],
        ["Consultation d’un marché lancée (n° 12)", "Reçu"],
    ]


def test_a_trial_and_a_message_leave_again_at_a_click(convention, facilitator):
    webhook = WebhookFactory(structure=convention.structure)
    sent = WebhookDeliveryFactory(webhook=webhook, received=True)
    retry = reverse("facilitators:delivery_retry", args=[sent.pk])
    assert_done(submit(facilitator, page(webhook), retry), "Le message repart.")
    trial = reverse("facilitators:webhook_try", args=[webhook.pk])
    answer = submit(facilitator, page(webhook), trial)
    assert_done(answer, "Le message d’essai est parti : son sort s’affiche ici.")
    assert WebhookDelivery.objects.waiting().count() == 2


def test_the_departement_stops_and_nothing_else(convention, as_role):
    officer, webhook = as_role(Role.MISSION_OFFICER), WebhookFactory(structure=convention.structure)
    shown = officer.get(page(webhook))
    assert "Essayer" not in words(shown)
    assert "Nouvel avertissement" not in words(officer.get(LIST))
    stop = reverse("facilitators:webhook_stop", args=[webhook.pk])
    assert_done(submit(officer, page(webhook), stop), "L’avertissement est arrêté.")
    assert Webhook.objects.get().ended_by == officer.user
    assert told(officer.post(stop, follow=True)) == [webhooks.ALREADY_STOPPED]


def test_once_the_convention_is_over_the_page_says_why(as_role, territory):
    over = ConventionFactory(territories=[territory], expired=True)
    webhook = WebhookFactory(structure=over.structure)
    administrator = as_role(Role.ADMINISTRATOR)
    shown = words(administrator.get(page(webhook)))
    assert "rien n’est envoyé" in shown
    assert "Essayer" not in shown
    sent = administrator.post(reverse("facilitators:webhook_try", args=[webhook.pk]), follow=True)
    assert told(sent) == [CONVENTION_OVER]


def test_the_list_costs_the_same_however_many(convention, facilitator, count_queries):
    WebhookFactory(structure=convention.structure)
    facilitator.get(LIST)
    first = count_queries(lambda: facilitator.get(LIST))
    WebhookFactory.create_batch(3, structure=convention.structure)
    assert count_queries(lambda: facilitator.get(LIST)) == first
