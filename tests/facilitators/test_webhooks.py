"""Messages to programs: who is told, signed, tried again, given up; and nothing of a person in them (C22, C27)."""

import hashlib
import hmac
import json
import re
import time
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core.errors import Conflict
from facilitators import webhook_sending, webhooks
from facilitators.enums import Role, WebhookEvent
from facilitators.models import Notification, Webhook, WebhookDelivery
from facilitators.permissions import CONVENTION_OVER, grant
from facilitators.tasks import forget_messages, send_webhooks
from facilitators.webhook_sending import MOST_ATTEMPTS, WAITS, send_waiting
from markets.services.markets import change_market
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, StructureFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EligibilityValidationFactory
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.support.receiver import receiver
from tests.support.threads import race

pytestmark = pytest.mark.django_db
ALL = list(WebhookEvent.values)


@pytest.fixture
def server(settings):
    settings.WEBHOOK_SCHEMES, settings.WEBHOOK_NETWORKS_ALLOWED = ("https", "http"), ["127.0.0.0/8"]
    with receiver() as listening:
        yield listening


@pytest.fixture
def webhook(convention, server):
    return WebhookFactory(structure=convention.structure, url=server.url)


def subscribed(structure, **changes):
    fields = {"structure": structure, "label": "Suivi", "url": "https://logiciel.example.test/", "events": ALL}
    return webhooks.subscribe(by=author(), **fields | changes)


def emitted(territory, event=WebhookEvent.MARKET_PUBLISHED):
    return webhooks.emit(event, territory_ids=[territory.pk], resource="markets", object_id=12)


def fate(delivery):
    """(attempts, was it received, was it given up, answer)."""
    delivery.refresh_from_db()
    return delivery.attempts, delivery.sent_on is not None, delivery.given_up_on is not None, delivery.answer


def test_a_message_arrives_signed(webhook, territory, server):
    (delivery,) = emitted(territory)
    send_webhooks()
    (got,) = server.received
    moment, digest = re.fullmatch(r"t=([0-9]+),v1=([0-9a-f]{64})", got.headers["X-Clauses-Signature"]).groups()
    signed = moment.encode() + b"." + got.body
    secret = webhooks.secret_of(webhook).encode()
    assert hmac.compare_digest(digest, hmac.new(secret, signed, hashlib.sha256).hexdigest())
    assert abs(int(moment) - timezone.now().timestamp()) < 60
    assert (got.headers["X-Clauses-Event"], got.headers["X-Clauses-Delivery"]) == (
        "market.published",
        str(delivery.identifier),
    )
    assert fate(delivery) == (1, True, False, "Réponse 200.")
    assert send_waiting() == 0


def test_the_example_of_the_documentation_recognises_it(webhook, territory, server):
    page = (settings.BASE_DIR / "docs" / "avertissements.md").read_text(encoding="utf-8")
    example = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], example)  # noqa: S102 (our own page)
    emitted(territory)
    send_waiting()
    (got,) = server.received
    signed, secret = got.headers["X-Clauses-Signature"], webhooks.secret_of(webhook)
    assert example["is_genuine"](secret, signed, got.body)
    assert not example["is_genuine"](secret, signed, got.body + b" ")
    assert not example["is_genuine"](f"{secret}0", signed, got.body)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert not example["is_genuine"](secret, signed, got.body)


def test_the_documentation_names_every_event():
    page = (settings.BASE_DIR / "docs" / "avertissements.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z.]+)` \|", page, re.M)) == {*ALL, "test"}


def test_a_message_names_a_row_and_says_nothing_of_it(webhook, territory, server, settings):
    settings.SITE_URL = "https://portail.example.test/"
    (delivery,) = emitted(territory)
    send_waiting()
    assert json.loads(server.received[0].body) == {
        "id": str(delivery.identifier),
        "event": "market.published",
        "occurred_on": delivery.occurred_on.isoformat(),
        "resource": "markets",
        "object_id": 12,
        "url": "https://portail.example.test/api/v1/markets/12",
    }


def test_the_secret_is_not_in_the_database(convention):
    webhook, secret = subscribed(convention.structure)
    row = Webhook.objects.filter(pk=webhook.pk).values_list().get()
    history = Webhook.history.filter(id=webhook.pk).values_list().get()
    assert secret not in str((row, history))
    assert webhooks.secret_of(Webhook.objects.get(pk=webhook.pk)) == secret
    assert subscribed(convention.structure)[1] != secret


def test_only_who_listens_is_told(convention, territory, elsewhere):
    """Another event, another structure, an expired convention, a stopped subscription: nothing."""
    mine = WebhookFactory(structure=convention.structure, events=["market.published"])
    WebhookFactory(structure=convention.structure, events=["award.entered"])
    WebhookFactory(structure=convention.structure, stopped=True)
    WebhookFactory(structure=ConventionFactory(territories=[elsewhere]).structure)
    WebhookFactory(structure=ConventionFactory(territories=[territory], expired=True).structure)
    WebhookFactory(structure=ConventionFactory(territories=[territory], coming=True).structure)
    WebhookFactory(structure=StructureFactory())
    assert [delivery.webhook for delivery in emitted(territory)] == [mine]


