"""Hours and contracts carry the place of their lot, and a lying copy is refused (design.md §4)."""

import pytest

from participants.services.contracts import sign_contract
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize(
    ("table", "column", "constraint"),
    [
        ("hoursentry", "lot_id", "hours_follow_contract"),
        ("hoursentry", "market_id", "hours_follow_contract"),
        ("hoursentry", "territory_id", "hours_follow_contract"),
        ("hoursentry", "participant_id", "hours_follow_contract"),
        ("employmentcontract", "lot_id", "contract_award_on_lot"),
        ("employmentcontract", "market_id", "contract_lot_in_place"),
        ("employmentcontract", "territory_id", "contract_lot_in_place"),
        ("employmentcontract", "award_id", "contract_award_on_lot"),
    ],
)
def test_a_lying_copy_is_refused(table, column, constraint):
    row = HoursEntryFactory() if table == "hoursentry" else EmploymentContractFactory()
    award = AwardFactory()
    lie = {
        "lot_id": award.lot_id,
        "market_id": award.lot.market_id,
        "territory_id": award.lot.territory_id,
        "participant_id": EligibilityValidationFactory(granted=True).participant_id,
        "award_id": award.pk,
    }[column]
    with refused("23503", constraint):
        execute(f"UPDATE participants_{table} SET {column} = %s WHERE id = %s", lie, row.pk)  # noqa: S608


def test_a_lot_at_work_does_not_change_territory_nor_market_in_raw_sql():
    contract = EmploymentContractFactory()
    other = LotFactory()
    for column, value in (("territory_id", other.territory_id), ("market_id", other.market_id)):
        with refused("23503", "contract_lot_in_place"):
            execute(f"UPDATE markets_lot SET {column} = %s WHERE id = %s", value, contract.lot_id)  # noqa: S608


def test_a_contract_with_hours_does_not_change_person_in_raw_sql():
    entry = HoursEntryFactory()
    with refused("23503", "hours_follow_contract"):
        execute(
            "UPDATE participants_employmentcontract SET participant_id = %s WHERE id = %s",
            ParticipantFactory().pk,
            entry.contract_id,
        )


def test_a_contract_takes_its_place_from_its_award():
    """Whatever a form or an importer had put there."""
    award, elsewhere = AwardFactory(), LotFactory()
    contract = EmploymentContractFactory.build(
        award=award,
        participant=ParticipantFactory(territory=award.lot.territory),
        employer=award.company,
        lot=elsewhere,
        market=elsewhere.market,
        territory=elsewhere.territory,
    )
    signed = sign_contract(contract=contract, by=author())
    signed.refresh_from_db()
    assert (signed.lot, signed.market, signed.territory) == (award.lot, award.lot.market, award.lot.territory)
