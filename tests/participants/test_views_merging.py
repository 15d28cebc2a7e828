"""Two files of one person, side by side in the browser, then one."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from participants.models import Participant
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.support.pages import assert_done, assert_refused, submit, table, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

BORN = date(1988, 2, 29)


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def kept(territory):
    return ParticipantFactory(
        territory=territory, last_name="N’Diaye", first_name="Éloïse", birth_date=BORN, address="", sex="female"
    )


@pytest.fixture
def other(territory, kept):
    return ParticipantFactory(
        territory=territory,
        last_name="Ndiaye",
        first_name="Eloïse",
        birth_date=BORN,
        address="2 rue Basse",
        commune=kept.commune,
        sex="female",
    )


def url(kept, other=None):
    address = reverse("participants:person_merge", args=[kept.pk])
    return f"{address}?avec={other.pk}" if other else address


def page(person):
    return reverse("participants:person", args=[person.pk])


def test_a_likely_double_is_told_and_compared(facilitator, kept, other):
    response = facilitator.get(page(kept))
    assert "1 fiche ressemble à celle-ci." in words(response)
    assert table(facilitator.get(url(kept)))[0] == [
        "Ndiaye Eloïse",
        "29/02/1988",
        str(other.commune),
        "Pays d’Aix",
        "même nom, même prénom, même date de naissance",
        "Comparer avec Ndiaye Eloïse",
    ]


def test_without_a_double_there_is_nothing_to_choose(facilitator, kept):
    assert "Aucun doublon probable" in words(facilitator.get(url(kept)))
    assert "Doublon probable" not in words(facilitator.get(page(kept)))


def test_two_files_become_one(facilitator, kept, other):
    contract = EmploymentContractFactory(award__lot__territory=kept.territory, participant=other)
    response = submit(facilitator, url(kept, other), last_name="merged", first_name="kept")
    assert_done(response, "Les deux fiches de N’Diaye Éloïse sont réunies.")
    kept = Participant.objects.get(pk=kept.pk)
    assert (kept.last_name, kept.first_name, kept.address) == ("Ndiaye", "Éloïse", "2 rue Basse")
    assert kept.contracts.get() == contract
    trace = facilitator.get(page(other))
    assert f'href="{page(kept)}"' in trace.content.decode()
    assert "Demander une validation" not in words(trace)
    assert len(table(facilitator.get("/personnes/"))) == 1


def test_what_is_typed_wrong_is_refused(facilitator, kept, other):
    response = facilitator.post(url(kept, other), {"last_name": "elsewhere", "first_name": "kept", "address": "kept"})
    assert response.status_code == 422
    assert Participant.objects.current().count() == 2


def test_a_merge_is_not_done_twice(facilitator, kept, other):
    submit(facilitator, url(kept, other))
    for address in (url(kept, other), url(other, kept)):
        assert facilitator.get(address).status_code == 404


def test_a_file_is_not_merged_into_itself(facilitator, kept):
    response = facilitator.post(url(kept, kept), {})
    assert_refused(response, "Une fiche se réunit à une autre.")


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "٣"])
def test_an_absurd_number_is_nobody(facilitator, kept, number):
    assert facilitator.get(f"{url(kept)}?avec={number}").status_code == 404


def test_files_of_another_territory_are_neither_shown_nor_merged(facilitator, kept, elsewhere):
    stranger = ParticipantFactory(territory=elsewhere, last_name="N’Diaye", first_name="Éloïse", birth_date=BORN)
    assert "Aucun doublon probable" in words(facilitator.get(url(kept)))
    for address in (url(kept, stranger), url(stranger, kept), url(stranger)):
        assert facilitator.get(address).status_code == 404
        assert facilitator.post(address, {}).status_code == 404
    assert Participant.objects.current().count() == 2
