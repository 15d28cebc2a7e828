"""FSE+ indicators of an operation that declares participants, counted by hand (regulation 2021/1057, annex I)."""

from datetime import date

import pytest
from django.urls import reverse

from clauses_portal.core.periods import Lifetime, Year
from facilitators.enums import Role
from participants.enums import ExitHorizon, FseAnswer
from participants.models import ExitSituation
from participants.services.european import QUESTIONS, record_answers
from reporting.indicators import european
from reporting.indicators.definition import compute, split
from reporting.indicators.scope import Scope
from tests.factories.accounts import author
from tests.factories.facilitators import CommuneFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.support.pages import table, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

WHOLE = Lifetime(date(1990, 1, 1), date(2026, 9, 15))
UNASKED = dict.fromkeys(QUESTIONS, FseAnswer.NOT_ASKED)


@pytest.fixture
def operation(territory):
    return OperationFactory(
        communes=[CommuneFactory(territory=territory)], funding_period="2021-2027", declares_participants=True
    )


@pytest.fixture
def award(operation, territory):
    return AwardFactory(lot=LotFactory(territory=territory, calibrated=True, market__operation=operation))


@pytest.fixture
def scope(operation):
    return Scope(operation_id=operation.pk)


def hire(award, starts_on=date(2026, 2, 1), ends_on=None, **person):
    person = ParticipantFactory(territory=award.lot.territory, **person)
    EmploymentContractFactory(award=award, participant=person, starts_on=starts_on, ends_on=ends_on)
    return person


def answer(person, operation, signed_on=date(2026, 2, 2), **answers):
    answers = UNASKED | answers
    return record_answers(participant=person, operation=operation, answers=answers, signed_on=signed_on, by=author())


def leave(person, award, situation, observed_on, horizon=ExitHorizon.END, due_on=date(2026, 5, 31)):
    contract = person.contracts.get()
    return ExitSituation.objects.create(
        participant=person,
        award=award,
        contract=contract,
        lot=award.lot,
        market=award.lot.market,
        territory=award.lot.territory,
        horizon=horizon,
        due_on=due_on,
        situation=situation,
        source="person" if situation else "",
        observed_on=observed_on,
        asked_at="2026-06-01T09:00:00Z" if situation else None,
        asked_by=author() if situation else None,
    )


def values(figures, scope, period=WHOLE):
    return {code: value for code, value in compute(figures, scope, period).items() if value}


def test_participants_at_entry(award, scope):
    hire(award, birth_date=date(2000, 1, 1), entry_situation="seeking_short", education_level="2")
    hire(award, birth_date=date(2008, 6, 1), entry_situation="seeking_long", education_level="3")
    hire(award, birth_date=date(1996, 2, 1), entry_situation="training", education_level="4")
    hire(award, birth_date=date(1996, 2, 2), entry_situation="inactive", education_level="5")
    hire(award, birth_date=date(1971, 2, 1), entry_situation="insertion", education_level="0")
    hire(award, birth_date=date(1980, 1, 1))
    assert values(european.COMMON, scope) == {
        "eeco01": 6,
        "eeco02": 2,
        "eeco03": 1,
        "eeco04": 2,
        "eeco05": 1,
        "eeco06": 1,
        "eeco07": 2,
        "eeco08": 1,
        "eeco09": 2,
        "eeco10": 2,
        "eeco11": 1,
    }
    assert values(european.NOT_TOLD, scope) == {
        "fse_situation_unknown": 1,
        "fse_level_unknown": 1,
        "fse_without_questionnaire": 6,
    }


def test_only_declared_operations_have_participants(award, operation, territory):
    hire(award)
    other = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    hire(other)
    assert values(european.COMMON[:1], Scope(territory_id=territory.pk)) == {"eeco01": 1}
    assert values(european.COMMON[:1], Scope(operation_id=other.lot.market.operation_id)) == {}


def test_a_person_enters_once_in_the_year_of_her_first_contract(award, operation, scope, territory):
    person = hire(award, starts_on=date(2025, 11, 1))
    second = AwardFactory(lot=LotFactory(territory=territory, calibrated=True, market__operation=operation))
    EmploymentContractFactory(award=second, participant=person, starts_on=date(2026, 3, 1))
    assert values(european.COMMON[:1], scope, Year(2025)) == {"eeco01": 1}
    assert values(european.COMMON[:1], scope, Year(2026)) == {}


