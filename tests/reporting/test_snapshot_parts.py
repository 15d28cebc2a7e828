"""The parts of a quarterly statement beyond its hours: pace, exits, actions, forecast, corrections."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.periods import Quarter
from markets.enums import AwardRole
from markets.models import PhysicalProgress
from participants.enums import ExitHorizon, ExitSituationKind, ExitSource
from participants.services.exits import record_exit
from participants.services.hours import regularise
from reporting.indicators.hours import REGULARISED
from reporting.indicators.regularisations import NAMED
from reporting.services.statements import close_quarter
from reporting.statements.quarterly import build_snapshot
from tests.factories.accounts import author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.factories.work import ExitSituationFactory, JobPostingFactory, ReferralFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def snapshot(**fields):
    return build_snapshot(StatementFactory(**fields), dated_on=date(2026, 7, 10))


@pytest.fixture
def lot(territory):
    """Awarded, 1 000 h due, the first half of 2026."""
    return LotFactory(awarded=True, territory=territory, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))


def worked(award, hours, month=MAY, **contract):
    signed = EmploymentContractFactory(award=award, validated=True, **contract)
    HoursEntryFactory(contract=signed, month=month, declared=Decimal(hours))
    return signed


def helper_of(award):
    return AwardFactory(lot=award.lot, role=AwardRole.SUBCONTRACTOR, hours_minimum=None, parent=award)


def observe(lot, percent, day):
    PhysicalProgress(
        lot=lot, percent=percent, observed_on=day, recorded_at=f"{day}T10:00:00Z", recorded_by=author()
    ).save()


def test_a_company_answers_for_all_who_work_under_it_at_any_depth(lot, territory):
    holder = lot.awards.get()
    first = helper_of(holder)
    second = helper_of(first)
    for award, hours in ((holder, 100), (first, 30), (second, 7)):
        worked(award, hours)
    data = snapshot(territory=territory)
    assert [(row["company"], row["depth"], row["counted_to_date"]) for row in data["lots"]] == [
        (str(holder.company), 0, "137.00"),
        (str(first.company), 1, "37.00"),
        (str(second.company), 2, "7.00"),
    ]
    assert data["lots_total"]["counted_to_date"] == data["synthesis"]["counted_ever"] == "137.00"


def test_what_is_done_beyond_is_shown_and_makes_up_for_nobody(lot, territory):
    other = AwardFactory(lot=lot, role=AwardRole.MEMBER, hours_minimum=100)
    for month in (2, 3, 4):
        worked(other, 50, month=date(2026, month, 1))
    row = next(row for row in snapshot(territory=territory)["lots"] if row["due"] == "100.00")
    assert (row["done"], row["done_capped"], row["over"]) == ("150.0", "100", "50.00")
    synthesis = snapshot(territory=territory, period_code="2026-T3")["synthesis"]
    assert (synthesis["done"], synthesis["done_capped"]) == ("13.6", "9.1")
    assert (synthesis["over"], synthesis["remaining"]) == ("50.00", "1000.00")


def test_the_time_elapsed_and_the_works_are_told_beside_what_is_done(lot, territory):
    observe(lot, 20, date(2026, 4, 1))
    observe(lot, 35, date(2026, 6, 30))
    observe(lot, 60, date(2026, 7, 1))
    data = snapshot(territory=territory)
    (row,) = data["lots"]
    assert (row["expected"], row["physical"], row["physical_on"], row["light"]) == (
        "49.6",
        "35",
        "2026-06-30",
        "En retard",
    )
    assert (data["synthesis"]["expected"], data["synthesis"]["physical"]) == ("49.6", "35.0")


def test_corrections_are_told_by_lot_and_month_without_the_name_of_anybody(lot, territory):
    holder = lot.awards.get()
    for reason in ("Relevé corrigé par l’entreprise.", "Erreur sur {}."):
        contract = worked(holder, 100, month=MARCH)
        contract.reason = reason.format(contract.participant.last_name.upper())
        lot.contracts_of_test = [*getattr(lot, "contracts_of_test", ()), contract]
    close_quarter(territory=territory, quarter=Quarter(2026, 1), by=author())
    for contract in lot.contracts_of_test:
        regularise(contract=contract, month=MARCH, hours=Decimal(90), reason=contract.reason, by=author())
    data = snapshot(territory=territory)
    assert data["regularisations"] == [
        {
            "market": lot.market.number,
            "lot": lot.number,
            "month": "2026-03-01",
            "counted": "-20.00",
            "reasons": ["Relevé corrigé par l’entreprise.", NAMED],
        }
    ]
    assert data["synthesis"]["regularised_quarter"] == "-20.00"
    assert REGULARISED.code == "hours_regularised"


def test_the_hours_to_come_are_those_of_the_contracts_within_what_is_left(lot, territory):
    holder = lot.awards.get()
    contract = EmploymentContractFactory(award=holder, weekly_hours=35, validated=True)
    EmploymentContractFactory(award=holder, weekly_hours=None)
    JobPostingFactory(award=holder, published=True, positions=3)
    forecast = snapshot(territory=territory, period_code="2026-T3")["forecast"]
    assert forecast == {
        "quarter": "2026-T4",
        "contracts": 2,
        "hours": "460.00",  # 92 days × 35 h ÷ 7
        "unknown_length": 1,
        "postings": 1,
        "positions": 3,
        "calls": 0,
    }
    for month in (3, 4, 5, 6):
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(150))
    assert snapshot(territory=territory, period_code="2026-T2")["forecast"]["hours"] == "400.00"


def test_situations_known_and_unknown_are_told_apart(territory):
    known, _ = (
        ExitSituationFactory(contract__award__lot__territory=territory, contract__validated=True) for _ in range(2)
    )
    record_exit(
        exit_row=known,
        situation=ExitSituationKind.CDI_OTHER,
        source=ExitSource.PERSON,
        observed_on=date(2026, 6, 20),
        by=author(),
    )
    at_end, later, _ = snapshot(territory=territory)["exits"]
    assert (at_end["due"], at_end["known"], at_end["unknown"], at_end["lasting"]) == (2, 1, 1, 1)
    assert (at_end["unknown_percent"], at_end["positive_of_known"], at_end["positive_of_all"]) == (
        "50.0",
        "100.0",
        "50.0",
    )
    assert (later["horizon"], later["due"], later["unknown_percent"]) == (ExitHorizon.THREE_MONTHS.label, 0, None)
    assert snapshot(territory=territory, period_code="2026-T1")["forecast"]["calls"] == 2


def test_the_actions_of_the_quarter_are_counted(lot, territory):
    MeetingFactory(lot=lot, territory=territory, held=True)
    MeetingFactory(partners=True, territory=territory, held=True)
    ReferralFactory(posting=JobPostingFactory(award=lot.awards.get(), published=True))
    actions = snapshot(territory=territory, period_code="2026-T3")["actions"]
    counts = {name: value for name, value in actions.items() if value and isinstance(value, int)}
    assert counts == {"postings": 1, "positions": 1, "candidates_proposed": 1, "meetings_held": 2}
    assert actions["meetings"] == [("Première réunion de chantier", 1), ("Cellule opérationnelle", 1)]


def test_a_directorate_has_a_statement_of_its_own(territory):
    operation = OperationFactory(directorate=DirectorateFactory())
    mine = LotFactory(awarded=True, territory=territory, market__operation=operation)
    LotFactory(awarded=True, territory=territory)
    data = snapshot(territory=None, directorate=operation.directorate)
    assert (data["scope"], data["subject"]) == ("directorate", str(operation.directorate))
    assert {row["lot_id"] for row in data["lots"]} == {mine.pk}
