"""A whole night: facts name nobody, run twice they change nothing, a broken rule does not stop the others."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from facilitators.enums import Role
from facilitators.permissions import grant
from markets.models import Alert
from participants.alert_rules import RULES, RulesFailed, run_rules
from participants.alert_rules.night import Night
from participants.models import EmploymentContract, Participant
from tests.factories.accounts import UserFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EmploymentContractFactory,
)
from tests.support.alert_facts import at_work, hours, likely_pair, posting, refuse
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def everything(award, territory):
    """A bit of all the rules look at."""
    contracts = [EmploymentContractFactory(award=award) for _ in range(2)]
    hours(at_work(award, ends_on=date(2026, 9, 1), end_reason="trial"), 3, declared=230)
    for reason in ("skills", "transport", "language"):
        refuse(posting(award), reason)
    likely_pair(territory, territory)
    award.company.insolvency, award.company.insolvency_on = "liquidation", date(2026, 9, 1)
    award.company.save()
    EmploymentContract.objects.filter(pk=contracts[0].pk).update(starts_on=date(2026, 2, 2))
    grant(user=UserFactory(), role=Role.MISSION_OFFICER, by=None)
    return award


def test_every_fact_is_one_of_its_rule_and_names_nobody(everything, night):
    names = {name for row in Participant.objects.values_list("first_name", "last_name") for name in row}
    found = 0
    for rule in RULES:
        for fact in rule.find(night):
            found += 1
            assert fact.key.startswith(f"{rule.category}:")
            assert fact.category == rule.category
            assert len(fact.key) <= 120
            assert len(fact.path) <= 200
            assert not [name for name in names if name in fact.description]
    assert found >= 10


def test_running_twice_changes_nothing(everything):
    raised, closed = run_rules()
    assert raised == Alert.objects.count() > 0
    assert closed == 0
    assert run_rules() == (0, 0)


def test_the_rules_cost_as_many_queries_whatever_they_find(everything, night, count_queries):
    before = {rule.find: count_queries(lambda rule=rule: rule.find(Night(night.today))) for rule in RULES}
    for _ in range(2):
        another = LotFactory(territory=everything.lot.territory, awarded=True).awards.get()
        EmploymentContractFactory(award=another)
        hours(at_work(another, ends_on=date(2026, 9, 2), end_reason="trial"), 3, declared=230)
        posting(another)
    after = {rule.find: count_queries(lambda rule=rule: rule.find(Night(night.today))) for rule in RULES}
    assert after == before
    assert max(after.values()) <= 6


def test_a_rule_that_breaks_does_not_stop_the_others(everything, caplog):
    def broken(night):
        raise LookupError("en panne")

    rules = (replace(RULES[0], find=broken), *RULES[1:])
    with pytest.raises(RulesFailed, match="broken"):
        run_rules(rules=rules)
    assert "règle A01" in caplog.text
    assert set(Alert.objects.values_list("category", flat=True)) >= {"A03", "A06", "A14"}


def test_the_command_says_what_was_done(everything, capsys):
    call_command("raise_alerts")
    assert f"Alertes signalées : {Alert.objects.count()}. Alertes closes : 0." in capsys.readouterr().out


def test_the_command_fails_when_a_rule_broke(everything, settings):
    settings.ALERT_THRESHOLDS = {}
    with pytest.raises(CommandError, match="no_posting"):
        call_command("raise_alerts")


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_the_same_instant_raise_each_alert_once(everything):
    outcomes, failed = sort_out(race(run_rules, run_rules))
    assert failed == []
    assert sum(raised for raised, _ in outcomes) == Alert.objects.count()