def test_two_conventions_of_a_structure_make_one_message(convention, territory):
    ConventionFactory(structure=convention.structure, territories=[territory])
    WebhookFactory(structure=convention.structure)
    assert len(emitted(territory)) == 1


def test_nobody_listening_costs_one_query(convention, territory, count_queries):
    assert count_queries(lambda: emitted(territory)) == 1


def test_what_did_not_happen_is_not_told(convention, territory):
    WebhookFactory(structure=convention.structure)
    with transaction.atomic():
        emitted(territory)
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_a_worker_is_woken_once_for_a_transaction(
    convention, territory, monkeypatch, django_capture_on_commit_callbacks
):
    WebhookFactory(structure=convention.structure)
    woken = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: woken.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        emitted(territory)
        emitted(territory)
    assert woken == [webhooks.TASK]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda handler: handler.send(500), "Réponse 500."),
        (lambda handler: handler.send(410), "Réponse 410."),
        (lambda handler: handler.send(302, [("Location", "/ailleurs")]), "Redirection refusée (302)."),
        (lambda handler: handler.send(200, body=b"secret" * 1000), "Réponse 200."),
    ],
)
def test_the_answer_is_its_status_and_nothing_more(webhook, territory, server, answer, told):
    server.answer = answer
    (delivery,) = emitted(territory)
    send_waiting()
    assert fate(delivery) == (1, told == "Réponse 200.", False, told)
    assert len(server.received) == 1


def test_a_message_is_tried_again_after_longer_and_longer_waits(webhook, territory, server):
    server.answer = lambda handler: handler.send(503)
    (delivery,) = emitted(territory)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number, wait in enumerate(WAITS, start=1):
            send_waiting()
            assert fate(delivery)[:3] == (number, False, False)
            clock.shift(wait - timedelta(seconds=1))
            assert send_waiting() == 0
            assert fate(delivery)[0] == number
            clock.shift(timedelta(seconds=2))
        server.answer = lambda handler: handler.send(204)
        assert send_waiting() == 1
    assert fate(delivery) == (MOST_ATTEMPTS, True, False, "Réponse 204.")
    assert len({request.headers["X-Clauses-Delivery"] for request in server.received}) == 1


def test_one_gives_up_and_tells_the_keepers_once(webhook, territory, server):
    keeper, officer, stranger = UserFactory(), UserFactory(), UserFactory()
    grant(user=keeper, role=Role.FACILITATOR, territory=territory, by=None)
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=stranger, role=Role.LEGAL_OFFICER, by=None)
    server.answer = lambda handler: handler.send(500)
    last = WebhookDeliveryFactory.create_batch(2, webhook=webhook, attempts=MOST_ATTEMPTS - 1)
    send_waiting()
    send_waiting()
    assert [fate(delivery) for delivery in last] == [(MOST_ATTEMPTS, False, True, "Réponse 500.")] * 2
    assert set(Notification.objects.values_list("recipient", flat=True)) == {keeper.pk, officer.pk}
    assert Notification.objects.count() == 2
    assert send_waiting() == 0


def test_a_silent_address_does_not_keep_the_others_waiting(webhook, territory, convention, server):
    closed = WebhookFactory(structure=convention.structure, url="http://127.0.0.1:9/")
    first = WebhookDeliveryFactory.create_batch(2, webhook=closed)
    (delivery,) = WebhookDeliveryFactory.create_batch(1, webhook=webhook)
    assert send_waiting() == 1
    assert fate(delivery)[1]
    assert [fate(one)[0] for one in first] == [1, 0]


def test_a_private_address_is_refused_when_it_is_sent(webhook, territory, settings):
    settings.WEBHOOK_NETWORKS_ALLOWED = []
    (delivery,) = emitted(territory)
    send_waiting()
    assert fate(delivery) == (1, False, False, "Adresse refusée : elle mène à un réseau privé.")


def test_nothing_leaves_once_the_convention_is_over(webhook, territory, convention, server):
    (delivery,) = emitted(territory)
    convention.notice_given_on = convention.signed_on
    convention.save()
    send_waiting()
    assert fate(delivery)[1:] == (False, True, webhooks.OVER)
    assert emitted(territory) == []
    assert server.received == []


def test_what_waits_for_a_stopped_subscription_is_given_up(webhook, territory, server):
    (delivery,) = emitted(territory)
    stopped = webhooks.stop(webhook=webhook, by=author())
    assert stopped.ended_by == stopped.history.first().history_user == author()
    assert fate(delivery)[1:] == (False, True, webhooks.STOPPED)
    send_waiting()
    assert server.received == []
    with pytest.raises(Conflict, match=webhooks.ALREADY_STOPPED):
        webhooks.stop(webhook=webhook, by=author())


