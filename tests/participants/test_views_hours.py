"""The hours page: lots, months, names or numbers, and the plain form of those who have no JavaScript."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from clauses_portal.core.errors import CHANGED_MEANWHILE
from facilitators.enums import Role
from participants.counting import NOT_VALIDATED
from participants.models import HoursEntry
from participants.services.hours import CLOSED, NOT_BEGUN, OUTSIDE_CONTRACT, record_month
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.application_role import erase
from tests.support.pages import assert_done, document, form_of, submit, table, told, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

LOTS = "/heures/"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def contract(territory):
    """Validated for the year 2026, at work since February."""
    return EmploymentContractFactory(award__lot__territory=territory, validated=True)


def page(contract):
    return reverse("participants:hours", args=[contract.lot_id])


def name(contract, month="2026-07"):
    return f"cell-{contract.pk}-{month}"


def type_in(client, contract, url=None, **cells):
    """Fill in the plain form: july="7,5"."""
    months = {"february": "2026-02", "march": "2026-03", "june": "2026-06", "july": "2026-07", "august": "2026-08"}
    return submit(client, url or page(contract), **{name(contract, months[m]): text for m, text in cells.items()})


def shown(response, contract, month="2026-07"):
    """(value, status, reason of the lock) of a cell of the page."""
    (field,) = document(response).xpath("//input[@id=$id]", id=name(contract, month))
    return field.get("value"), field.getparent().get("data-status"), field.get("title", "")


def test_the_list_has_the_lots_that_have_hours(facilitator, territory, elsewhere):
    for state in ("retained", "calibrated", "awarded", "running"):
        LotFactory(territory=territory, **{state: True})
    LotFactory(territory=elsewhere, running=True)
    assert sorted(row[-1] for row in table(facilitator.get(LOTS))) == ["Attribué", "En exécution"]


def test_a_lot_without_a_contract_says_so(facilitator, territory):
    lot = LotFactory(territory=territory, awarded=True)
    assert "Aucun contrat sur ce lot" in words(facilitator.get(reverse("participants:hours", args=[lot.pk])))


def test_the_last_six_months_are_shown(facilitator, contract):
    heads = document(facilitator.get(page(contract))).xpath("//thead//span[starts-with(@id, 'month-')]/@id")
    assert heads == [f"month-2026-{month:02d}" for month in range(4, 10)]


def test_other_months_are_asked_in_the_address(facilitator, contract):
    for asked, last in [
        ("2026-02", "2026-02"),
        ("2027-02", "2027-02"),
        ("", "2026-09"),
        ("abc", "2026-09"),
        ("2026-13", "2026-09"),
        ("0001-01", "2026-09"),
        ("1985-01", "2026-09"),
        ("9999-12", "2026-09"),
        ("2100-12", "2100-12"),
        ("\x00", "2026-09"),
    ]:
        response = facilitator.get(page(contract), {"jusqu": asked})
        assert response.status_code == 200
        assert document(response).xpath("//thead//span[starts-with(@id, 'month-')]/@id")[-1] == f"month-{last}"


def test_one_goes_back_and_forth_in_time(facilitator, contract):
    links = document(facilitator.get(page(contract))).xpath("//a[starts-with(@href, '?jusqu=')]/@href")
    assert links[:2] == ["?jusqu=2026-03", "?jusqu=2026-10"]


def test_a_cell_shows_its_hours_and_their_fate(facilitator, contract, territory):
    other = EmploymentContractFactory(award=contract.award)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal("7.50"))
    HoursEntryFactory(contract=other, month=date(2026, 6, 1), declared=100)
    response = facilitator.get(page(contract))
    assert shown(response, contract) == ("7,5", "counted", "")
    assert shown(response, other, "2026-06") == ("100", "rejected", "")
    assert f"{other.participant}, juin 2026 : {NOT_VALIDATED}" in words(response)


def test_a_month_that_cannot_be_typed_says_why(facilitator, contract, close_quarter):
    close_quarter(contract.territory, "2026-T2")
    response = facilitator.get(page(contract), {"jusqu": "2026-06"})
    assert shown(response, contract, "2026-01")[2] == OUTSIDE_CONTRACT
    assert shown(response, contract, "2026-05")[2] == CLOSED
    assert shown(response, contract, "2026-03")[2] == ""
    later = facilitator.get(page(contract), {"jusqu": "2026-10"})
    assert [shown(later, contract, month)[2] for month in ("2026-09", "2026-10")] == ["", NOT_BEGUN]


def test_the_plain_form_saves_only_what_changed(facilitator, contract):
    HoursEntryFactory(contract=contract, month=date(2026, 6, 1), declared=90)
    assert_done(type_in(facilitator, contract, july="7h30", august="10"), "2 mois enregistrés.")
    assert list(HoursEntry.objects.values_list("declared", "version")) == [(90, 1), (7.5, 1), (10, 1)]
    assert_done(type_in(facilitator, contract, july=""), "1 mois enregistré.")
    assert HoursEntry.objects.count() == 2


def test_the_plain_form_sent_as_it_came_changes_nothing(facilitator, contract):
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal("7.50"))
    response = type_in(facilitator, contract)
    assert told(response) == ["Aucune modification à enregistrer."]
    assert HoursEntry.objects.get().version == 1


def test_the_plain_form_keeps_what_was_refused(facilitator, contract):
    response = type_in(facilitator, contract, june="abc", july="12")
    assert response.status_code == 422
    assert shown(response, contract, "2026-06")[:2] == ("abc", "refused")
    assert shown(response, contract, "2026-07")[:2] == ("12", "counted")
    assert f"{contract.participant}, juin 2026 : « abc » n’est pas un nombre d’heures" in words(response)
    assert told(response) == ["1 mois enregistré."]
    corrected = form_of(response)
    corrected.inputs[name(contract, "2026-06")].value = "8"
    assert_done(facilitator.post(page(contract), dict(corrected.form_values()), follow=True), "1 mois enregistré.")


def test_the_plain_form_tells_the_second_person(facilitator, contract):
    form = form_of(facilitator.get(page(contract)))
    record_month(contract=contract, month=date(2026, 7, 1), declared=10, by=author())
    form.inputs[name(contract)].value = "20"
    response = facilitator.post(page(contract), dict(form.form_values()))
    assert response.status_code == 422
    assert f"{CHANGED_MEANWHILE} Valeur enregistrée : 10." in words(response)
    assert shown(response, contract)[:2] == ("20", "conflict")
    assert HoursEntry.objects.get().declared == 10
    facilitator.post(page(contract), dict(form_of(response).form_values()))
    assert HoursEntry.objects.get().declared == 20


def test_the_plain_form_comes_back_to_its_months(facilitator, contract):
    response = type_in(facilitator, contract, url=page(contract) + "?jusqu=2026-03", february="5")
    assert_done(response, "1 mois enregistré.")
    assert shown(response, contract, "2026-02")[0] == "5"
    refused = type_in(facilitator, contract, url=page(contract) + "?jusqu=2026-03", march="abc")
    assert shown(refused, contract, "2026-03")[0] == "abc"


def test_fields_the_page_never_had_are_refused(facilitator, contract):
    for contract_id, month, version in [
        ("abc", "2026-07", "0"),
        ("", "2026-07", "0"),
        (str(2**63), "2026-07", "0"),
        ("9" * 5000, "2026-07", "0"),
        ("10000000", "2026-07", "0"),
        ("", "", "0"),
        ("this", "2026-13", "0"),
        ("this", "9999-12", "0"),
        ("this", "2026-07", "x"),
        ("this", "2026-07", "9" * 5000),
    ]:
        cell = f"{contract.pk if contract_id == 'this' else contract_id}-{month}"
        response = facilitator.post(page(contract), {f"cell-{cell}": "7", f"version-{cell}": version})
        assert response.status_code == 400
        assert "rien n’a été enregistré" in words(response)
        assert not HoursEntry.objects.exists()


def test_the_chargee_de_mission_reads_hours_without_names(as_role, contract):
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=100)
    EmploymentContractFactory(award=contract.award)
    response = as_role(Role.MISSION_OFFICER).get(page(contract))
    body = response.content.decode()
    for row in HoursEntry.objects.get().lot.contracts.select_related("participant"):
        assert row.participant.last_name not in body.replace("&#x27;", "'")
        assert f"Personne n° {row.participant_id}" in words(response)
    assert "100" in words(response)
    assert not document(response).xpath("//main//input[starts-with(@name, 'cell-')]")
    assert "hours_grid.js" not in body


def test_without_a_convention_one_reads_and_types_nothing(as_role, contract, convention):
    erase(convention)
    response = as_role(Role.FACILITATOR).get(page(contract))
    assert str(contract.participant) in words(response)
    assert not document(response).xpath("//main//input[starts-with(@name, 'cell-')]")
