"""A person's month over all her contracts, employers and territories (invariant 3)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import DomainError
from participants.models import HoursEntry
from participants.services.hours import record_cells, record_month
from participants.services.hours.ceilings import FAR_TOO_MANY, TOO_MANY
from tests.factories.accounts import author
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MARCH = date(2026, 3, 1)
ZOE = {"first_name": "Zoé", "last_name": "El Mansouri", "birth_date": date(1990, 5, 4)}


def record(contract, hours):
    return record_month(contract=contract, month=MARCH, declared=Decimal(hours), by=author())


def work_of(**identity):
    """A contract in a territory and a market of its own."""
    contract = EmploymentContractFactory()
    person = ParticipantFactory(territory=contract.territory, **ZOE | identity)
    contract = EmploymentContractFactory(award=contract.award, participant=person)
    EligibilityValidationFactory(participant=person, granted=True)
    return contract


@pytest.mark.parametrize(
    "identity",
    [{}, {"last_name": "EL MANSOURI"}, {"first_name": "Zoe"}],
    ids=["same", "capitals", "no accent"],
)
def test_the_hours_of_one_person_add_up_across_territories(identity):
    here, there = work_of(), work_of(**identity)
    assert record(here, 200).message == ""
    assert record(there, 60).message == TOO_MANY
    with pytest.raises(DomainError) as refused:
        record(there, "60.01")
    assert refused.value.message == FAR_TOO_MANY
    assert HoursEntry.objects.get(contract=there).declared == 60


@pytest.mark.parametrize("identity", [{"birth_date": date(1990, 4, 5)}, {"first_name": "Inès"}])
def test_two_persons_do_not(identity):
    here, there = work_of(), work_of(**identity)
    record(here, 200)
    assert record(there, 200).message == ""


def test_a_merged_file_is_still_hers():
    here, other = work_of(), work_of(first_name="Inès")
    record(here, 200)
    kept = other.participant
    kept.merged_into_id = here.participant_id
    kept.merged_at, kept.merged_by = "2026-09-15T10:00:00+02:00", author()
    kept.save()
    with pytest.raises(DomainError):
        record(other, 61)


def test_another_month_is_another_count():
    here, there = work_of(), work_of()
    record(here, 200)
    outcome = record_month(contract=there, month=date(2026, 4, 1), declared=Decimal(200), by=author())
    assert outcome.message == ""


def test_a_month_already_too_heavy_may_be_made_lighter():
    here = work_of()
    record(here, 250)
    HoursEntry.objects.update(declared=290, counted=290)
    assert record(here, 270).message == TOO_MANY


def test_the_cells_of_one_paste_add_up_too():
    here, there = work_of(), work_of()
    cells = [(here, MARCH, "200", 0), (there, MARCH, "70", 0), (there, MARCH, "50", 0)]
    outcomes = record_cells(cells=cells, by=author())
    assert [(outcome.status, outcome.message) for outcome in outcomes] == [
        ("counted", ""),
        ("refused", FAR_TOO_MANY),
        ("counted", TOO_MANY),
    ]
