"""The lines that views leave: how many persons, of which object, where, done or refused."""

import pytest
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction as A
from clauses_portal.accounts.models import JournalEntry, JournalResult
from facilitators.access_keys import create_key
from facilitators.enums import KeyDirection, KeyScope, Role
from facilitators.permissions import grant
from reporting.models import NominativeList
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.support.pages import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


def lines(*actions):
    rows = JournalEntry.objects.filter(action__in=actions or [A.READING]).order_by("pk")
    return [(line.action, line.object_kind, line.object_id, line.count) for line in rows]


def test_a_list_says_how_many_persons_it_showed(facilitator, territory):
    ParticipantFactory.create_batch(3, territory=territory)
    facilitator.get(reverse("participants:list"))
    line = JournalEntry.objects.get(action=A.READING)
    assert (line.count, line.territory_id, line.object_id) == (3, territory.pk, None)
    assert (line.actor, line.route, line.status) == (facilitator.user, "participants:list", 200)
    assert line.request_id


def test_a_list_that_shows_nobody_is_no_reading(facilitator, elsewhere):
    ParticipantFactory(territory=elsewhere)
    facilitator.get(reverse("participants:list"))
    assert lines() == []


def test_a_file_says_how_many_persons_it_takes_away(facilitator, territory):
    ParticipantFactory.create_batch(3, territory=territory)
    facilitator.get(reverse("participants:list_export", args=["csv"]))
    assert lines(A.READING, A.EXPORT) == [(A.READING, "", None, 3), (A.EXPORT, "", None, 3)]


def test_a_person_is_named_by_her_number_alone(facilitator, territory):
    person = ParticipantFactory(territory=territory)
    facilitator.get(reverse("participants:person", args=[person.pk]))
    assert lines() == [(A.READING, "participants.participant", person.pk, 1)]


def test_what_is_out_of_sight_is_a_refusal_and_no_reading(facilitator, elsewhere):
    person = ParticipantFactory(territory=elsewhere)
    facilitator.get(reverse("participants:person", args=[person.pk]))
    assert lines(A.READING, A.REFUSAL) == [(A.REFUSAL, "", person.pk, None)]


def test_a_grid_counts_the_persons_it_names(facilitator, officer, territory):
    """The chargée de mission reads hours without names (domain.md §8): that is no nominative reading."""
    lot = LotFactory(territory=territory, running=True)
    EmploymentContractFactory(award=lot.awards.get(), participant__territory=territory)
    url = reverse("participants:hours", args=[lot.pk])
    officer.get(url)
    assert lines() == []
    facilitator.get(url)
    assert lines() == [(A.READING, "markets.lot", lot.pk, lot.contracts.count())]


def test_the_territory_of_a_person_is_told_where_the_reader_has_several(facilitator, territory, elsewhere):
    grant(user=facilitator.user, role=Role.FACILITATOR, territory=elsewhere, by=author())
    facilitator.force_login(facilitator.user)  # a new right ends the session
    person = ParticipantFactory(territory=elsewhere)
    facilitator.get(reverse("participants:person", args=[person.pk]))
    assert JournalEntry.objects.get(action=A.READING).territory_id == elsewhere.pk


def test_a_decision_on_a_person_is_a_line_once_it_is_taken(facilitator, territory):
    validation = EligibilityValidationFactory(participant__territory=territory)
    url = reverse("participants:validation_refuse", args=[validation.pk])
    assert facilitator.post(url, {"reason": ""}).status_code == 422
    assert lines(A.VALIDATION) == []
    assert facilitator.post(url, {"reason": "Aucune pièce ne l’établit."}).status_code == 302
    assert lines(A.VALIDATION) == [(A.VALIDATION, "participants.eligibilityvalidation", validation.pk, None)]


def test_amounts_are_a_line_read_and_another_written(officer, territory):
    lot = LotFactory(territory=territory)
    url = reverse("markets:lot_amounts", args=[lot.pk])
    submit(officer, url, estimated_amount="918 273,64")
    told = lines(A.AMOUNTS, A.AMOUNTS_CHANGE)
    assert (A.AMOUNTS_CHANGE, "markets.lot", lot.pk, None) in told
    assert (A.AMOUNTS, "markets.lot", lot.pk, 1) in told
    assert "918" not in str(list(JournalEntry.objects.values()))


def test_a_key_is_a_line_created_and_another_revoked(as_role, convention):
    administrator = as_role(Role.ADMINISTRATOR)
    key = create_key(
        structure=convention.structure,
        direction=KeyDirection.TO_DEPARTMENT,
        label="Logiciel",
        scopes=[KeyScope.READ_PERSONS],
        by=author(),
    )[0]
    url = reverse("facilitators:key_revoke", args=[key.pk])
    administrator.post(url)
    administrator.post(url)
    results = (
        JournalEntry.objects.filter(action=A.KEY, object_id=key.pk).order_by("pk").values_list("result", flat=True)
    )
    assert list(results) == [JournalResult.DONE, JournalResult.REFUSED]


def test_the_demand_of_a_nominative_list_is_a_line(officer):
    submit(officer, reverse("reporting:nominative_lists"), reason="Comité de suivi")
    asked = NominativeList.objects.get()
    assert (A.EXPORT, "reporting.nominativelist", asked.pk, None) in lines(A.EXPORT)


def test_a_program_reads_names_under_its_own_account(as_key, territory):
    program = as_key(KeyScope.READ_PERSONS)
    persons = ParticipantFactory.create_batch(2, territory=territory)
    program.read("/participants")
    program.read(f"/participants/{persons[0].pk}")
    assert lines() == [
        (A.READING, "", None, 2),
        (A.READING, "participants.participant", persons[0].pk, 1),
    ]
    assert {line.actor for line in JournalEntry.objects.filter(action=A.READING)} == {program.account}


def test_a_program_that_reads_markets_reads_no_name(as_key, territory):
    LotFactory(territory=territory)
    as_key(KeyScope.READ_MARKETS).read("/lots")
    assert lines() == []