def test_a_refusal_and_a_question_not_asked_are_counted_apart(award, operation, scope):
    for given in ("yes", "no", "refused", "unasked"):
        answer(hire(award), operation, disability=given)
    hire(award)
    assert values(european.COMMON[11:], scope) == {"eeco12": 1}
    assert split(european.ANSWERS[0], scope, WHOLE) == [
        ("Oui", 1),
        ("Non", 1),
        ("Ne souhaite pas répondre", 1),
        ("Non demandé", 1),
        ("Questionnaire non signé", 1),
    ]


def test_answers_belong_to_their_operation(award, operation, scope, territory):
    person = hire(award)
    other = OperationFactory(funding_period="2021-2027", declares_participants=True)
    second = AwardFactory(lot=LotFactory(territory=territory, calibrated=True, market__operation=other))
    EmploymentContractFactory(award=second, participant=person)
    answer(person, other, rural="yes")
    assert values(european.COMMON[11:], scope) == {}
    assert values(european.COMMON[11:], Scope(operation_id=other.pk)) == {"eeco17": 1}


def test_results_are_those_known_within_four_weeks(award, scope):
    end = {"ends_on": date(2026, 5, 31)}
    for entered, situation, day in (
        ("seeking_short", "cdi_other", date(2026, 6, 28)),
        ("seeking_short", "cdi_other", date(2026, 6, 29)),
        ("inactive", "seeking", date(2026, 6, 1)),
        ("inactive", "training", date(2026, 6, 1)),
        ("training", "studies", date(2026, 6, 1)),
        ("insertion", "cdi_other", date(2026, 6, 1)),
        ("seeking_long", "", None),
        ("seeking_long", "unknown", date(2026, 6, 1)),
    ):
        leave(hire(award, entry_situation=entered, **end), award, situation, day)
    assert values(european.RESULTS, scope) == {
        "fse_leavers": 8,
        "fse_leavers_in_time": 5,
        "fse_leavers_late": 1,
        "eecr01": 1,
        "eecr02": 1,
        "eecr04": 1,
    }


def test_results_six_months_after(award, scope):
    end, later = {"ends_on": date(2026, 2, 28)}, {"horizon": ExitHorizon.SIX_MONTHS, "due_on": date(2026, 8, 28)}
    leave(hire(award, entry_situation="seeking_long", **end), award, "temp_short", date(2026, 9, 1), **later)
    leave(hire(award, entry_situation="insertion", **end), award, "cdi_other", date(2026, 9, 1), **later)
    leave(hire(award, entry_situation="employed", **end), award, "cdd_short", date(2026, 9, 1), **later)
    assert values(european.RESULTS, scope) == {"eecr05": 1, "eecr06": 1}


def test_a_qualification_obtained_is_an_answer(award, operation, scope):
    answer(hire(award), operation, qualified="yes")
    assert values(european.RESULTS, scope) == {"eecr03": 1}


@pytest.mark.usefixtures("convention")
def test_the_page_and_its_workbook(as_role, award, operation):
    answer(hire(award, entry_situation="seeking_long"), operation, disability="refused")
    client = as_role(Role.FACILITATOR)
    assert operation.reference in words(client.get(reverse("reporting:european_list")))
    response = client.get(reverse("reporting:european", args=[operation.pk]))
    rows = {row[0]: row[1] for row in table(response, "Participants à l’entrée")}
    assert rows["EECO03 – Chômeurs de longue durée"] == "1"
    assert table(response, "EECO12 – réponses") == [["Ne souhaite pas répondre", "1"]]
    sent = client.get(reverse("reporting:european_xlsx", args=[operation.pk]), {"annee": "2025"})
    assert sent.status_code == 200
    assert f"fse-{operation.pk}.xlsx" in sent["Content-Disposition"]


@pytest.mark.usefixtures("convention")
def test_a_facilitator_counts_her_own_territory(as_role, award, operation, elsewhere):
    operation.communes.add(elsewhere.communes.first())
    hire(award)
    hire(AwardFactory(lot=LotFactory(territory=elsewhere, calibrated=True, market__operation=operation)))
    url = reverse("reporting:european", args=[operation.pk])
    for role, number in ((Role.FACILITATOR, "1"), (Role.MISSION_OFFICER, "2")):
        rows = table(as_role(role).get(url), "Participants à l’entrée")
        assert rows[0][1] == number


@pytest.mark.usefixtures("convention")
def test_an_operation_that_declares_nobody_says_so(as_role, territory):
    operation = OperationFactory(communes=[territory.communes.first()])
    client = as_role(Role.FACILITATOR)
    assert "Aucune opération ne déclare de participants" in words(client.get(reverse("reporting:european_list")))
    page = words(client.get(reverse("reporting:european", args=[operation.pk])))
    assert "Cette opération ne déclare pas de participants" in page
