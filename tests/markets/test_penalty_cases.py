"""Penalties: what they cost, who takes each step, what is kept, what is never told (C23; domain.md §10.2)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail
from facilitators.permissions import grant
from markets.enums import AwardRole, ObjectiveKind, PenaltyBasis, PenaltyOutcome, PenaltyState
from markets.models import Alert, PenaltyCase
from markets.penalties import PenaltyError
from markets.penalty_letters import sum_lines
from markets.services.awards import add_objective
from markets.services.penalties import (
    MOVED_ON,
    decide_penalty,
    drop_penalty,
    hours_of,
    propose_penalty,
    record_observations,
    send_notice,
    simulate,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import HourlyRateFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.factories.penalties import PenaltyCaseFactory
from tests.support.paperwork import everything_in, text_of
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

DAY = date(2026, 9, 1)
PROPOSAL = {"breach": "Heures non réalisées", "facts": "Aucune heure.", "found_on": DAY}
PER_HOUR = {"basis": PenaltyBasis.PER_HOUR, "tariff": Decimal(50)}


@pytest.fixture
def award():
    """960 h due, 60 h of them neutralised since, 700 h counted, 100 h of which by a subcontractor."""
    award = AwardFactory(hours_minimum=960)
    neutralise(award, 60, date(2026, 6, 1))
    helper = AwardFactory(lot=award.lot, role=AwardRole.SUBCONTRACTOR, parent=award, hours_minimum=None)
    for company, months in ((award, (2, 3, 4)), (helper, (2,))):
        contract = EmploymentContractFactory(award=company, validated=True)
        for month in months:
            declared = Decimal(200) if company is award else Decimal(100)
            HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=declared)
    return award


def neutralise(award, hours, day):
    add_objective(
        award=award,
        kind=ObjectiveKind.NEUTRALISED,
        hours=-hours,
        effective_on=day,
        reason="Fouilles archéologiques.",
        by=author(),
    )


def test_hours_are_those_of_the_ledger_on_that_day_and_of_the_subcontractors(award):
    hours = hours_of(award, DAY)
    assert (hours.required, hours.counted, hours.neutralised, hours.missing) == (960, 700, 60, 200)
    before = hours_of(award, date(2026, 5, 31))
    assert (before.required, before.neutralised, before.missing) == (960, 0, 260)


def test_the_examples_of_the_study(award):
    HourlyRateFactory(value=Decimal(29), valid_from=date(2026, 1, 1))
    assert simulate(award=award, day=DAY, **PER_HOUR).due_euros == Decimal("10000.00")
    found = simulate(award=award, basis=PenaltyBasis.CEILING_MULTIPLE, tariff=Decimal(4), day=DAY)
    assert (found.tariff_euros, found.due_euros) == (Decimal("116.00"), Decimal("23200.00"))


def test_the_tariff_is_that_of_the_day_of_the_finding(award):
    HourlyRateFactory(code="wage", value=Decimal("12.02"), valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30))
    HourlyRateFactory(code="wage", value=Decimal("12.20"), valid_from=date(2026, 7, 1), valid_until=None)
    asked = {"award": award, "basis": PenaltyBasis.WAGE_MULTIPLE, "tariff": Decimal("1.5")}
    assert simulate(day=date(2026, 6, 30), **asked).due_euros == Decimal("3606.00")
    assert simulate(day=date(2026, 7, 1), **asked).due_euros == Decimal("3660.00")
    with pytest.raises(PenaltyError, match="aucune valeur connue au 31/12/2025"):
        simulate(day=date(2025, 12, 31), **asked)


def test_the_tariff_of_a_multiple_is_exact_until_the_penalty(award):
    HourlyRateFactory(code="wage", value=Decimal("12.02"), valid_from=date(2026, 1, 1), valid_until=None)
    found = simulate(award=award, basis=PenaltyBasis.WAGE_MULTIPLE, tariff=Decimal("4.25"), day=DAY)
    assert (found.tariff_euros, found.due_euros) == (Decimal("51.085"), Decimal("10217.00"))
    assert ("Tarif", "4,25 fois le SMIC horaire brut, soit 51,085 € par heure") in sum_lines(found)


def test_breaches_and_days_are_counted_not_hours(award):
    fixed = simulate(award=award, basis=PenaltyBasis.FIXED, tariff=Decimal(300), day=DAY, units=2)
    late = simulate(award=award, basis=PenaltyBasis.PER_DAY, tariff=Decimal(50), day=DAY, units=7)
    assert (fixed.due_euros, late.due_euros) == (Decimal("600.00"), Decimal("350.00"))
    with pytest.raises(ValidationError, match="Indiquez le nombre de manquements"):
        simulate(award=award, basis=PenaltyBasis.FIXED, tariff=Decimal(300), day=DAY)


def test_a_subcontractor_owes_no_penalty(award):
    with pytest.raises(DomainError, match="vise l’entreprise dont il dépend"):
        simulate(award=award.subcontracts.get(), day=DAY, **PER_HOUR)


def test_a_finding_keeps_the_figures_of_its_day(award):
    case = propose_penalty(award=award, by=author(), **PROPOSAL, **PER_HOUR)
    neutralise(award, 100, date(2026, 8, 1))
    case = PenaltyCase.objects.get()
    assert (case.state, case.due_euros) == (PenaltyState.FOUND, Decimal("10000.00"))
    assert (case.required_hours, case.counted_hours, case.neutralised_hours) == (960, 700, 60)


def test_nothing_is_proposed_when_nothing_is_due_nor_for_tomorrow():
    award = AwardFactory(hours_minimum=None)
    with pytest.raises(DomainError, match="Aucune pénalité n’est encourue"):
        propose_penalty(award=award, by=author(), **PROPOSAL, **PER_HOUR)
    with pytest.raises(ValidationError, match="date passée"):
        propose_penalty(award=award, by=author(), **PROPOSAL | {"found_on": date(2026, 9, 16)}, **PER_HOUR)
    assert not PenaltyCase.objects.exists()


def test_the_whole_way_to_a_reduced_penalty(award):
    facilitator, jurist = UserFactory(), UserFactory(first_name="Inès", last_name="Le Goff")
    grant(user=jurist, role=Role.LEGAL_OFFICER, by=None)
    case = propose_penalty(award=award, by=facilitator, **PROPOSAL, **PER_HOUR)
    send_notice(case=case, sent_on=date(2026, 9, 15), working_days=15, by=jurist)
    case = PenaltyCase.objects.get()
    assert (case.state, case.answer_due_on) == (PenaltyState.NOTICE_SENT, date(2026, 10, 6))
    record_observations(case=case, observations="Deux candidats reçus.", observed_on=date(2026, 9, 15), by=jurist)
    decided = {"outcome": PenaltyOutcome.REDUCED, "euros": Decimal(4000), "reason": "Diligences prouvées."}
    decide_penalty(case=case, by=jurist, **decided)
    case = PenaltyCase.objects.get()
    assert (case.state, case.decided_euros, case.decided_by) == (PenaltyState.DECIDED, Decimal(4000), jurist)
    notice, decision = case.letters.order_by("pk")
    assert [notice.number, decision.number] == [f"PEN-2026-{case.pk:05d}-{end}" for end in ("MED", "DEC")]
    assert_letter(notice, "10 000 €", "06/10/2026", "15 jours ouvrés", "Inès Le Goff", str(award.company))
    assert_letter(decision, "La pénalité est réduite à 4 000 €.", "Diligences prouvées.", "reçues le 15/09/2026")
    assert case.history.count() == 4


def assert_letter(letter, *sentences):
    text = text_of(letter.docx)
    for sentence in sentences:
        assert sentence.replace(" 000 €", "\u00a0000\u00a0€") in text or sentence in text.replace("\u00a0", " "), text
    assert bytes(letter.content).startswith(b"%PDF-1.7")
    assert "{{" not in "".join(everything_in(letter.docx).values())


@pytest.mark.parametrize(
    ("outcome", "euros", "sentence"),
    [
        (PenaltyOutcome.APPLIED, Decimal(50_000), "La pénalité est appliquée : 50 000 €."),
        (PenaltyOutcome.WAIVED, Decimal(0), "Votre entreprise est exonérée de la pénalité."),
    ],
)
def test_a_penalty_is_applied_whole_or_waived(outcome, euros, sentence):
    case = PenaltyCaseFactory(observed=True)
    decide_penalty(case=case, outcome=outcome, reason="Motif.", euros=Decimal(7), by=author())
    case = PenaltyCase.objects.get()
    assert case.decided_euros == euros
    assert_letter(case.letters.get(kind=PenaltyState.DECIDED), sentence)


@pytest.mark.parametrize("euros", [None, Decimal(0), Decimal(50_000), Decimal(60_000)])
def test_a_reduced_penalty_is_less_than_what_is_due(euros):
    case = PenaltyCaseFactory(observed=True)
    with pytest.raises(ValidationError, match="plus que zéro, moins que"):
        decide_penalty(case=case, outcome=PenaltyOutcome.REDUCED, reason="Motif.", euros=euros, by=author())


def test_silence_is_recorded_once_the_time_is_over(today):
    case = PenaltyCaseFactory(notified=True)
    with pytest.raises(DomainError, match="le délai court encore"):
        record_observations(case=case, observations=" ", observed_on=today, by=author())
    PenaltyCase.objects.filter(pk=case.pk).update(answer_due_on=date(2026, 9, 14))
    record_observations(case=case, observations="", observed_on=today, by=author())
    decide_penalty(case=case, outcome=PenaltyOutcome.APPLIED, reason="Aucune réponse.", by=author())
    assert_letter(case.letters.get(kind=PenaltyState.DECIDED), "Aucune observation n’a été reçue")


def test_no_step_is_skipped_nor_taken_twice():
    steps = {
        "notified": lambda case: send_notice(case=case, sent_on=date(2026, 9, 15), working_days=15, by=author()),
        "observed": lambda case: record_observations(
            case=case, observations="Non.", observed_on=date(2026, 9, 15), by=author()
        ),
        "decided": lambda case: decide_penalty(case=case, outcome=PenaltyOutcome.WAIVED, reason="Motif.", by=author()),
    }
    allowed = {"found": "notified", "notified": "observed", "observed": "decided", "decided": "", "dropped": ""}
    for state, next_step in allowed.items():
        case = PenaltyCaseFactory(**({} if state == "found" else {state: True}))
        for name in set(steps) - {next_step}:
            with pytest.raises(Conflict, match=MOVED_ON):
                steps[name](case)


def test_a_breach_that_does_not_stand_is_dropped_for_a_reason():
    case = PenaltyCaseFactory(observed=True)
    with pytest.raises(ValidationError, match="Indiquez le motif"):
        drop_penalty(case=case, reason=" ", by=author())
    drop_penalty(case=case, reason="Aucun candidat n’était disponible.", by=author())
    case = PenaltyCase.objects.get()
    assert (case.state, case.decided_euros) == (PenaltyState.DROPPED, None)
    with pytest.raises(Conflict):
        drop_penalty(case=case, reason="Encore.", by=author())


def test_no_euro_leaves_the_pages_of_penalties(award):
    facilitator, jurist = UserFactory(), UserFactory()
    grant(user=jurist, role=Role.LEGAL_OFFICER, by=None)
    case = propose_penalty(award=award, by=facilitator, **PROPOSAL, **PER_HOUR)
    send_notice(case=case, sent_on=date(2026, 9, 15), working_days=15, by=jurist)
    drop_penalty(case=case, reason="Erreur de 10 000 €.", by=jurist)
    place = f"marché {award.lot.market.number}, lot {award.lot.number}."
    assert list(Notification.objects.order_by("pk").values_list("recipient", "text")) == [
        (jurist.pk, f"Pénalité proposée : {place}"),
        (facilitator.pk, f"Mise en demeure envoyée : {place}"),
        (facilitator.pk, f"Pénalité abandonnée : {place}"),
    ]
    assert not OutgoingMail.objects.exists()
    assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_decides_once():
    who = author()
    case = PenaltyCaseFactory(observed=True)
    decided, refused = sort_out(
        race(
            *[
                lambda: decide_penalty(case=case, outcome=PenaltyOutcome.APPLIED, reason="Motif.", by=who),
            ]
            * 2
        )
    )
    assert (len(decided), [type(error) for error in refused]) == (1, [Conflict])
    assert case.letters.filter(kind=PenaltyState.DECIDED).count() == 1
