"""Does the work follow its time: postings, first hire, linear pace, objective (A01, A02, A04, A15, A16)."""

from datetime import date

import pytest
import time_machine

from markets.models import Alert, Award
from markets.services.alerts import close_alert
from markets.services.awards import add_objective
from participants.alert_rules import contract, pace, run_rules
from participants.alert_rules.night import Night
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.support.alert_facts import at_work, facts, hours, posting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def test_no_posting_a_month_after_the_notification(award):
    assert facts(pace.no_posting) == [(f"A01:{award.pk}", "Aucune fiche de poste reçue, marché notifié le 05/01/2026.")]
    assert facts(pace.no_posting, date(2026, 2, 4)) == []
    posting(award, state="cancelled")
    assert len(facts(pace.no_posting)) == 1
    posting(award)
    assert facts(pace.no_posting) == []


def test_a_hire_needs_no_posting(award):
    subcontractor = AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None)
    at_work(subcontractor)
    assert facts(pace.no_posting) == facts(pace.no_first_hire) == []


def test_nobody_hired_at_a_quarter_of_the_time(award, settings):
    assert facts(pace.no_first_hire) == [(f"A02:{award.pk}", "Aucun recrutement à 62\u00a0% du délai.")]
    Award.objects.update(intervenes_from=date(2026, 9, 1))
    assert facts(pace.no_first_hire) == []
    settings.ALERT_THRESHOLDS = settings.ALERT_THRESHOLDS | {"first_hire_percent": 5}
    assert len(facts(pace.no_first_hire)) == 1


def test_late_is_twenty_points_behind_the_time(award):
    contract = at_work(award)
    hours(contract, 2, 3, 4, 5, declared=100)
    assert facts(pace.late) == [
        (
            f"A04:{award.pk}:2026-T3",
            "400\u00a0h comptabilisées sur 1\u00a0000\u00a0h (40\u00a0%) pour 62\u00a0% du délai écoulé.",
        )
    ]
    hours(contract, 6, declared=30)
    assert facts(pace.late) == []
    Award.objects.update(intervenes_until=date(2026, 10, 15))
    assert len(facts(pace.late)) == 1


def test_hours_of_subcontractors_are_those_of_who_answers_for_them(award):
    one = AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None)
    two = AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None)
    Award.objects.filter(pk=two.pk).update(parent=one)
    hours(at_work(two), 2, 3, 4, 5, 6, declared=100)
    (work,) = Night(date(2026, 9, 15)).works
    assert (work.award_id, work.counted, work.has_contract) == (award.pk, 500, True)


def test_a_lag_is_told_again_in_another_quarter_once_somebody_closed_it(award):
    at_work(award)
    assert [fact.key for fact in pace.late(Night(date(2026, 6, 15)))] == [f"A04:{award.pk}:2026-T2"]
    with time_machine.travel("2026-06-15T10:00+02:00"):
        run_rules()
    run_rules()
    alert = Alert.objects.get(category="A04")
    assert (alert.rule_key, alert.closed_on) == (f"A04:{award.pk}:2026-T2", None)
    close_alert(alert=alert, answer="Un renfort arrive.", by=author())
    run_rules()
    assert set(Alert.objects.filter(category="A04").values_list("rule_key", flat=True)) == {
        f"A04:{award.pk}:2026-T2",
        f"A04:{award.pk}:2026-T3",
    }


def test_the_objective_is_at_risk_at_three_quarters_of_the_time(award):
    contract = at_work(award)
    hours(contract, 2, 3, 4, 5, 6, declared=100)
    assert facts(pace.at_risk) == []
    assert facts(pace.at_risk, date(2026, 11, 5))[0][0] == f"A15:{award.pk}"
    hours(contract, 7, declared=100)
    assert facts(pace.at_risk, date(2026, 11, 5)) == []


def test_an_objective_is_met_again_when_it_grew(award):
    hours(at_work(award), *range(2, 9), declared=150)
    assert facts(pace.met) == [
        (
            f"A16:{award.pk}:1000",
            "Objectif atteint : 1\u00a0050\u00a0h comptabilisées sur 1\u00a0000\u00a0h (105\u00a0%).",
        )
    ]
    add_objective(
        award=award, kind="amendment", hours=40, effective_on=date(2026, 9, 1), reason="Avenant n° 1", by=author()
    )
    assert facts(pace.met)[0][0] == f"A16:{award.pk}:1040"
    assert facts(contract.new_hours)[0][1] == "Avenant : +40\u00a0h dues à compter du 01/09/2026."


def test_works_without_dates_hours_or_company_are_left_aside(award, night):
    Award.objects.update(ended_on=date(2026, 5, 1), end_reason="termination")
    assert night.works == []
    LotFactory(awarded=True, starts_on=None, ends_on=None, territory=award.lot.territory)
    assert facts(pace.late) == facts(pace.no_first_hire) == []
