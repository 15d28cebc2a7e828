"""Each part signs that it lives; a silent one is seen, and told to the administrators, once a day."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core import pulse
from clauses_portal.core.jobs import clock
from clauses_portal.core.models import FileScan, Heartbeat
from facilitators import file_watch, portal_state
from facilitators.enums import Role
from facilitators.mail import queue_mail
from facilitators.models import Notification
from reporting.services.production import ask
from tests.factories.accounts import author
from tests.factories.reporting import StatementFactory
from tests.support.clamd import clamd
from tests.support.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/etat-du-portail/"


def everything_signs():
    for part in pulse.parts():
        pulse.sign(part.name)


def a_job():
    """A document asked for, which no worker took yet."""
    return ask(statement=StatementFactory(), by=author(), publish=False)


def state_of(label):
    return next(line for line in portal_state.lines() if line.label == label)


def test_a_portal_whose_parts_all_sign_is_well(as_role):
    everything_signs()
    page = words(as_role(Role.ADMINISTRATOR).get(PAGE))
    assert "Tout est en marche." in page
    assert "Horloge des tâches en marche" in page


def test_a_part_that_never_signed_is_shown_with_what_to_do(as_role):
    page = words(as_role(Role.ADMINISTRATOR).get(PAGE))
    assert "Dernière sauvegarde jamais vu – Lancez la commande « backup »" in page


def test_an_antivirus_signs_where_there_is_one(settings):
    everything_signs()
    assert all(sign.part.name != pulse.ANTIVIRUS for sign in pulse.signs())
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:9"
    file_watch.scan_files()
    assert [sign.part.name for sign in pulse.signs() if sign.is_silent] == [pulse.ANTIVIRUS], "nobody answers"
    with clamd(settings):
        file_watch.scan_files()
    assert [sign for sign in pulse.signs() if sign.is_silent] == []


def test_a_part_is_silent_after_its_patience():
    everything_signs()
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert [sign.part.name for sign in pulse.fallen_silent()] == [pulse.CLOCK]
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert len(pulse.fallen_silent()) == 1 + len(pulse.QUEUES)


def test_the_home_page_says_it_even_with_the_clock_dead(as_role):
    administrator = as_role(Role.ADMINISTRATOR)
    everything_signs()
    assert "donnent plus signe" not in words(administrator.get("/"))
    Heartbeat.objects.filter(name=pulse.CLOCK).update(beaten_on=timezone.now() - timedelta(hours=1))
    assert "parties du portail qui ne donnent plus signe" in words(administrator.get("/"))


def test_administrators_are_told_once_a_day(as_role):
    administrator, _ = as_role(Role.ADMINISTRATOR).user, as_role(Role.MISSION_OFFICER)
    everything_signs()
    Heartbeat.objects.filter(name=pulse.BACKUP).delete()
    for _ in range(3):
        portal_state.watch()
        Notification.objects.update(read_on=timezone.now())
    told = Notification.objects.get()
    assert (told.recipient, told.text) == (administrator, "État du portail, à vérifier : Dernière sauvegarde.")
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        everything_signs()
        Heartbeat.objects.filter(name=pulse.BACKUP).delete()
        portal_state.watch()
    assert Notification.objects.count() == 2


def test_the_clock_signs_and_watches(as_role):
    as_role(Role.ADMINISTRATOR)
    clock.make_round()
    assert Heartbeat.objects.get().name == pulse.CLOCK
    assert Notification.objects.exists()


def test_the_clock_goes_on_without_the_database(monkeypatch, caplog):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(portal_state, "watch", away)
    clock.make_round()
    assert "base de données indisponible" in caplog.text


def test_the_clock_in_force_is_the_watchful_one():
    assert app.conf.beat_scheduler == "clauses_portal.core.jobs.clock:WatchfulClock"
    queues = {entry["options"]["queue"] for entry in app.conf.beat_schedule.values() if "options" in entry}
    assert queues == set(pulse.QUEUES)


def test_works_that_wait_too_long_are_shown():
    job = a_job()
    assert state_of("Travaux demandés").is_well
    type(job).objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    late = state_of("Travaux demandés")
    assert (late.is_well, late.said) == (False, "en attente depuis trop longtemps")


def test_mails_that_wait_too_long_are_shown():
    mail = queue_mail(recipient="a@example.test", subject="Bonjour", body="Bonjour.")
    type(mail).objects.update(created_on=timezone.now() - timedelta(hours=2))
    assert not state_of("Courriels à envoyer").is_well


def test_files_that_wait_too_long_for_the_antivirus_are_shown():
    FileScan.objects.create(sha256="a" * 64)
    FileScan.objects.update(asked_on=timezone.now() - timedelta(hours=2))
    assert not state_of("Fichiers à analyser").is_well


def test_a_disk_that_fills_up_is_shown(monkeypatch):
    usage = type("Usage", (), {"total": 100 * 2**30, "free": 5 * 2**30})
    monkeypatch.setattr(portal_state.shutil, "disk_usage", lambda folder: usage)
    line = state_of("Place sur le disque des fichiers")
    assert (line.is_well, "libres" in line.said) == (False, True)


def test_a_cache_that_is_away_is_shown(monkeypatch):
    monkeypatch.setattr(type(cache._connections[cache._alias]), "is_away", True)
    assert state_of("Courtier et cache").said == "absents"


def test_the_page_shows_one_more_late_thing_at_the_same_cost(as_role, count_queries):
    administrator = as_role(Role.ADMINISTRATOR)
    before = count_queries(lambda: administrator.get(PAGE))
    a_job()
    queue_mail(recipient="a@example.test", subject="Bonjour", body="Bonjour.")
    assert count_queries(lambda: administrator.get(PAGE)) <= before


def test_a_probe_reads_it_on_the_command_line():
    everything_signs()
    out = StringIO()
    call_command("check_pulse", stdout=out)
    assert out.getvalue().count("ok     ") == len(pulse.parts())
    Heartbeat.objects.filter(name=pulse.CLOCK).delete()
    with pytest.raises(SystemExit):
        call_command("check_pulse", pulse.CLOCK, stdout=out)
    assert "MUETTE horloge : jamais" in out.getvalue()
    call_command("check_pulse", pulse.BACKUP, stdout=out)
