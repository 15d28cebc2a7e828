"""What the rules find (domain.md §5.10), the 15 September 2026: each on what it must see and on what it must not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from facilitators.enums import Role
from facilitators.permissions import grant
from markets.models import Alert, Award
from markets.services.alerts import close_alert
from markets.services.awards import add_objective
from markets.services.markets import change_lot
from participants.alert_rules import RULES, RulesFailed, contract, pace, people, run_rules, silence
from participants.alert_rules.night import Night
from participants.models import EmploymentContract, JobPosting, MonthlyDeclaration, Referral
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def night(today):
    return Night(today)


@pytest.fixture
def award(territory):
    """A thousand hours due from February 2026 to January 2027, notified in January: 62 % of the time is over."""
    return LotFactory(territory=territory, awarded=True).awards.get()


def at_work(award, **fields):
    return EmploymentContractFactory(award=award, validated=True, **fields)


def hours(contract, *months, declared=100):
    for month in months:
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(declared))


def facts(rule, today=date(2026, 9, 15)):
    """[(award, lot or person of the key, description)]."""
    return [(fact.key, fact.description) for fact in rule(Night(today))]


def posting(award, **fields):
    whole = {"award": award, "lot": award.lot, "territory": award.lot.territory, "rome": RomeCodeFactory()}
    whole |= {"title": "Maçon", "contract_type": "cdd", "starts_on": date(2026, 9, 1), "tasks": "Maçonnerie."}
    return JobPosting.objects.create(**whole | {"author": author()} | fields)


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


def test_a_contract_begun_without_validation_is_reported(award):
    bare = EmploymentContractFactory(award=award, starts_on=date(2026, 3, 2))
    at_work(award)
    EmploymentContractFactory(award=award, starts_on=date(2026, 10, 1))
    assert facts(people.not_validated) == [
        (
            f"A06:{bare.pk}",
            "Contrat commencé le 02/03/2026 sans validation de la personne : ses heures ne comptent pas.",
        )
    ]


def test_a_validation_that_ends_before_the_contract_is_reported(award):
    contract = EmploymentContractFactory(award=award)
    year = EligibilityValidationFactory(participant=contract.participant, granted=True)
    short = at_work(award, ends_on=date(2026, 12, 31))
    assert facts(people.eligibility_ending) == []
    assert facts(people.eligibility_ending, date(2026, 11, 15)) == [
        (f"A08:{year.pk}", "La validation d’une personne prend fin le 31/12/2026, son contrat continue.")
    ]
    assert facts(people.eligibility_ending, date(2027, 2, 1))[0][0] == f"A08:{year.pk}"
    with time_machine.travel("2026-12-20T10:00+01:00"):
        EligibilityValidationFactory(
            participant=contract.participant,
            granted=True,
            evidence_dated_on=date(2026, 12, 15),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
        )
    assert facts(people.eligibility_ending, date(2026, 11, 15)) == []
    assert short.ends_on == date(2026, 12, 31)


def test_a_contract_broken_lately_is_reported_and_never_closes_by_itself(award):
    broken = at_work(award, ends_on=date(2026, 9, 1), end_reason="trial")
    at_work(award, ends_on=date(2026, 9, 1), end_reason="term")
    at_work(award, ends_on=date(2026, 3, 1), end_reason="trial")
    assert facts(people.early_end) == [(f"A09:{broken.pk}", "Un contrat a pris fin avant son terme le 01/09/2026.")]
    run_rules()
    run_rules(today=date(2027, 1, 1))
    assert Alert.objects.get(category="A09").closed_on is None


def test_new_dates_after_the_award_are_reported(award):
    lot = award.lot
    lot.ends_on = date(2027, 3, 31)
    change_lot(lot=lot, by=author())
    lot.title = "Gros œuvre et étanchéité"
    change_lot(lot=lot, by=author())
    assert [text for _, text in facts(contract.new_dates)] == [
        "Les dates du lot ont changé : du 01/02/2026 au 31/03/2027 (avant : du 01/02/2026 au 31/01/2027)."
    ]
    assert facts(contract.new_dates, date(2027, 1, 1)) == []


def test_an_insolvent_company_at_work_is_reported(award):
    company = award.company
    company.insolvency, company.insolvency_on = "receivership", date(2026, 9, 1)
    company.save()
    (fact,) = contract.insolvency(Night(date(2026, 9, 15)))
    assert (fact.key, fact.severity) == (f"A14:{award.pk}", "watch")
    company.insolvency = "liquidation"
    company.save()
    assert contract.insolvency(Night(date(2026, 9, 15)))[0].severity == "critical"
    Award.objects.update(ended_on=date(2026, 9, 10), end_reason="liquidation")
    assert facts(contract.insolvency) == []


def refuse(post, reason):
    Referral.objects.create(
        participant=ParticipantFactory(territory=post.territory),
        posting=post,
        state="refused",
        refusal=reason,
        proposed_at=timezone.now(),
        proposed_by=author(),
        answer_due_on=date(2026, 9, 1),
        escalate_on=date(2026, 9, 8),
        answered_on=date(2026, 9, 1),
    )


def test_three_refusals_of_a_company_on_a_lot_are_reported(award):
    posts = [posting(award), posting(award)]
    for post, reason in zip([*posts, posts[0]], ["skills", "transport", "already_hired"], strict=True):
        refuse(post, reason)
    assert facts(people.repeated_refusals) == []
    refuse(posts[1], "language")
    assert facts(people.repeated_refusals) == [
        (f"A20:{award.lot_id}:{award.company_id}", "3 candidats refusés par la même entreprise sur ce lot.")
    ]


def test_too_many_hours_in_a_month_across_contracts_are_reported(award):
    one = at_work(award)
    other = EmploymentContractFactory(award=award, participant=one.participant)
    hours(one, 7, declared=150)
    assert facts(people.legal_ceiling) == []
    hours(other, 7, declared=70)
    assert facts(people.legal_ceiling) == [
        (
            f"A21:{one.participant_id}:2026-07",
            "Une personne a 220\u00a0h déclarées en 07/2026, tous contrats confondus.",
        )
    ]


def test_an_old_month_is_not_closed_for_being_old(award):
    one = at_work(award)
    other = EmploymentContractFactory(award=award, participant=one.participant)
    hours(one, 7, declared=150)
    hours(other, 7, declared=70)
    run_rules()
    run_rules(today=date(2028, 1, 1))
    assert Alert.objects.get(category="A21").closed_on is None
    hours_of_july = other.hours.get()
    hours_of_july.declared = hours_of_july.counted = Decimal(10)
    hours_of_july.save()
    run_rules()
    assert Alert.objects.get(category="A21").closed_on is not None


def likely_pair(*places):
    names = ("Martin", "Martinn")
    return [
        ParticipantFactory(territory=place, last_name=name, first_name="Zoé", birth_date=date(1990, 5, 4))
        for place, name in zip(places, names, strict=True)
    ]


def test_likely_doubles_are_counted_in_each_territory(territory, elsewhere):
    ParticipantFactory(territory=territory, last_name="Durand", first_name="Paul", birth_date=date(1990, 5, 4))
    assert facts(people.likely_duplicates) == []
    likely_pair(territory, elsewhere)
    sentence = "Des fiches désignent peut-être la même personne : 1 rapprochement à examiner."
    assert set(facts(people.likely_duplicates)) == {
        (f"A22:{place.pk}:2026-09", sentence) for place in (territory, elsewhere)
    }


def test_a_convention_that_ends_is_reported_until_another_follows(convention, territories):
    last = convention.ends_on
    assert facts(contract.convention_ending) == []
    found = contract.convention_ending(Night(last - timedelta(days=180)))
    assert {(fact.territory_id, fact.severity) for fact in found} == {(place.pk, "info") for place in territories}
    assert {fact.severity for fact in contract.convention_ending(Night(last - timedelta(days=90)))} == {"watch"}
    ConventionFactory(territories=territories[:1], signed_on=last)
    found = contract.convention_ending(Night(last))
    assert {fact.territory_id for fact in found} == {place.pk for place in territories[1:]}


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
    from participants.models import Participant

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
