"""Two people on the hours of one person, at the same instant (security.md §4.2): real threads, real connections."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.periods import Quarter
from participants.enums import ContractType
from participants.models import HoursEntry
from participants.services import hours
from participants.services.consistency import CHECKS
from participants.services.hours.ceilings import FAR_TOO_MANY
from participants.services.validations import revoke
from reporting.services.statements import close_quarter
from tests.factories.accounts import author
from tests.factories.companies import CountingRuleFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory, ParticipantFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

# With every row lock taken away, the races run ITERATIONS times (or a part of it) were lost at six already.
ITERATIONS = 9
# The others are not held by a row lock alone: nothing says that fewer would be enough.
MANY = 30
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def record(contract, number, who, month=MARCH):
    return lambda: hours.record_month(contract=contract, month=month, declared=Decimal(number), by=who)


def assert_consistent():
    assert [sentence for check in CHECKS.values() for sentence in check()] == []


def test_two_files_of_one_person_do_not_pass_the_ceiling_together():
    """Two lots, two territories, two files: one of the two is refused, whichever."""
    who, identity = author(), {"first_name": "Zoé", "last_name": "Garcia", "birth_date": date(1990, 5, 4)}
    awards = [AwardFactory(), AwardFactory()]
    persons = [ParticipantFactory(territory=award.lot.territory, **identity) for award in awards]
    works = [
        EmploymentContractFactory(award=award, participant=person)
        for award, person in zip(awards, persons, strict=True)
    ]
    for person in persons:
        EligibilityValidationFactory(participant=person, granted=True)
    for _ in range(ITERATIONS):
        saved, refused = sort_out(race(*[record(work, 150, who) for work in works]))
        assert ([outcome.declared for outcome in saved], [str(error) for error in refused]) == ([150], [FAR_TOO_MANY])
        HoursEntry.objects.all().delete()


def test_a_line_added_while_the_month_is_closed_is_in_the_statement_or_refused():
    who = author()
    for _ in range(MANY):
        contract = EmploymentContractFactory(validated=True)
        results = race(
            lambda c=contract: close_quarter(territory=c.territory, quarter=Quarter(2026, 1), by=who),
            record(contract, 100, who),
        )
        _, refused = sort_out(results)
        assert {str(error) for error in refused} <= {hours.CLOSED}
        assert HoursEntry.objects.filter(contract=contract).exists() == (not refused)
    assert_consistent()


def test_two_corrections_of_one_month_follow_one_another():
    who = author()
    contract = EmploymentContractFactory(validated=True)
    hours.record_month(contract=contract, month=MARCH, declared=Decimal(100), by=who)
    close_quarter(territory=contract.territory, quarter=Quarter(2026, 1), by=who)

    def correct(number):
        return lambda: hours.regularise(contract=contract, month=MARCH, hours=Decimal(number), reason="Relevé.", by=who)

    for turn in range(ITERATIONS):
        _, refused = sort_out(race(correct(101 + turn % 50), correct(151 + turn % 50)))
        assert refused == []
        assert HoursEntry.objects.aggregate(total=Sum("declared"))["total"] in {101 + turn % 50, 151 + turn % 50}
    assert_consistent()


def test_two_corrections_made_from_the_same_page_are_not_both_booked():
    who = author()
    for _ in range(ITERATIONS // 3):
        contract = EmploymentContractFactory(validated=True)
        close_quarter(territory=contract.territory, quarter=Quarter(2026, 1), by=who)
        acts = [
            lambda c=contract, n=number: hours.regularise(
                contract=c, month=MARCH, hours=Decimal(n), reason="Relevé.", by=who, version=0
            )
            for number in (10, 20)
        ]
        booked, refused = sort_out(race(*acts))
        assert (len(booked), [type(error) for error in refused]) == (1, [Conflict])


def test_hours_sent_then_corrected_while_the_validation_is_revoked_never_count():
    who = author()
    for _ in range(ITERATIONS // 3):
        contract = EmploymentContractFactory()
        validation = EligibilityValidationFactory(participant=contract.participant, granted=True)
        hours.record_month(contract=contract, month=MARCH, declared=Decimal(100), by=who)
        close_quarter(territory=contract.territory, quarter=Quarter(2026, 1), by=who)
        _, refused = sort_out(
            race(
                lambda v=validation: revoke(validation=v, by=who, reason="Faux."),
                lambda c=contract: hours.regularise(
                    contract=c, month=MARCH, hours=Decimal(120), reason="Relevé.", by=who
                ),
            )
        )
        assert refused == []
        own = HoursEntry.objects.filter(contract=contract)
        assert hours.total_of(own) == [120, 0, 120, 0]
    assert_consistent()


def test_two_trainees_share_a_budget_at_the_same_instant():
    who, award = author(), AwardFactory()
    CountingRuleFactory(market=award.lot.market, prehire_training_cap=10)
    kind = ContractType.PREHIRE_TRAINING
    works = EmploymentContractFactory.create_batch(2, award=award, contract_type=kind, validated=True)
    for turn in range(ITERATIONS // 2):
        saved, refused = sort_out(race(*[record(work, 60 + turn, who) for work in works]))
        assert refused == []
        assert HoursEntry.objects.aggregate(total=Sum("counted"))["total"] == 100
    assert_consistent()


def test_a_split_and_a_typing_of_one_month_do_not_mix():
    who = author()
    contract = EmploymentContractFactory(validated=True)
    for _ in range(ITERATIONS // 2):
        _, refused = sort_out(
            race(
                lambda: hours.split_month(
                    contract=contract,
                    month=MARCH,
                    first_day=date(2026, 3, 16),
                    before=Decimal(30),
                    from_then=Decimal(40),
                    by=who,
                ),
                record(contract, 100, who),
            )
        )
        assert {type(error) for error in refused} <= {DomainError}
        assert sum(HoursEntry.objects.values_list("declared", flat=True)) == 70
        hours.join_month(contract=contract, month=MARCH, by=who)
        hours.record_month(contract=contract, month=MARCH, declared=None, by=who)
    assert_consistent()
