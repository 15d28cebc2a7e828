"""What the check of a declaration says before anything is recorded is what the recording then does."""

from datetime import date
from decimal import Decimal

import pytest

from participants.month_facts import MonthFacts, ceiling_message
from participants.services.hours import withhold
from participants.services.hours.ceilings import Workload
from tests.factories.accounts import author
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory

JULY = date(2026, 7, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_hours_set_aside_weigh_nothing_in_the_month_of_a_person():
    one = EmploymentContractFactory(validated=True)
    other = EmploymentContractFactory(participant=one.participant, award=one.award)
    entry = HoursEntryFactory(contract=other, month=JULY, declared=Decimal(150))
    withhold(entry=entry, hours=Decimal(100), reason="duplicate", by=author())
    told = MonthFacts([one, other], [JULY]).total(one, JULY, Decimal(160))
    assert told == Workload([one.participant], [JULY]).worked[one.participant_id, JULY] + 160 == 210
    assert ceiling_message(told) == ""
