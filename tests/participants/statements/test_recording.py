"""Recording a statement: once, whatever is replayed; by who may, at that instant (A16)."""

from decimal import Decimal

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.permissions import forget_scope, revoke
from participants.models import HoursEntry, HoursImport
from participants.services.hours import record_month
from participants.services.hours_imports import ask_hours_import, ask_recording
from participants.tasks import import_hours
from tests.factories.accounts import author
from tests.factories.links import AUGUST
from tests.participants.statements.statement_files import HEADERS, outcomes, statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

ROW = ["Le Goff", "Éloïse", "", "08/2026", "70", ""]


def test_the_same_file_again_says_when(give, hire, record):
    hire("Le Goff", "Éloïse")
    record(give(ROW))
    with pytest.raises(Conflict, match="déjà été importé le 15/09/2026 ; rien n’a été modifié"):
        give(ROW)
    with pytest.raises(Conflict, match="15/09/2026"):
        give(ROW, name="autre nom.csv")


def test_the_same_rows_in_another_file_are_there_already(give, hire, record):
    contract = hire("Le Goff", "Éloïse")
    record(give(ROW))
    version = contract.hours.get().version
    again = give(ROW, ["Inconnue", "Personne", "", "08/2026", "1", ""])
    assert outcomes(again) == [(2, "same"), (3, "unknown")]
    with pytest.raises(DomainError, match="Aucune ligne n’est prête"):
        record(again)
    assert contract.hours.get().version == version


def test_two_trials_of_a_file_record_it_once(give, hire, record, asker):
    hire("Le Goff", "Éloïse")
    first, second = give(ROW), give(ROW)
    record(first)
    with pytest.raises(Conflict, match="déjà été importé"):
        ask_recording(run=second, by=asker)


def test_a_recorded_file_is_not_kept(give, hire, record):
    hire("Le Goff", "Éloïse")
    run = record(give(ROW))
    assert bytes(run.content) == b""
    assert run.recorded_on is not None


def test_a_run_is_not_recorded_before_it_was_tried(asker, territory, lender):
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


def test_a_refused_line_leaves_the_others_recorded(give, hire, record):
    first, second = hire("Le Goff", "Éloïse"), hire("Roux", "Karim")
    run = give(ROW, ["Roux", "Karim", "", "08/2026", "10", ""])
    record_month(contract=first, month=AUGUST, declared=Decimal(12), by=author())
    run = record(run)
    assert outcomes(run) == [(2, "refused"), (3, "recorded")]
    assert "elle porte 12" in run.lines.get(row=2).message
    assert first.hours.get().declared == 12
    assert second.hours.get().declared == 10


def test_the_ceiling_holds_when_it_is_recorded(give, hire, record):
    first = hire("Le Goff", "Éloïse")
    second = hire("", "", participant=first.participant)
    run = give([*ROW[:4], "150", f"marché {first.market.number}"])
    record_month(contract=second, month=AUGUST, declared=Decimal(140), by=author())
    run = record(run)
    assert outcomes(run) == [(2, "refused")]
    assert not first.hours.exists()


def test_who_lost_the_right_meanwhile_records_nothing(give, hire, asker):
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
def test_a_file_that_is_no_statement_is_refused_at_once(asker, territory, lender, name, content):
    with pytest.raises(DomainError):
        ask_hours_import(by=asker, territory=territory, company=lender, file_name=name, content=content)


def test_too_many_lines_are_refused_by_the_worker(give):
    run = give(*(["A", "B", "", "08/2026", "1", ""] for _ in range(5001)))
    assert run.state == "failed"
    assert run.error.startswith("Ce tableau compte plus de 5\u00a0000 lignes")