def test_a_message_is_sent_again_under_the_same_identifier(webhook, server):
    delivery = WebhookDeliveryFactory(webhook=webhook, received=True)
    webhooks.send_again(delivery=delivery)
    assert send_waiting() == 1
    assert server.received[0].headers["X-Clauses-Delivery"] == str(delivery.identifier)
    assert fate(delivery)[:3] == (1, True, False)


def test_a_trial_is_about_nothing(webhook, server, settings):
    webhooks.try_out(webhook=webhook)
    assert send_waiting() == 1
    told = json.loads(server.received[0].body)
    assert (told["event"], told["resource"], told["object_id"]) == ("test", "test", 0)
    assert told["url"] == f"{settings.SITE_URL}/api/v1"
    assert server.received[0].headers["X-Clauses-Event"] == "test"


@pytest.mark.parametrize("act", [webhooks.try_out, lambda webhook: webhooks.send_again(delivery=of(webhook))])
def test_a_closed_subscription_sends_nothing_more(act, convention):
    over = WebhookFactory(structure=ConventionFactory(expired=True).structure)
    with pytest.raises(Conflict, match=CONVENTION_OVER):
        act(webhook=over)
    with pytest.raises(Conflict, match=webhooks.ALREADY_STOPPED):
        act(webhook=WebhookFactory(structure=convention.structure, stopped=True))


def of(webhook):
    return WebhookDeliveryFactory(webhook=webhook, received=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://logiciel.example.test/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://ines:secret@logiciel.example.test/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["person.deleted"]}, "events"),
        ({"label": "a\u202eb"}, "label"),
    ],
)
def test_what_makes_no_sense_is_refused(convention, changes, field):
    with pytest.raises(ValidationError) as refusal:
        subscribed(convention.structure, **changes)
    assert field in refusal.value.message_dict


def test_no_subscription_without_a_convention_in_force():
    with pytest.raises(Conflict, match=CONVENTION_OVER):
        subscribed(ConventionFactory(expired=True).structure)


def test_a_structure_has_five_subscriptions_at_most(convention):
    for _ in range(webhooks.MOST_OPEN):
        webhook, _secret = subscribed(convention.structure)
    with pytest.raises(Conflict, match=webhooks.TOO_MANY):
        subscribed(convention.structure)
    webhooks.stop(webhook=webhook, by=author())
    subscribed(convention.structure)


def told_of(territory):
    """[(event, resource, object id)] of what was written, the oldest first."""
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", "resource", "object_id"))


@pytest.mark.usefixtures("today")
def test_the_launch_of_a_consultation_is_told_once(webhook, territory):
    market = LotFactory(territory=territory).market
    assert told_of(territory) == []
    for title in ("Voirie", "Voirie et réseaux"):
        market.title, market.consultation_on = title, date(2026, 9, 14)
        change_market(market=market, by=author())
    assert told_of(territory) == [("market.published", "markets", market.pk)]


@pytest.mark.usefixtures("today")
def test_an_award_is_told(webhook, territory):
    award = AwardFactory(lot__territory=territory)
    assert told_of(territory) == [("award.entered", "awards", award.pk)]


@pytest.mark.usefixtures("today")
def test_a_validation_is_told_by_its_number_alone(webhook, territory, server):
    validation = EligibilityValidationFactory(participant__territory=territory, granted=True)
    assert told_of(territory) == [("validation.granted", "validations", validation.pk)]
    send_waiting()
    body = server.received[0].body.decode()
    person = validation.participant
    assert [secret for secret in (person.last_name, person.first_name, validation.number) if secret in body] == []


def test_old_messages_are_forgotten(webhook):
    long_ago = timezone.now() - timedelta(days=91)
    waiting = WebhookDeliveryFactory(webhook=webhook, occurred_on=long_ago)
    recent = WebhookDeliveryFactory(webhook=webhook, received=True)
    WebhookDeliveryFactory(webhook=webhook, received=True, occurred_on=long_ago)
    forget_messages()
    assert set(WebhookDelivery.objects.all()) == {waiting, recent}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_message(webhook, territory, server):
    for _ in range(4):
        emitted(territory)
    server.answer = lambda handler: (time.sleep(0.05), handler.send(200))
    assert sum(race(send_waiting, send_waiting)) == 4
    assert len(server.received) == len({one.headers["X-Clauses-Delivery"] for one in server.received}) == 4


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_open_while_one_sends(webhook, territory, monkeypatch):
    """A slow program would hold a row, or a connection, for as long as it wants."""
    within = []
    monkeypatch.setattr(webhook_sending, "post", lambda *sent: within.append(connection.in_atomic_block) or 200)
    emitted(territory)
    assert send_waiting() == 1
    assert within == [False]
