"""A deposited content is read by the antivirus; meanwhile, or when it is infected, nobody takes it away (A23)."""

import hashlib
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clauses_portal.core import scan_rounds
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.models import FileScan, ScanState
from clauses_portal.core.scanning import Infected, ask_scan, check_scanned, shown_state, state_of, with_scans
from facilitators.enums import Role
from facilitators.file_watch import scan_files
from facilitators.models import Notification
from markets.models import DceDocument
from tests.factories.preparation import DceDocumentFactory, DocumentTemplateFactory
from tests.support.clamd import EICAR, THREAT, clamd

pytestmark = pytest.mark.django_db
AWAY = "tcp://127.0.0.1:9"


def deposited(content=b"%PDF-1.7 clause"):
    """A document of a consultation whose scan is asked for."""
    document = DceDocumentFactory(content=content, sha256=hashlib.sha256(content).hexdigest())
    ask_scan(document)
    return document


@pytest.fixture
def antivirus(settings):
    with clamd(settings) as server:
        yield server


def test_a_clean_file_is_read_once_then_taken_away(antivirus):
    first, second = deposited(), deposited()
    with pytest.raises(Conflict, match="en cours d’analyse"):
        check_scanned(first)
    assert scan_files() == 0
    assert state_of(first) == state_of(second) == ScanState.CLEAN
    check_scanned(second)
    assert len(antivirus.received) == 1
    assert scan_files() == 0
    assert len(antivirus.received) == 1


def test_an_infected_file_is_blocked_for_ever_and_told_to_the_administrators(antivirus, as_role):
    administrator = as_role(Role.ADMINISTRATOR).user
    document = deposited(EICAR)
    assert scan_files() == 1
    with pytest.raises(Infected, match="bloqué"):
        check_scanned(document)
    scan = FileScan.objects.get()
    assert (scan.threat, scan.state) == (THREAT, ScanState.INFECTED)
    told = Notification.objects.get(recipient=administrator)
    assert f"pièce de la consultation n° {document.pk}" in told.text
    with pytest.raises(DomainError, match="Fichier refusé : l’antivirus y a trouvé un virus"):
        deposited(EICAR)


def test_what_was_infected_stays_so_without_antivirus(antivirus, settings):
    document = deposited(EICAR)
    scan_files()
    settings.ANTIVIRUS_URL = ""
    assert state_of(document) == ScanState.INFECTED


def test_while_the_antivirus_is_away_files_wait_then_all_are_read(settings):
    settings.ANTIVIRUS_URL = AWAY
    documents = [deposited(b"%PDF-1.7 1"), deposited(b"%PDF-1.7 2")]
    assert scan_files() == 0
    assert [state_of(document) for document in documents] == [ScanState.AWAITED] * 2
    assert not FileScan.objects.filter(attempts__gt=0).exists()
    with clamd(settings):
        scan_files()
        assert [state_of(document) for document in documents] == [ScanState.CLEAN] * 2


def test_a_content_without_verdict_waits_behind_the_others(antivirus):
    difficult = deposited(b"%PDF-1.7 difficult")
    antivirus.reply = b"stream: Can't allocate memory ERROR\n"
    scan_files()
    assert FileScan.objects.get().attempts == 1
    assert state_of(difficult) == ScanState.AWAITED
    easy = deposited(b"%PDF-1.7 easy")
    antivirus.reply = None
    scan_files()
    assert antivirus.received[1:] == [easy.content, difficult.content]
    assert state_of(difficult) == ScanState.CLEAN


def test_a_slow_antivirus_ends_the_round_and_forgets_nothing(antivirus, monkeypatch, settings):
    settings.ANTIVIRUS_TIMEOUT = 0.2
    monkeypatch.setattr(scan_rounds, "ROUND", 0.1)
    documents = [deposited(f"clause {number}".encode()) for number in range(3)]
    antivirus.freeze()
    scan_files()
    assert len(antivirus.received) == 1
    assert {state_of(document) for document in documents} == {ScanState.AWAITED}


def test_without_antivirus_the_portal_says_so_and_hands_files_over(settings):
    document = deposited()
    check_scanned(document)
    assert state_of(document) == ScanState.UNSCANNED
    assert ScanState.UNSCANNED.label == "Non analysé : aucun antivirus"
    assert scan_files() == 0
    with clamd(settings):
        assert state_of(document) == ScanState.AWAITED
        scan_files()
        assert state_of(document) == ScanState.CLEAN


def test_a_clean_file_is_read_again_after_a_month(antivirus):
    document = deposited()
    scan_files()
    FileScan.objects.update(scanned_on=timezone.now() - timedelta(days=31))
    antivirus.reply = b"stream: Found.Later FOUND\n"
    assert scan_files() == 1
    assert state_of(document) == ScanState.INFECTED


def test_a_content_that_is_erased_is_read_where_else_it_is_kept(antivirus):
    first, second = deposited(), deposited()
    DceDocument.objects.filter(pk=second.pk).update(content=b"")
    scan_files()
    scan = FileScan.objects.get()
    assert (scan.object_id, scan.state) == (first.pk, ScanState.CLEAN)


def test_a_content_nobody_keeps_is_not_looked_for_until_it_comes_back(antivirus):
    deposited()
    DceDocument.objects.update(content=b"")
    scan_files()
    assert (FileScan.objects.get().object_id, antivirus.received) == (None, [])
    assert scan_rounds._due() == []
    again = deposited()
    scan_files()
    assert state_of(again) == ScanState.CLEAN


def test_contents_nobody_asked_to_scan_are_found(antivirus):
    DceDocumentFactory()
    DocumentTemplateFactory()  # shipped: nobody deposited it
    assert scan_rounds.ask_forgotten() == 1
    assert scan_rounds.ask_forgotten() == 0
    assert FileScan.objects.get().object_kind == "markets.dcedocument"


def test_nothing_is_asked_again_without_antivirus():
    DceDocumentFactory()
    assert scan_rounds.ask_forgotten() == 0


def test_a_list_gets_its_states_in_one_query(antivirus, count_queries):
    deposited()
    scan_files()
    deposited(b"%PDF-1.7 other")
    rows = with_scans(DceDocument.objects.order_by("pk"))
    assert [shown_state(row) for row in rows] == [ScanState.CLEAN, ScanState.AWAITED]
    assert count_queries(lambda: [shown_state(row) for row in rows.all()]) == 1


def test_two_rounds_do_not_meet(antivirus):
    document = deposited()
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('antivirus'), 0)")
        scan_files()
        assert state_of(document) == ScanState.AWAITED
        cursor.execute("SELECT pg_advisory_unlock(hashtext('antivirus'), 0)")
    scan_files()
    assert state_of(document) == ScanState.CLEAN
