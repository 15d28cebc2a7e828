"""Recording a statement: once, whatever is replayed, raced or killed (A16, A25); by who may, at that instant."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.permissions import forget_scope, revoke
from markets.models import MarketTotal
from participants.models import HoursEntry, HoursImport
from participants.services import hours_imports
from participants.services.hours import record_month
from participants.services.hours_imports import ask_hours_import, ask_recording
from participants.tasks import import_hours
from tests.factories.accounts import author
from tests.factories.links import AUGUST
from tests.participants.statements.statement_files import HEADERS, outcomes, statement
from tests.support.threads import race, sort_out

ROW = ["Le Goff", "Éloïse", "", "08/2026", "70", ""]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestReplay:
    def test_the_same_file_again_says_when(self, give, hire, record):
        hire("Le Goff", "Éloïse")
        record(give(ROW))
        with pytest.raises(Conflict, match="déjà été importé le 15/09/2026 ; rien n’a été modifié"):
            give(ROW)
        with pytest.raises(Conflict, match="15/09/2026"):
            give(ROW, name="autre nom.csv")

    def test_the_same_rows_in_another_file_are_there_already(self, give, hire, record):
        contract = hire("Le Goff", "Éloïse")
        record(give(ROW))
        version = contract.hours.get().version
        again = give(ROW, ["Inconnue", "Personne", "", "08/2026", "1", ""])
        assert outcomes(again) == [(2, "same"), (3, "unknown")]
        with pytest.raises(DomainError, match="Aucune ligne n’est prête"):
            record(again)
        assert contract.hours.get().version == version

    def test_two_trials_of_a_file_record_it_once(self, give, hire, record, asker):
        hire("Le Goff", "Éloïse")
        first, second = give(ROW), give(ROW)
        record(first)
        with pytest.raises(Conflict, match="déjà été importé"):
            ask_recording(run=second, by=asker)

    def test_a_recorded_file_is_not_kept(self, give, hire, record):
        hire("Le Goff", "Éloïse")
        run = record(give(ROW))
        assert bytes(run.content) == b""
        assert run.recorded_on is not None

    def test_a_run_is_not_recorded_before_it_was_tried(self, asker, territory, lender):
        run = ask_hours_import(
            by=asker, territory=territory, company=lender, file_name="a.csv", content=statement(ROW, headers=HEADERS)
        )
        with pytest.raises(Conflict, match="n’est pas prêt"):
            ask_recording(run=run, by=asker)
        with pytest.raises(DomainError, match="identique est en cours"):
            ask_hours_import(
                by=asker,
                territory=territory,
                company=lender,
                file_name="a.csv",
                content=statement(ROW, headers=HEADERS),
            )

    def test_a_refused_line_leaves_the_others_recorded(self, give, hire, record):
        first, second = hire("Le Goff", "Éloïse"), hire("Roux", "Karim")
        run = give(ROW, ["Roux", "Karim", "", "08/2026", "10", ""])
        record_month(contract=first, month=AUGUST, declared=Decimal(12), by=author())
        run = record(run)
        assert outcomes(run) == [(2, "refused"), (3, "recorded")]
        assert "12 h" in run.lines.get(row=2).message
        assert first.hours.get().declared == 12
        assert second.hours.get().declared == 10

    def test_the_ceiling_holds_when_it_is_recorded(self, give, hire, record):
        first = hire("Le Goff", "Éloïse")
        second = hire("", "", participant=first.participant)
        run = give([*ROW[:4], "150", f"marché {first.market.number}"])
        record_month(contract=second, month=AUGUST, declared=Decimal(140), by=author())
        run = record(run)
        assert outcomes(run) == [(2, "refused")]
        assert not first.hours.exists()

    def test_who_lost_the_right_meanwhile_records_nothing(self, give, hire, asker):
        hire("Le Goff", "Éloïse")
        run = give(ROW)
        ask_recording(run=run, by=asker)
        revoke(membership=asker.memberships.get(), by=author())
        forget_scope(asker)
        import_hours(run.pk)
        assert HoursImport.objects.get(pk=run.pk).state == "refused"
        assert not HoursEntry.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [("a.exe", b"MZ"), ("a.xlsx", b"PK\x03\x04nothing"), ("a.csv", b""), ("a.xlsm", b"PK")],
    )
    def test_a_file_that_is_no_statement_is_refused_at_once(self, asker, territory, lender, name, content):
        with pytest.raises(DomainError):
            ask_hours_import(by=asker, territory=territory, company=lender, file_name=name, content=content)

    def test_too_many_lines_are_refused_by_the_worker(self, give):
        run = give(*(["A", "B", "", "08/2026", "1", ""] for _ in range(5001)))
        assert (run.state, run.error.split(" :")[0]) == ("failed", "Ce tableau compte plus de 5\u00a0000 lignes\u00a0")


@pytest.fixture
def two_hundred(hire):
    """Contracts of 110 persons: more than a batch."""
    return [hire(f"Personne{chr(65 + n // 26)}{chr(65 + n % 26)}", "Zoé") for n in range(110)]


@pytest.mark.django_db(transaction=True)
class TestCrashesAndRaces:
    def rows(self, contracts):
        return [[c.participant.last_name, c.participant.first_name, "", "06/2026", "10", ""] for c in contracts]

    def test_a_worker_killed_in_the_middle_is_finished_by_the_next(self, give, two_hundred, asker, monkeypatch):
        run = give(*self.rows(two_hundred))
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
        assert HoursEntry.objects.count() == 100
        monkeypatch.setattr(hours_imports, "_record_batch", real)
        import_hours(run.pk)
        run.refresh_from_db()
        assert (run.state, HoursEntry.objects.count()) == ("done", 110)
        assert sum(HoursEntry.objects.values_list("declared", flat=True)) == 1100
        assert sum(MarketTotal.objects.values_list("declared", flat=True)) == 1100
        assert set(HoursEntry.objects.values_list("version", flat=True)) == {1}

    def test_twenty_at_once_have_one_effect(self, give, hire, asker):
        contract = hire("Le Goff", "Éloïse")
        run = give(["Le Goff", "Éloïse", "", "06/2026", "70", ""])
        ask_recording(run=run, by=asker)
        _, failed = sort_out(race(*(lambda: import_hours(run.pk),) * 20))
        assert failed == []
        entry = contract.hours.get()
        assert (entry.declared, entry.version, entry.history.count()) == (70, 1, 1)
        assert MarketTotal.objects.get(market=contract.market_id).declared == 70

    def test_two_trials_recorded_at_once_write_once(self, give, hire, asker):
        contract = hire("Le Goff", "Éloïse")
        runs = [give(["Le Goff", "Éloïse", "", "06/2026", "70", ""]) for _ in range(2)]
        for run in runs:
            ask_recording(run=run, by=asker)
        race(*(lambda run=run: import_hours(run.pk) for run in runs))
        assert sorted(HoursImport.objects.values_list("state", flat=True)) == ["done", "failed"]
        assert (contract.hours.get().declared, contract.hours.get().version) == (70, 1)

    def test_a_manual_line_and_an_import_at_once_leave_one_line(self, give, hire, asker):
        contract = hire("Le Goff", "Éloïse")
        run = give(["Le Goff", "Éloïse", "", "06/2026", "70", ""])
        ask_recording(run=run, by=asker)
        by_hand = {"contract": contract, "month": date(2026, 6, 1), "declared": Decimal(50), "by": asker, "version": 0}
        race(lambda: import_hours(run.pk), lambda: record_month(**by_hand))
        entry = contract.hours.get()
        assert entry.declared in {50, 70}
        assert MarketTotal.objects.get(market=contract.market_id).declared == entry.declared
