"""The facilitator's opinion: who is asked, four weeks to answer, reminders, and the proof that stays (C3)."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict
from facilitators.enums import Role
from facilitators.models import Notification
from markets.enums import OpinionOutcome
from markets.models import FacilitatorOpinion, Lot
from markets.services.clause import decide_clause
from markets.services.opinion import (
    ALREADY_GIVEN,
    NOBODY,
    NOT_TO_REVIEW,
    OPINION_STATES,
    ask_opinion,
    clocks_of,
    give_opinion,
    having_opinion,
)
from markets.services.referents import assign
from markets.tasks import remind_awaited_opinions
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TERM = date(2026, 10, 13)  # Tuesday 15 September 2026 plus four weeks


def told(user):
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


def on(day):
    return time_machine.travel(f"{day}T08:00:00+02:00")


def test_the_facilitators_of_the_territory_have_four_weeks(lot, facilitator, officer):
    opinion = ask_opinion(lot=lot, by=officer)
    assert (opinion.due_on, opinion.asked_by) == (TERM, officer)
    assert opinion.consulted == [{"name": str(facilitator), "email": facilitator.email}]
    assert told(facilitator) == [
        f"Avis demandé sur le marché {lot.market.number}, lot {lot.number} : réponse attendue le 13/10/2026."
    ]


def test_the_term_falls_on_a_working_day(lot, facilitator, officer):
    with on("2026-10-14"):  # four weeks later is Wednesday 11 November
        assert ask_opinion(lot=lot, by=officer).due_on == date(2026, 11, 12)


def test_the_referent_and_the_substitute_are_consulted_once(lot, facilitator, member, officer):
    colleague = member(Role.FACILITATOR)
    assign(lot=lot, referent=facilitator, substitute=colleague, by=officer)
    names = [person["email"] for person in ask_opinion(lot=lot, by=officer).consulted]
    assert sorted(names) == sorted([facilitator.email, colleague.email])


def test_a_neighbour_is_not_consulted(lot, facilitator, member, elsewhere, officer):
    neighbour = member(Role.FACILITATOR, territory=elsewhere)
    ask_opinion(lot=lot, by=officer)
    assert told(neighbour) == []


def test_outside_the_convention_nobody_is_asked_and_the_proof_stays(lot, member, officer):
    member(Role.FACILITATOR)
    opinion = ask_opinion(lot=lot, by=officer)
    assert (opinion.consulted, opinion.due_on) == ([], date(2026, 9, 15))
    clock = clocks_of([lot])[lot.pk]
    assert (clock.state, clock.sentence, clock.may_ask) == ("nobody", NOBODY, True)


def test_once_a_convention_is_signed_the_question_is_asked_again(lot, member, officer, request):
    first = ask_opinion(lot=lot, by=officer)
    someone = request.getfixturevalue("facilitator")
    again = ask_opinion(lot=lot, by=officer)
    assert (again.pk, again.consulted[0]["email"]) == (first.pk, someone.email)
    assert again.history.count() == 2


def test_a_question_is_asked_once(lot, facilitator, officer):
    ask_opinion(lot=lot, by=officer)
    with pytest.raises(Conflict, match="attendu le 13/10/2026"):
        ask_opinion(lot=lot, by=officer)


@pytest.mark.parametrize("trait", ["set_aside", "retained", "calibrated", "awarded"])
def test_only_a_lot_to_review_is_asked_about(territory, convention, officer, trait):
    with pytest.raises(Conflict, match=NOT_TO_REVIEW):
        ask_opinion(lot=LotFactory(territory=territory, **{trait: True}), by=officer)


def test_an_opinion_is_given_whole(lot, facilitator, officer):
    asked = ask_opinion(lot=lot, by=officer)
    given = give_opinion(
        opinion=asked,
        outcome=OpinionOutcome.RESERVED,
        adequacy=3,
        candidates=12,
        suppliers=4,
        text="Prévoir une formation.",
        by=facilitator,
    )
    assert (given.given_by, given.adequacy, given.candidates, given.suppliers) == (facilitator, 3, 12, 4)
    assert told(officer) == [f"Avis favorable avec réserves sur le marché {lot.market.number}, lot {lot.number}."]


@pytest.mark.parametrize("outcome", [OpinionOutcome.RESERVED, OpinionOutcome.UNFAVOURABLE, "", "perhaps"])
def test_an_opinion_without_its_why_is_refused(lot, facilitator, officer, outcome):
    asked = ask_opinion(lot=lot, by=officer)
    with pytest.raises(ValidationError):
        give_opinion(opinion=asked, outcome=outcome, by=facilitator)
    assert FacilitatorOpinion.objects.get().given_at is None


def test_an_opinion_is_given_once(lot, facilitator, officer):
    asked = ask_opinion(lot=lot, by=officer)
    give_opinion(opinion=asked, outcome=OpinionOutcome.FAVOURABLE, by=facilitator)
    with pytest.raises(Conflict, match=ALREADY_GIVEN):
        give_opinion(opinion=asked, outcome=OpinionOutcome.UNFAVOURABLE, text="Non.", by=facilitator)
    ask_opinion(lot=lot, by=officer)
    assert FacilitatorOpinion.objects.filter(lot=lot).count() == 2


def test_after_the_decision_the_opinion_is_no_longer_awaited(lot, facilitator, officer):
    asked = ask_opinion(lot=lot, by=officer)
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", reason="Urgence du chantier.", by=officer)
    with pytest.raises(Conflict, match=NOT_TO_REVIEW):
        give_opinion(opinion=asked, outcome=OpinionOutcome.FAVOURABLE, by=facilitator)
    assert not FacilitatorOpinion.objects.to_give().exists()


@pytest.mark.parametrize(
    ("day", "state", "sentence"),
    [
        ("2026-10-01", "awaited", "Attendu le 13/10/2026, encore 12 jours."),
        ("2026-10-12", "awaited", "Attendu le 13/10/2026, encore 1 jour."),
        ("2026-10-13", "awaited", "Attendu le 13/10/2026, dernier jour."),
        ("2026-10-14", "late", "Terme dépassé : la décision peut être prise sans avis."),
    ],
)
def test_the_clock_runs(lot, facilitator, officer, day, state, sentence):
    ask_opinion(lot=lot, by=officer)
    with on(day):
        clock = clocks_of([lot])[lot.pk]
        assert (clock.state, clock.sentence) == (state, sentence)
        assert list(having_opinion(Lot.objects.all(), state)) == [lot]


def test_the_list_is_filtered_as_the_clocks_say(territory, facilitator, officer, elsewhere):
    lots = [LotFactory(territory=territory) for _ in range(3)]
    for lot in lots[1:]:
        ask_opinion(lot=lot, by=officer)
    give_opinion(opinion=lots[2].opinions.get(), outcome=OpinionOutcome.FAVOURABLE, by=facilitator)
    Lot.objects.filter(pk=lots[1].pk).update(territory=elsewhere)
    states = {lot.pk: clock.state for lot, clock in zip(lots, clocks_of(lots).values(), strict=True)}
    assert list(states.values()) == ["not_asked", "awaited", "given"]
    for state in OPINION_STATES:
        expected = {pk for pk, found in states.items() if found == state}
        assert set(having_opinion(Lot.objects.all(), state).values_list("pk", flat=True)) == expected


def test_reminders_a_week_before_and_the_day_after_once_each(lot, facilitator, officer):
    ask_opinion(lot=lot, by=officer)
    seen = {}
    for day in ("2026-10-05", "2026-10-06", "2026-10-07", "2026-10-13", "2026-10-14", "2026-10-15"):
        with on(day):
            Notification.objects.all().delete()
            remind_awaited_opinions()
            seen[day] = (len(told(facilitator)), len(told(officer)))
    assert seen == {
        "2026-10-05": (0, 0),
        "2026-10-06": (1, 0),
        "2026-10-07": (0, 0),
        "2026-10-13": (0, 0),
        "2026-10-14": (1, 1),
        "2026-10-15": (0, 0),
    }


def test_a_day_without_the_worker_loses_no_reminder(lot, facilitator, officer):
    ask_opinion(lot=lot, by=officer)
    for day, text in (("2026-10-09", "Avis attendu le 13/10/2026"), ("2026-10-20", "est passé depuis le 13/10/2026")):
        with on(day):
            Notification.objects.all().delete()
            remind_awaited_opinions()
            assert text in told(facilitator)[0]


def test_nobody_is_reminded_of_what_is_over(lot, facilitator, officer, member):
    given = LotFactory(territory=lot.territory)
    for one in (lot, given):
        ask_opinion(lot=one, by=officer)
    give_opinion(opinion=given.opinions.get(), outcome=OpinionOutcome.FAVOURABLE, by=facilitator)
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", reason="Urgence.", by=officer)
    Notification.objects.all().delete()
    with on("2026-10-06"):
        remind_awaited_opinions()
    assert told(facilitator) == told(officer) == []


def test_before_the_term_one_decides_for_a_written_reason(lot, facilitator, officer):
    ask_opinion(lot=lot, by=officer)
    with pytest.raises(ValidationError, match="attendu le 13/10/2026"):
        decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", reason="Chantier urgent.", by=officer)


@pytest.mark.parametrize("day", ["2026-10-13", "2026-10-14"])
def test_after_the_term_silence_is_passed_over(lot, facilitator, officer, day):
    ask_opinion(lot=lot, by=officer)
    with on(day):
        if day == "2026-10-13":
            with pytest.raises(ValidationError):
                decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)
        else:
            decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)


def test_once_given_the_opinion_frees_the_decision(lot, facilitator, officer):
    give_opinion(opinion=ask_opinion(lot=lot, by=officer), outcome=OpinionOutcome.FAVOURABLE, by=facilitator)
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)


def test_not_asking_needs_a_written_reason_too(lot, facilitator, officer):
    with pytest.raises(ValidationError, match="n’a pas été demandé"):
        decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)


def test_with_nobody_to_ask_no_reason_is_wanted(lot, officer):
    decide_clause(lot=lot, outcome="clause", legal_basis="execution", by=officer)


def test_a_market_already_notified_waits_for_no_opinion(territory, facilitator):
    decide_clause(lot=LotFactory(territory=territory), outcome="clause", legal_basis="execution", by=UserFactory())


def test_no_amount_is_told(obliged, facilitator, officer):
    ask_opinion(lot=obliged, by=author())
    assert "216" not in " ".join(told(facilitator))
