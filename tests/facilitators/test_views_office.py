"""Conventions open and end the facilitators' rights; directions bring the operations."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import Convention, Directorate
from tests.factories.facilitators import ConventionFactory, DirectorateFactory, StructureFactory
from tests.support.pages import assert_done, assert_refused, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
OFFICE = "/conventions-et-directions/"
CONVENTIONS, DIRECTIONS = "Conventions", "Directions"


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def a_convention(territories):
    return {
        "structure": StructureFactory().pk,
        "reference": "CONV-2026-1",
        "territories": [territory.pk for territory in territories],
        "signed_on": "2026-09-01",
        "duration_months": 36,
    }


def test_a_convention_opens_the_rights_of_its_territories(administrator, as_role, territories):
    facilitator = as_role(Role.FACILITATOR)
    assert facilitator.get("/personnes/nouvelle/").status_code == 403
    response = administrator.post(reverse("facilitators:convention_create"), a_convention(territories), follow=True)
    assert_done(response, "La convention CONV-2026-1 est enregistrée.")
    assert table(response, CONVENTIONS)[0][-2:] == ["31/08/2029", "En vigueur"]
    assert facilitator.get("/personnes/nouvelle/").status_code == 200


def test_the_rights_end_with_the_last_day(as_role, territories):
    """A22: the morrow, everything is still read and nothing is written."""
    convention = ConventionFactory(territories=territories, signed_on=date(2023, 9, 20))
    facilitator = as_role(Role.FACILITATOR)
    answers = []
    for day in (convention.ends_on, convention.ends_on + timedelta(days=1)):
        with time_machine.travel(datetime.combine(day, time(12), tzinfo=UTC)):
            facilitator.force_login(facilitator.user)
            answers.append([facilitator.get(page).status_code for page in ("/personnes/", "/personnes/nouvelle/")])
            response = facilitator.post("/personnes/nouvelle/", {})
    assert answers == [[200, 200], [200, 403]]
    assert "La convention de ce territoire n’est plus en vigueur." in words(response)


def test_a_notice_ends_it_three_months_later(administrator, territories):
    convention = ConventionFactory(territories=territories, signed_on=date(2025, 1, 1))
    url = reverse("facilitators:convention_edit", args=[convention.pk])
    response = submit(administrator, url, notice_given_on="2026-06-01")
    assert_done(response, f"La convention {convention.reference} est enregistrée.")
    assert table(response, CONVENTIONS)[0][-2:] == ["31/08/2026", "Échue"]
    assert convention.territories.count() == 3


def test_a_wrong_convention_is_not_kept(administrator, territories):
    for wrong, sentence in [
        ({"reference": ""}, REQUIRED),
        ({"territories": []}, REQUIRED),
        ({"signed_on": "2026-09-31"}, "Saisissez une date valide."),
        ({"signed_on": "9999-01-01"}, "Cette date est hors de portée (1990 à 2100)."),
        ({"duration_months": 0}, "La durée de la convention est comprise entre 1 et 120 mois."),
        ({"notice_given_on": "2026-08-31"}, "Le préavis ne peut pas précéder la signature."),
        ({"structure": 10**6}, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."),
    ]:
        values = a_convention(territories) | wrong
        response = administrator.post(reverse("facilitators:convention_create"), values)
        assert_refused(response, sentence)
        assert typed(response)["reference"] == values["reference"]
        assert not Convention.objects.exists()


def test_a_direction_is_added_then_closed(administrator, as_role):
    url = reverse("facilitators:directorate_create")
    response = submit(administrator, url, code="DAC", name="Direction de l’architecture")
    assert_done(response, "La direction Direction de l’architecture est enregistrée.")
    direction = Directorate.objects.get()
    response = administrator.post(
        reverse("facilitators:directorate_edit", args=[direction.pk]), {"code": "DAC", "name": "Ancienne"}, follow=True
    )
    assert table(response, DIRECTIONS) == [["DAC", "Ancienne", "Fermée"]]
    assert not Directorate.objects.get().is_open


@pytest.mark.parametrize(("name", "taken"), [("code", "DAC"), ("name", "Direction des routes")])
def test_a_direction_is_there_once(administrator, name, taken):
    DirectorateFactory(**{name: taken})
    values = {"code": "X", "name": "Y"} | {name: taken}
    response = submit(administrator, reverse("facilitators:directorate_create"), **values)
    assert response.status_code == 422
    assert Directorate.objects.count() == 1


def test_an_unknown_row_is_unknown(administrator):
    for name in ["convention_edit", "directorate_edit"]:
        assert administrator.get(reverse(f"facilitators:{name}", args=[10**9])).status_code == 404
