"""The FSE+ questionnaire: signed, told question by question, a refusal being an answer."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from participants.enums import FseAnswer
from participants.models import EuropeanAnswers
from participants.services.european import IN_THE_FUTURE, NOT_HERS, NOT_SIGNED, QUESTIONS, record_answers
from participants.services.merging import merge_persons
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.support.pages import assert_done, assert_refused, submit, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

SIGNED = date(2026, 9, 1)


@pytest.fixture
def operation(territory):
    return OperationFactory(
        communes=[territory.communes.first()], funding_period="2021-2027", declares_participants=True
    )


@pytest.fixture
def person(operation, territory):
    return at_work(ParticipantFactory(territory=territory), operation)


def at_work(person, operation):
    lot = LotFactory(territory=person.territory, calibrated=True, market__operation=operation)
    EmploymentContractFactory(participant=person, award=AwardFactory(lot=lot))
    return person


def record(person, operation, signed_on=SIGNED, **answers):
    answers = dict.fromkeys(QUESTIONS, FseAnswer.NOT_ASKED) | answers
    return record_answers(participant=person, operation=operation, answers=answers, signed_on=signed_on, by=author())


def test_a_refusal_is_kept_as_it_is(person, operation):
    record(person, operation, minority=FseAnswer.REFUSED)
    record(person, operation, minority=FseAnswer.REFUSED, rural=FseAnswer.NO)
    row = EuropeanAnswers.objects.get()
    assert (row.minority, row.rural, row.disability) == ("refused", "no", "unasked")
    assert row.history.count() == 2


def test_nothing_is_typed_without_a_signature(person, operation):
    with pytest.raises(ValidationError, match=NOT_SIGNED):
        record(person, operation, signed_on=None, homeless=FseAnswer.YES)
    with pytest.raises(ValidationError, match=IN_THE_FUTURE):
        record(person, operation, signed_on=date(2026, 9, 16), homeless=FseAnswer.YES)
    record(person, operation, signed_on=None)
    assert EuropeanAnswers.objects.get().signed_on is None


@pytest.mark.parametrize("declares", [True, False])
def test_only_for_an_operation_that_declares_her(person, territory, declares):
    other = OperationFactory(funding_period="2021-2027", declares_participants=declares)
    if not declares:
        at_work(person, other)
    with pytest.raises(DomainError, match=NOT_HERS):
        record(person, other)


def test_two_files_of_one_person_keep_their_answers(person, operation, territory):
    twin = at_work(ParticipantFactory(territory=territory), operation)
    record(twin, operation, rural=FseAnswer.YES)
    merge_persons(kept=person, merged=twin, by=author())
    assert person.european_answers.get().rural == FseAnswer.YES


def test_the_facilitator_types_what_was_signed(as_role, person, operation):
    client = as_role(Role.FACILITATOR)
    page = reverse("participants:person", args=[person.pk])
    assert "non signé" in words(client.get(page))
    url = reverse("participants:european", args=[person.pk])
    done = submit(client, url, signed_on="2026-09-01", disability="refused", rural="yes")
    assert_done(done, "Les réponses sont enregistrées.")
    assert "signé le 01/09/2026" in words(done)
    row = EuropeanAnswers.objects.get()
    assert (row.operation, row.disability, row.rural) == (operation, "refused", "yes")


def test_a_missing_date_is_told_on_the_form(as_role, person):
    url = reverse("participants:european", args=[person.pk])
    assert_refused(submit(as_role(Role.FACILITATOR), url, signed_on="", rural="yes"), NOT_SIGNED)


def test_each_operation_has_its_questionnaire(as_role, person, operation):
    other = OperationFactory(funding_period="2021-2027", declares_participants=True)
    at_work(person, other)
    client, url = as_role(Role.FACILITATOR), reverse("participants:european", args=[person.pk])
    submit(client, f"{url}?operation={other.pk}", signed_on="2026-09-01", rural="no")
    assert EuropeanAnswers.objects.get().operation == other
    assert client.get(url, {"operation": "0"}).status_code == 404


def test_without_a_declared_operation_there_is_nothing_to_type(as_role, territory):
    person = ParticipantFactory(territory=territory)
    client = as_role(Role.FACILITATOR)
    assert "Questionnaire FSE+" not in words(client.get(reverse("participants:person", args=[person.pk])))
    assert "Aucun questionnaire à remplir" in words(client.get(reverse("participants:european", args=[person.pk])))


def test_an_operation_declares_participants_of_the_fse_only(as_role, operation):
    client = as_role(Role.MISSION_OFFICER)
    url = reverse("operations:edit", args=[operation.pk])
    refused = submit(client, url, funding_period="none")
    assert_refused(refused, "Seule une opération du FSE+ 2021-2027 déclare des participants.")
    submit(client, url, funding_period="none", declares_participants=None)
    operation.refresh_from_db()
    assert not operation.declares_participants
