"""One cell of the grid: hours of a contract for a month."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import MarketTotal
from participants.enums import HoursSource, RejectionReason
from participants.models import ClosedPeriod, HoursEntry
from participants.services.hours import CLOSED, OUTSIDE_CONTRACT, record_cells, record_month
from participants.services.hours.ceilings import FAR_TOO_MANY, TOO_MANY
from tests.factories.accounts import UserFactory, author
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH = date(2026, 3, 1)
M6 = "Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer."
M7 = "Ce mois est clôturé : ses heures ne peuvent plus être modifiées."
M8 = "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
BOUNDS = "Les heures d’un mois sont comprises entre 0 et 300."


@pytest.fixture
def contract():
    return EmploymentContractFactory(validated=True)


def record(contract, declared, month=MARCH, **options):
    hours = None if declared is None else Decimal(declared)
    return record_month(contract=contract, month=month, declared=hours, by=author(), **options)


def totals(contract):
    return MarketTotal.objects.values_list("declared", "counted").get(
        market=contract.market_id, territory=contract.territory_id
    )


def test_validated_hours_count(contract):
    outcome = record(contract, "151.67")
    assert (outcome.status, outcome.declared, outcome.counted, outcome.message) == (
        "counted", Decimal("151.67"), Decimal("151.67"), "",
    )  # fmt: skip
    entry = HoursEntry.objects.get()
    assert (entry.month, entry.starts_on, entry.ends_on) == (MARCH, MARCH, date(2026, 3, 31))
    assert (entry.participant, entry.territory, entry.market, entry.lot) == (
        contract.participant, contract.territory, contract.market, contract.lot,
    )  # fmt: skip
    assert totals(contract) == (Decimal("151.67"), Decimal("151.67"))


def test_hours_of_a_person_nobody_validated_are_kept_and_rejected():
    contract = EmploymentContractFactory()
    outcome = record(contract, 120)
    assert (outcome.status, outcome.counted, outcome.message) == ("rejected", 0, M8)
    entry = HoursEntry.objects.get()
    assert (entry.declared, entry.rejected, entry.rejection_reason) == (120, 120, RejectionReason.NOT_VALIDATED)
    assert totals(contract) == (120, 0)


def test_hours_of_a_month_validated_in_part_wait():
    contract = EmploymentContractFactory()
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 16), granted=True)
    assert record(contract, 80).status == "pending"
    assert record(contract, 90, month=date(2026, 4, 1)).status == "counted"
    assert totals(contract) == (170, 90)


def test_the_days_are_those_of_the_contract():
    contract = EmploymentContractFactory(validated=True, starts_on=date(2026, 3, 10), ends_on=date(2026, 4, 20))
    record(contract, 80)
    record(contract, 70, month=date(2026, 4, 1))
    days = HoursEntry.objects.order_by("month").values_list("starts_on", "ends_on")
    assert list(days) == [(date(2026, 3, 10), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 20))]


def test_a_validation_need_not_cover_the_days_before_the_contract():
    contract = EmploymentContractFactory(starts_on=date(2026, 3, 16))
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 3, 16), granted=True)
    assert record(contract, 80).status == "counted"


@pytest.mark.parametrize("month", [date(2026, 1, 1), date(2026, 7, 1), date(1, 1, 1)])
def test_a_month_outside_the_contract_is_refused(month):
    contract = EmploymentContractFactory(ended=True, validated=True)
    with pytest.raises(DomainError, match=OUTSIDE_CONTRACT):
        record(contract, 10, month=month)
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [("300.01", BOUNDS), ("301", BOUNDS), ("-1", BOUNDS), ("-0.01", BOUNDS), ("9999.99", BOUNDS)],
)
def test_hours_are_bounded(contract, declared, sentence):
    with pytest.raises(DomainError) as refused:
        record(contract, declared)
    assert refused.value.message == sentence
    assert not HoursEntry.objects.exists()
    assert not MarketTotal.objects.filter(declared__gt=0).exists()


@pytest.mark.parametrize("declared", ["12.345", "10000", "NaN", "Infinity"])
def test_hours_are_a_number_to_the_hundredth(contract, declared):
    with pytest.raises(ValidationError):
        record(contract, declared)
    assert not HoursEntry.objects.exists()


def test_above_the_legal_ceilings_one_is_warned_then_refused(contract):
    assert record(contract, 218).message == ""
    assert record(contract, "218.01").message == TOO_MANY
    assert record(contract, 260).status == "counted"
    with pytest.raises(DomainError) as refused:
        record(contract, "260.01")
    assert refused.value.message == FAR_TOO_MANY
    assert HoursEntry.objects.get().declared == 260


def test_a_zero_is_a_statement_and_not_an_empty_cell(contract):
    outcome = record(contract, 0)
    assert (outcome.status, outcome.declared, outcome.version) == ("counted", 0, 1)
    assert HoursEntry.objects.get().counted_period is None


def test_hours_typed_again_replace_the_former(contract):
    assert [record(contract, hours).version for hours in (100, 80, 120)] == [1, 2, 3]
    assert HoursEntry.objects.get().declared == 120
    assert totals(contract) == (120, 120)


def test_a_stale_page_is_told_and_loses_nothing(contract):
    record(contract, 100, version=0)
    for version in (0, 2, 99):
        with pytest.raises(Conflict) as refused:
            record(contract, 80, version=version)
        assert refused.value.message == M6
    assert record(contract, 80, version=1).version == 2


def test_an_erased_cell_is_empty_and_remembered(contract):
    record(contract, 100)
    assert record(contract, None, version=1).status == "empty"
    assert not HoursEntry.objects.exists()
    assert totals(contract) == (0, 0)
    trail = HoursEntry.history.order_by("history_id").values_list("history_type", "declared", "history_user__email")
    assert list(trail) == [("+", 100, "auteur@example.test"), ("-", 100, "auteur@example.test")]


def test_erasing_an_empty_cell_does_nothing(contract):
    assert record(contract, None).status == "empty"
    assert not HoursEntry.history.exists()


def test_the_version_goes_on_after_an_erasure(contract):
    """Otherwise a page opened before the erasure would write over what was typed since."""
    record(contract, 100)
    record(contract, None)
    assert record(contract, 90, version=0).version == 2
    with pytest.raises(Conflict):
        record(contract, 50, version=1)


def test_two_months_do_not_share_their_versions(contract):
    record(contract, 100)
    record(contract, 101)
    assert record(contract, 90, month=date(2026, 4, 1), version=0).version == 1


@pytest.mark.parametrize("declared", [None, "10"])
def test_a_closed_month_no_longer_changes(contract, declared):
    record(contract, 100)
    ClosedPeriod.objects.create(territory=contract.territory, quarter_start=date(2026, 1, 1))
    with pytest.raises(Conflict) as refused:
        record(contract, declared)
    assert refused.value.message == CLOSED == M7
    assert HoursEntry.objects.get().declared == 100
    assert record(contract, 50, month=date(2026, 4, 1)).status == "counted"


def test_the_author_and_the_source_are_kept(contract):
    facilitator = UserFactory()
    record_month(contract=contract, month=MARCH, declared=Decimal(7), by=facilitator, source=HoursSource.IMPORT)
    entry = HoursEntry.objects.get()
    assert (entry.source, entry.history.get().history_user) == (HoursSource.IMPORT, facilitator)


def test_the_hours_of_two_contracts_of_a_person_add_up(contract):
    second = EmploymentContractFactory(award=contract.award, participant=contract.participant, job_title="Peintre")
    record(contract, 100)
    record(second, 40)
    assert totals(contract) == (140, 140)


def test_each_cell_of_a_batch_stands_alone(contract):
    stranger = EmploymentContractFactory(award=contract.award)
    record(contract, 33, month=date(2026, 5, 1))
    cells = [
        (stranger, MARCH, "7h30", 0),
        (contract, MARCH, "151,67", 0),
        (contract, date(2026, 4, 1), "beaucoup", 0),
        (contract, date(2026, 1, 1), "10", 0),
        (contract, date(2026, 5, 1), "34", 0),
        (contract, date(2026, 6, 1), "400", 0),
        (contract, date(2026, 7, 1), "12,345", 0),
        (contract, date(2026, 8, 1), " ", 0),
    ]
    outcomes = record_cells(cells=cells, by=author())
    assert [(outcome.contract_id, outcome.month) for outcome in outcomes] == [(cell[0].pk, cell[1]) for cell in cells]
    assert [outcome.status for outcome in outcomes] == [
        "rejected", "counted", "refused", "refused", "conflict", "refused", "refused", "empty",
    ]  # fmt: skip
    assert outcomes[0].message == M8
    assert (outcomes[4].declared, outcomes[4].version, outcomes[4].message) == (33, 1, M6)
    assert outcomes[5].message == BOUNDS
    assert all(outcome.message for outcome in outcomes if outcome.status not in {"counted", "empty"})
    assert sorted(HoursEntry.objects.values_list("declared", flat=True)) == [Decimal("7.5"), 33, Decimal("151.67")]


def test_a_cell_erased_by_another_is_a_conflict(contract):
    record(contract, 100)
    record(contract, None)
    (outcome,) = record_cells(cells=[(contract, MARCH, "90", 1)], by=author())
    assert (outcome.status, outcome.message, outcome.version) == ("conflict", M6, 0)
