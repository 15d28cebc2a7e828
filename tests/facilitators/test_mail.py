"""The outbox, before a real mail server: accepted, refused for good, put off, away."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from clauses_portal.celery import app
from facilitators import mail
from facilitators.mail import MOST_ATTEMPTS, WAITS, queue_mail, send_waiting, when_refused
from facilitators.models import OutgoingMail
from facilitators.tasks import send_mails
from tests.factories.mail import OutgoingMailFactory
from tests.support.smtp import mail_server
from tests.support.threads import race

pytestmark = pytest.mark.django_db
NOBODY = "550 5.1.1 no such user"


@pytest.fixture
def server(settings):
    with mail_server(settings) as listening:
        yield listening


@pytest.fixture
def refused(monkeypatch):
    """What those who asked were told of refused addresses."""
    told = []
    monkeypatch.setattr(mail, "_told_of_refusals", [])
    when_refused(lambda address, moment: told.append(address))
    return told


def queued(**changes):
    fields = {"recipient": "ines@example.test", "subject": "Réunion du 15/09/2026", "body": "Bonjour,\nÀ bientôt."}
    return queue_mail(**fields | changes)


def fate(sent):
    """(attempts, was it sent, did it fail) of a mail."""
    sent.refresh_from_db()
    return sent.attempts, sent.sent_on is not None, sent.failed_on is not None


def test_a_mail_reaches_its_only_recipient(server):
    sent = queued()
    send_mails()
    (message,) = server.messages_to("ines@example.test")
    assert message["Subject"] == "Réunion du 15/09/2026"
    assert message["To"] == "ines@example.test"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "À bientôt." in message.get_content()
    assert fate(sent) == (1, True, False)
    assert send_waiting() == 0


def test_a_pdf_is_attached(server):
    queued(attachment=("compte-rendu.pdf", "application/pdf", b"%PDF-1.7 \xff"))
    send_waiting()
    (attached,) = server.messages_to("ines@example.test")[0].iter_attachments()
    assert attached.get_filename() == "compte-rendu.pdf"
    assert attached.get_content() == b"%PDF-1.7 \xff"


def test_an_invitation_is_a_part_that_agendas_read_and_a_file(server):
    invitation = "BEGIN:VCALENDAR\r\nSUMMARY:Été\r\nEND:VCALENDAR\r\n".encode()
    queued(attachment=("reunion.ics", "text/calendar; method=REQUEST", invitation))
    send_waiting()
    (message,) = server.messages_to("ines@example.test")
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_filename() for part in parts] == [None, "reunion.ics"]
    assert parts[0].get_param("method") == "REQUEST"
    assert "SUMMARY:Été" in parts[0].get_content()


def test_all_the_mails_of_a_round_take_one_connection(server):
    for number in range(3):
        queued(recipient=f"guest{number}@example.test")
    assert send_waiting() == 3
    assert server.connections == 1


def test_an_address_refused_for_good_is_told(server, refused):
    server.refusals["gone@example.test"] = NOBODY
    bad, good = queued(recipient="gone@example.test"), queued()
    assert send_waiting() == 1
    assert fate(bad) == (1, False, True)
    assert bad.error == NOBODY
    assert fate(good) == (1, True, False)
    assert refused == ["gone@example.test"]


@pytest.mark.parametrize("reply", ["554 5.7.1 relay access denied", "530 5.7.0 authentication required", "554 no"])
def test_a_server_that_wants_nothing_from_us_says_nothing_of_the_address(server, refused, reply):
    server.refusals["ines@example.test"] = reply
    sent = queued()
    send_waiting()
    assert fate(sent) == (1, False, True)
    assert refused == []


def test_a_message_refused_for_what_it_holds_fails_alone(server, refused):
    server.refusals["DATA"] = "552 5.3.4 too big"
    sent = queued()
    send_waiting()
    assert fate(sent) == (1, False, True)
    assert refused == []


@pytest.mark.parametrize("refusals", [{"ines@example.test": "451 4.7.1 later"}, {"DATA": "452 4.3.1 full"}])
def test_a_mail_put_off_waits_then_leaves(server, refusals):
    server.refusals |= refusals
    sent = queued()
    assert send_waiting() == 0
    assert fate(sent) == (1, False, False)
    server.refusals.clear()
    assert send_waiting() == 0
    with time_machine.travel(timezone.now() + WAITS[1] + timedelta(seconds=1)):
        assert send_waiting() == 1
    sent.refresh_from_db()
    assert sent.error == ""


def test_a_sender_that_is_refused_stops_the_round_and_loses_nothing(server):
    server.refusals["MAIL"] = "550 5.7.1 sender rejected"
    first, second = queued(), queued(recipient="paul@example.test")
    send_waiting()
    assert fate(first) == (1, False, False)
    assert fate(second) == (0, False, False)


def test_a_server_that_is_away_loses_nothing(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    first, second = queued(), queued(recipient="paul@example.test")
    assert send_waiting() == 0
    assert fate(first) == (1, False, False)
    assert "refused" in first.error
    assert fate(second) == (0, False, False)


def test_one_gives_up_after_many_attempts(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    sent = OutgoingMailFactory(attempts=MOST_ATTEMPTS - 1)
    with time_machine.travel(timezone.now() + WAITS[-1] + timedelta(minutes=1)):
        send_waiting()
    assert fate(sent) == (MOST_ATTEMPTS, False, True)
    assert sent.error.startswith("Abandonné après 10 essais")


def test_a_mail_that_cannot_be_composed_does_not_hold_the_others():
    broken = OutgoingMailFactory(subject="Objet\nBcc: autre@example.test")
    good = queued()
    assert send_waiting() == 1
    assert fate(broken) == (1, False, True)
    assert fate(good) == (1, True, False)


@pytest.mark.parametrize(
    "changes", [{"recipient": "ines"}, {"recipient": ""}, {"subject": "Objet\nBcc: a@b.fr"}, {"body": ""}]
)
def test_what_is_not_a_mail_is_refused_at_once(changes):
    with pytest.raises(ValidationError):
        queued(**changes)


def test_a_worker_is_called_once_for_all_the_mails_of_a_transaction(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        queued()
        queued(recipient="paul@example.test")
    assert calls == [mail.wake_sender]


def test_with_the_broker_away_the_mail_stays_and_nothing_is_raised(monkeypatch, caplog):
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    with app.connection("redis://127.0.0.1:1/0") as away:
        monkeypatch.setattr(app, "send_task", _through(away, app.send_task))
        mail.wake_sender()
    assert "courtier indisponible" in caplog.text


def _through(connection, send_task):
    return lambda name, **options: send_task(name, connection=connection, **options)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_send_the_same_mail(server):
    for number in range(4):
        queued(recipient=f"guest{number}@example.test")
    assert sum(race(send_waiting, send_waiting)) == 4
    assert len(server.received) == 4
    assert OutgoingMail.objects.to_send().count() == 0
