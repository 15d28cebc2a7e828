"""A month without a word is an alert, graver with each reminder; a month of zero hours is none (A03)."""

from datetime import date

import pytest
import time_machine

from markets.models import Alert
from participants.alert_rules import run_rules, silence
from participants.models import MonthlyDeclaration
from tests.support.alert_facts import at_work, facts, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def test_a_month_without_a_word_is_an_alert_and_a_month_of_zero_is_none(award):
    contract = at_work(award, starts_on=date(2026, 6, 10))
    assert [key for key, _ in facts(silence.missing_hours)] == [f"A03:{award.pk}:2026-0{month}" for month in (6, 7, 8)]
    hours(contract, 6, declared=0)
    hours(contract, 7, declared=12)
    assert facts(silence.missing_hours) == [
        (f"A03:{award.pk}:2026-08", "Aucune heure saisie ni déclarée pour 08/2026, alors qu’un contrat est en cours.")
    ]
    MonthlyDeclaration.objects.create(
        company=award.company, month=date(2026, 8, 1), signatory="Service paie", no_hours=True
    )
    assert facts(silence.missing_hours) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 9), None),
        (date(2026, 9, 10), "info"),
        (date(2026, 9, 20), "watch"),
        (date(2026, 9, 29), "watch"),
        (date(2026, 9, 30), "critical"),
        (date(2027, 9, 9), "critical"),
    ],
)
def test_silence_gets_graver_with_each_reminder_day(day, expected):
    assert silence.severity_of(date(2026, 8, 1), day) == expected


def test_the_thirtieth_of_february_is_its_last_day():
    assert silence.severity_of(date(2026, 1, 1), date(2026, 2, 28)) == "critical"


def test_one_alert_for_a_company_and_month_however_long_the_silence(award):
    first, other = at_work(award, starts_on=date(2026, 8, 1)), at_work(award, starts_on=date(2026, 8, 20))
    for day, severity in (("2026-09-15", "info"), ("2026-09-21", "watch"), ("2026-10-01", "critical")):
        with time_machine.travel(f"{day}T10:00+02:00"):
            run_rules()
        assert Alert.objects.get(category="A03").severity == severity
    hours(first, 8, declared=0)
    run_rules()
    assert Alert.objects.get(category="A03").closed_on is not None
    assert other.hours.count() == 0
