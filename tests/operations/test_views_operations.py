"""The programme: list, page, form and calendar of the operations."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from operations.models import Milestone, Operation
from tests.factories.facilitators import CommuneFactory, DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.operations import MilestoneFactory, OperationFactory
from tests.support.pages import assert_done, assert_refused, document, errors, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
LIST, CREATE = "/operations/", "/operations/nouvelle/"


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def operation(territory):
    return OperationFactory(communes=[territory.communes.first()], title="Réhabilitation du collège")


def page(operation):
    return reverse("operations:detail", args=[operation.pk])


def an_operation(territory):
    """What one types for a new operation."""
    return {
        "reference": "2026-COL-7",
        "title": "Extension du collège",
        "directorate": DirectorateFactory().pk,
        "communes": [commune.pk for commune in territory.communes.all()],
        "planned_start": "2026-10-01",
        "planned_end": "2027-12-31",
        "npnru": "on",
        "funding_period": "2021-2027",
    }


def test_an_operation_is_created(officer, territory):
    response = submit(officer, CREATE, **an_operation(territory))
    assert_done(response, "L’opération 2026-COL-7 est enregistrée.")
    made = Operation.objects.get()
    assert (made.planned_start, made.npnru, made.communes.count()) == (date(2026, 10, 1), True, 2)
    assert {version.history_user for version in made.history.all()} == {officer.user}
    assert "2026-COL-7" in words(response)


def test_a_wrong_operation_is_not_created(officer, territory):
    for wrong, sentences in [
        ({"reference": " "}, [REQUIRED]),
        ({"title": ""}, [REQUIRED]),
        ({"communes": []}, [REQUIRED]),
        ({"directorate": ""}, [REQUIRED]),
        ({"planned_start": "31/02/2026"}, ["Saisissez une date valide."]),
        ({"planned_start": "2028-01-01"}, ["La fin prévue précède le début prévu."]),
        ({"title": "Collège\u202e"}, ["Ce texte contient un caractère invisible ou interdit."]),
        ({"reference": "R" * 41}, ["Assurez-vous que cette valeur comporte au plus 40 caractères (actuellement 41)."]),
    ]:
        response = submit(officer, CREATE, **an_operation(territory) | wrong)
        assert_refused(response, *sentences)
        assert not Operation.objects.exists()


def test_what_was_typed_stays_in_the_page(officer, territory):
    response = submit(officer, CREATE, **an_operation(territory) | {"planned_end": "2020-01-01"})
    kept = typed(response)
    assert (kept["reference"], kept["planned_end"], kept["npnru"]) == ("2026-COL-7", "2020-01-01", "on")
    assert kept["directorate"]
    assert kept["communes"]


def test_a_reference_is_taken_once(officer, operation, territory):
    response = submit(officer, CREATE, **an_operation(territory) | {"reference": operation.reference})
    assert_refused(response, "Cette référence est déjà prise.")


def test_each_error_leads_to_its_field(officer, territory):
    response = submit(officer, CREATE, **an_operation(territory) | {"reference": "", "title": ""})
    assert len(errors(response)) == 2
    links = document(response).xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert [len(document(response).xpath(f"//*[@id='{link[1:]}']")) for link in links] == [1, 1]


def test_an_operation_is_changed(officer, operation):
    response = submit(officer, reverse("operations:edit", args=[operation.pk]), title="Collège neuf")
    assert_done(response, f"L’opération {operation.reference} est enregistrée.")
    assert Operation.objects.get().title == "Collège neuf"


def test_an_agent_only_offers_her_own_directorate(as_role):
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(name="Direction des collèges"))
    DirectorateFactory(name="Direction des routes")
    shown = words(agent.get(CREATE))
    assert "Direction des collèges" in shown
    assert "Direction des routes" not in shown


def test_an_agent_cannot_give_her_operation_to_another_directorate(as_role, territory):
    agent = as_role(Role.DIRECTORATE_AGENT)
    typed_values = an_operation(territory)
    response = agent.post(CREATE, typed_values)
    assert_refused(response, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles.")
    assert not Operation.objects.exists()


def test_the_list_is_searched_without_accents(officer, operation):
    OperationFactory(title="Route départementale")
    assert [row[1] for row in table(officer.get(LIST, {"q": "réhab"}))] == ["Réhabilitation du collège"]
    assert [row[1] for row in table(officer.get(LIST, {"q": "rehab"}))] == ["Réhabilitation du collège"]


def test_the_list_is_filtered(officer, operation):
    OperationFactory(npnru=True, title="Quartier rénové")
    assert [row[1] for row in table(officer.get(LIST, {"npnru": "true"}))] == ["Quartier rénové"]
    mine = table(officer.get(LIST, {"directorate": operation.directorate_id}))
    assert [row[0] for row in mine] == [operation.reference]


def test_an_absurd_query_still_gives_the_list(officer, operation):
    for query in [
        {"q": "\x00"},
        {"q": "x" * 10_000},
        {"directorate": "9" * 30},
        {"directorate": "abc"},
        {"npnru": "perhaps"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "deux"},
        {"o": "amount", "ordering": "-title"},
    ]:
        assert officer.get(LIST, query).status_code == 200


def test_an_operation_without_answer_says_so(officer, operation):
    assert "Aucune opération ne répond à ces critères" in words(officer.get(LIST, {"q": "introuvable"}))


def test_a_facilitator_sees_the_operations_of_her_communes(as_role, operation):
    OperationFactory(title="Ailleurs", communes=[CommuneFactory()])
    shown = table(as_role(Role.FACILITATOR).get(LIST))
    assert [row[1] for row in shown] == ["Réhabilitation du collège"]


def test_the_page_shows_calendar_and_markets(officer, operation, territory):
    MilestoneFactory(operation=operation, planned_on=date(2026, 3, 1), done_on=date(2026, 3, 5))
    market = LotFactory(market__operation=operation, territory=territory).market
    shown = words(officer.get(page(operation)))
    assert "01/03/2026 Publication de la consultation – fait le 05/03/2026" in shown
    assert market.number in shown


def plan(client, operation, **values):
    return submit(client, page(operation), action=reverse("operations:plan", args=[operation.pk]), **values)


def test_a_step_is_planned_then_corrected(officer, operation):
    assert_done(plan(officer, operation, kind="start", planned_on="2026-11-02"), "Le calendrier est à jour.")
    assert_done(plan(officer, operation, kind="start", planned_on="2026-11-09"), "Le calendrier est à jour.")
    assert Milestone.objects.get().planned_on == date(2026, 11, 9)


def test_a_wrong_step_is_not_planned(officer, operation):
    for wrong, sentence in [
        ({"planned_on": ""}, REQUIRED),
        ({"planned_on": "0001-01-01"}, "Cette date est hors de portée (1990 à 2100)."),
        ({"planned_on": "2026-13-01"}, "Saisissez une date valide."),
        ({"kind": "party"}, "Sélectionnez un choix valide. party n’en fait pas partie."),
    ]:
        url = reverse("operations:plan", args=[operation.pk])
        response = officer.post(url, {"kind": "start", "planned_on": "2026-11-02"} | wrong)
        assert_refused(response, sentence)
        assert not Milestone.objects.exists()
        assert typed(response)["planned_on"] == wrong.get("planned_on", "2026-11-02")


def test_nobody_plans_what_she_only_reads(as_role, operation):
    facilitator = as_role(Role.FACILITATOR)
    response = facilitator.post(reverse("operations:plan", args=[operation.pk]), {"kind": "start"})
    assert response.status_code == 403
    assert not document(facilitator.get(page(operation))).xpath("//main//form")


def test_an_impossible_id_is_unknown(officer):
    for pk in [0, 2**31, 2**63, 10**40]:
        assert officer.get(f"/operations/{pk}/").status_code == 404
