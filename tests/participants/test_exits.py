"""Where a person is when her work ends, three and six months later: asked, called, known or « inconnue » (C20, C33)."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from participants.models import ExitSituation
from participants.services.contracts import end_contract
from participants.services.exits import note_attempt, open_exits_of_the_day, record_exit
from participants.tasks import open_exits
from tests.factories.accounts import author
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory
from tests.factories.work import ExitSituationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY, ENDED = date(2026, 9, 15), date(2026, 6, 15)


def asked():
    """[(horizon, day)] of what is to be asked, whatever the day."""
    rows = ExitSituation.objects.filter(dropped_on=None, situation="").order_by("due_on")
    return list(rows.values_list("horizon", "due_on"))


def ending(contract, day=ENDED):
    return end_contract(contract=contract, ends_on=day, end_reason="employee", by=author())


def test_an_end_opens_three_questions_and_two_are_due():
    ending(EmploymentContractFactory(validated=True))
    assert asked() == [("end", ENDED), ("three_months", TODAY), ("six_months", date(2026, 12, 15))]
    assert [row.horizon for row in ExitSituation.objects.to_ask(TODAY)] == ["end", "three_months"]


def test_three_months_after_the_end_of_november_is_the_end_of_february():
    with time_machine.travel("2026-12-01T10:00:00+01:00"):
        ending(EmploymentContractFactory(validated=True), date(2026, 11, 30))
    assert asked()[1:] == [("three_months", date(2027, 2, 28)), ("six_months", date(2027, 5, 30))]


def test_nobody_is_asked_before_the_end_nor_when_another_contract_goes_on():
    contract = EmploymentContractFactory(validated=True)
    other = EmploymentContractFactory(
        award=contract.award, participant=contract.participant, starts_on=date(2026, 4, 1)
    )
    ending(contract)
    assert asked() == []
    ending(other, date(2026, 9, 20))
    assert asked() == []
    with time_machine.travel("2026-09-20T05:00:00+02:00"):
        assert open_exits_of_the_day() == 1
    assert [day for _, day in asked()][0] == date(2026, 9, 20)


def test_a_person_never_validated_is_not_called():
    ending(EmploymentContractFactory())
    assert asked() == []
    assert open_exits_of_the_day() == 0


def test_the_night_finds_the_terms_that_came_once():
    contract = EmploymentContractFactory(validated=True, ends_on=ENDED)
    EmploymentContractFactory(validated=True, starts_on=date(2025, 2, 1), ends_on=date(2025, 9, 14))
    EmploymentContractFactory(validated=True)
    assert asked() == []
    open_exits()
    assert open_exits_of_the_day() == 0
    assert set(ExitSituation.objects.values_list("contract", flat=True)) == {contract.pk}


def test_a_new_contract_on_the_same_award_takes_the_questions_back():
    first = ExitSituationFactory()
    record_exit(exit_row=first, situation="seeking", source="person", observed_on=TODAY, by=author())
    again = EmploymentContractFactory(
        award=first.award, participant=first.participant, starts_on=TODAY, ends_on=date(2026, 9, 18)
    )
    assert asked() == []
    assert set(ExitSituation.objects.values_list("dropped_on", flat=True)) == {TODAY}
    with pytest.raises(Conflict, match="n’est plus à demander"):
        note_attempt(exit_row=first, by=author())
    with time_machine.travel("2026-09-19T05:00:00+02:00"):
        assert open_exits_of_the_day() == 1
    assert asked()[0] == ("end", date(2026, 9, 18))
    first.refresh_from_db()
    assert (first.contract, first.situation, first.history.count()) == (again, "", 4)


def test_another_award_is_another_story():
    first = ExitSituationFactory()
    EmploymentContractFactory(participant=first.participant)
    assert len(asked()) == 3


def test_an_answer_has_its_date_its_source_and_its_author():
    row = record_exit(
        exit_row=ExitSituationFactory(),
        situation="cdd_long",
        source="employer",
        observed_on=date(2026, 9, 1),
        job_title="Peintre",
        lasting_job_refused=True,
        by=author(),
    )
    assert (row.situation, row.asked_by, row.job_title) == ("cdd_long", author(), "Peintre")
    corrected = record_exit(exit_row=row, situation="cdi_other", source="person", observed_on=TODAY, by=author())
    assert (corrected.situation, corrected.lasting_job_refused) == ("cdi_other", False)


def test_unknown_is_said_after_three_calls_and_counted(settings):
    settings.EXIT_CALL_ATTEMPTS = 3
    row = ExitSituationFactory()
    unknown = {"situation": "unknown", "source": "", "observed_on": TODAY, "by": author()}
    for done in range(3):
        with pytest.raises(DomainError, match=f"{done} appel"):
            record_exit(exit_row=row, **unknown)
        row = note_attempt(exit_row=row, by=author())
    assert (row.attempts, row.called_on) == (3, TODAY)
    assert record_exit(exit_row=row, **unknown).source == "facilitator"
    with pytest.raises(Conflict, match="déjà connue"):
        note_attempt(exit_row=row, by=author())
    assert ExitSituation.objects.by_horizon()[0] == {
        "horizon": "end",
        "label": "À la fin",
        "due": 1,
        "known": 0,
        "unknown": 1,
        "lasting": 0,
    }


def test_a_situation_is_neither_before_its_day_nor_before_the_end():
    later = ExitSituationFactory(horizon="six_months")
    answer = {"situation": "seeking", "source": "person", "by": author()}
    with pytest.raises(DomainError, match="à partir du 15/12/2026"):
        record_exit(exit_row=later, observed_on=TODAY, **answer)
    row = ExitSituationFactory()
    for day, sentence in ((date(2026, 9, 16), "est à venir"), (date(2026, 6, 14), "après la fin du contrat")):
        with pytest.raises(ValidationError, match=sentence):
            record_exit(exit_row=row, observed_on=day, **answer)


def test_the_figures_of_a_market_tell_known_from_unknown():
    row = ExitSituationFactory()
    EligibilityValidationFactory(participant=row.participant, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    record_exit(exit_row=row, situation="cdi_other", source="person", observed_on=TODAY, by=author())
    figures = [(f["label"], f["due"], f["known"], f["lasting"]) for f in row.market.exits.by_horizon()]
    assert figures == [("À la fin", 1, 1, 1), ("À 3 mois", 1, 0, 0), ("À 6 mois", 1, 0, 0)]
