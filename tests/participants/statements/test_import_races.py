"""A statement recorded while a worker is killed, or while others record too: one effect (A16, A25)."""

import pytest

from markets.models import MarketTotal
from participants.models import HoursEntry, HoursImport
from participants.services import hours_imports
from participants.services.hours_imports import ask_recording
from participants.tasks import import_hours
from tests.support.threads import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eleven(hire, monkeypatch):
    """Contracts of 11 persons: more than a batch, which is of ten here."""
    monkeypatch.setattr(hours_imports, "BATCH", 10)
    return [hire(f"Personne{chr(65 + n)}", "Zoé") for n in range(11)]


def rows(contracts):
    return [[c.participant.last_name, c.participant.first_name, "", "06/2026", "10", ""] for c in contracts]


def test_a_worker_killed_in_the_middle_is_finished_by_the_next(give, eleven, asker, monkeypatch):
    run = give(*rows(eleven))
    ask_recording(run=run, by=asker)
    real, batches = hours_imports._record_batch, []

    def killed_at_the_second(job, ids):
        batches.append(len(ids))
        if len(batches) == 2:
            raise SystemExit("killed")
        real(job, ids)

    monkeypatch.setattr(hours_imports, "_record_batch", killed_at_the_second)
    with pytest.raises(SystemExit):
        import_hours(run.pk)
    assert HoursEntry.objects.count() == 10
    monkeypatch.setattr(hours_imports, "_record_batch", real)
    import_hours(run.pk)
    run.refresh_from_db()
    assert (run.state, HoursEntry.objects.count()) == ("done", 11)
    assert sum(HoursEntry.objects.values_list("declared", flat=True)) == 110
    assert sum(MarketTotal.objects.values_list("declared", flat=True)) == 110
    assert set(HoursEntry.objects.values_list("version", flat=True)) == {1}


def test_two_trials_recorded_at_once_write_once(give, hire, asker):
    contract = hire("Le Goff", "Éloïse")
    runs = [give(["Le Goff", "Éloïse", "", "06/2026", "70", ""]) for _ in range(2)]
    for run in runs:
        ask_recording(run=run, by=asker)
    race(*(lambda run=run: import_hours(run.pk) for run in runs))
    assert sorted(HoursImport.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert (contract.hours.get().declared, contract.hours.get().version) == (70, 1)
