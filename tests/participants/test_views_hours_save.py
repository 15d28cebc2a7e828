"""What the grid sends and receives: the contract written on top of static/js/hours_grid.js."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from clauses_portal.core.errors import CHANGED_MEANWHILE
from facilitators.enums import Role
from participants.counting import NOT_VALIDATED, TO_SPLIT
from participants.models import HoursEntry
from participants.services.hours import CLOSED, NOT_BEGUN, OUTSIDE_CONTRACT
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
)
from tests.support.application_role import erase
from tests.support.pages import words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

UNREADABLE = "La demande reçue est incomplète ou mal formée : rien n’a été enregistré."


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def contract(territory):
    """Validated for the year 2026, at work since February."""
    return EmploymentContractFactory(award__lot__territory=territory, validated=True)


def save_url(contract):
    return reverse("participants:hours_save", args=[contract.lot_id])


def cell(contract, value, month="2026-07", version=0):
    return {"contract": contract.pk, "month": month, "value": value, "version": version}


def send(client, contract, *cells):
    return client.post(save_url(contract), {"cells": cells}, content_type="application/json")


def answer(client, contract, *cells):
    """The answer to each cell."""
    response = send(client, contract, *cells)
    assert response.status_code == 200
    return response.json()["cells"]


def test_hours_of_a_validated_person_count(facilitator, contract):
    response = send(facilitator, contract, cell(contract, "7h30"))
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "cells": [
            {
                "contract": contract.pk,
                "month": "2026-07",
                "cell": f"cell-{contract.pk}-2026-07",
                "status": "counted",
                "declared": "7,5",
                "counted": "7,5",
                "version": 1,
                "message": "",
                "note": "",
                "link": f"/contrats/{contract.pk}/heures/?mois=2026-07",
            }
        ],
        "totals": {
            "rows": {str(contract.pk): {"declared": "7,5", "counted": "7,5"}},
            "months": {"2026-07": {"declared": "7,5", "counted": "7,5"}},
            "place": {"declared": "7,5", "counted": "7,5"},
        },
    }
    entry = HoursEntry.objects.get()
    assert (entry.declared, entry.counted, entry.month) == (Decimal("7.50"), Decimal("7.50"), date(2026, 7, 1))
    assert entry.history.get().history_user == facilitator.user


def test_hours_without_a_validation_are_kept_and_rejected(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    (told,) = answer(facilitator, contract, cell(contract, "100"))
    assert (told["status"], told["declared"], told["counted"]) == ("rejected", "100", "0")
    assert told["message"] == NOT_VALIDATED
    assert HoursEntry.objects.get().rejected == 100


def test_hours_of_a_month_validated_in_part_wait(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 7, 16), granted=True)
    (told,) = answer(facilitator, contract, cell(contract, "100"))
    assert (told["status"], told["counted"], told["message"]) == ("pending", "0", TO_SPLIT)


def test_a_refused_cell_says_why(facilitator, contract):
    for value, sentence in [
        ("abc", "« abc » n’est pas un nombre d’heures : écrivez par exemple 7,5 ou 7h30."),
        ("-5", "Un nombre d’heures ne peut pas être négatif."),
        ("7h75", "Une heure ne compte que 60 minutes : écrivez par exemple 7h30."),
        ("7,123", "Les heures se notent au centième, par exemple 7,25."),
        ("301", "Les heures d’un mois sont comprises entre 0 et 300."),
        ("9999", "Un mois ne compte pas plus de 744 h."),
        ("1e3", "« 1e3 » n’est pas un nombre d’heures : écrivez par exemple 7,5 ou 7h30."),
        ("NaN", "« NaN » n’est pas un nombre d’heures : écrivez par exemple 7,5 ou 7h30."),
        ("９", "« ９ » n’est pas un nombre d’heures : écrivez par exemple 7,5 ou 7h30."),
    ]:
        (told,) = answer(facilitator, contract, cell(contract, value))
        assert (told["status"], told["declared"], told["version"]) == ("refused", "", 0)
        assert told["message"].replace("\u00a0", " ") == sentence
        assert not HoursEntry.objects.exists()


def test_a_month_outside_the_contract_is_refused(facilitator, contract):
    for month in ["2026-01", "2025-12", "1991-01"]:
        (told,) = answer(facilitator, contract, cell(contract, "7", month=month))
        assert (told["status"], told["message"]) == ("refused", OUTSIDE_CONTRACT)


def test_hours_are_not_typed_before_they_are_made(facilitator, contract):
    tomorrow = EmploymentContractFactory(award=contract.award, starts_on=date(2026, 9, 16))
    for row, month in ((contract, "2026-10"), (contract, "2030-01"), (tomorrow, "2026-09")):
        (told,) = answer(facilitator, contract, cell(row, "7", month=month))
        assert (told["status"], told["message"]) == ("refused", NOT_BEGUN)
    (told,) = answer(facilitator, contract, cell(contract, "7", month="2026-09"))
    assert told["status"] == "counted"


def test_a_refused_cell_leaves_the_others_saved(facilitator, contract):
    cells = [cell(contract, "abc", "2026-06"), cell(contract, "12", "2026-07"), cell(contract, "5", "2026-01")]
    assert [told["status"] for told in answer(facilitator, contract, *cells)] == ["refused", "counted", "refused"]
    assert HoursEntry.objects.get().declared == 12


def test_the_second_to_save_is_told(facilitator, contract):
    answer(facilitator, contract, cell(contract, "10"))
    (told,) = answer(facilitator, contract, cell(contract, "20"))
    assert (told["status"], told["declared"], told["version"]) == ("conflict", "10", 1)
    assert told["message"] == CHANGED_MEANWHILE
    (told,) = answer(facilitator, contract, cell(contract, "20", version=1))
    assert (told["status"], told["version"]) == ("counted", 2)


def test_a_cell_erased_meanwhile_is_a_conflict_too(facilitator, contract):
    answer(facilitator, contract, cell(contract, "10"))
    (told,) = answer(facilitator, contract, cell(contract, " ", version=1))
    assert (told["status"], told["declared"], told["version"]) == ("empty", "", 0)
    assert not HoursEntry.objects.exists()
    (told,) = answer(facilitator, contract, cell(contract, "20", version=1))
    assert (told["status"], told["declared"]) == ("conflict", "")


def test_the_same_cell_twice_in_one_request_is_saved_once(facilitator, contract):
    told = answer(facilitator, contract, cell(contract, "10"), cell(contract, "20"))
    assert [cell["status"] for cell in told] == ["counted", "conflict"]


def test_a_closed_month_no_longer_changes(facilitator, contract, close_quarter):
    HoursEntryFactory(contract=contract, month=date(2026, 3, 1), declared=100)
    close_quarter(contract.territory, "2026-T1")
    for value, version in (("101", 1), ("", 1), ("7", 0)):
        (told,) = answer(facilitator, contract, cell(contract, value, "2026-03", version))
        assert (told["status"], told["message"]) == ("refused", CLOSED)
    assert HoursEntry.objects.get().declared == 100


def test_totals_are_those_of_the_rows_sent_and_of_the_whole_lot(facilitator, contract):
    other = EmploymentContractFactory(award=contract.award)
    answer(facilitator, other, cell(other, "30"))
    totals = send(facilitator, contract, cell(contract, "7,5")).json()["totals"]
    assert list(totals["rows"]) == [str(contract.pk)]
    assert (totals["place"]["declared"], totals["place"]["counted"]) == ("37,5", "7,5")


def test_a_contract_of_another_lot_does_not_exist_here(facilitator, contract, territory, elsewhere):
    for stranger in (
        EmploymentContractFactory(award__lot__territory=territory),
        EmploymentContractFactory(award__lot__territory=elsewhere),
    ):
        response = send(facilitator, contract, cell(contract, "7"), cell(stranger, "7"))
        assert response.status_code == 400
        unknown = send(facilitator, contract, cell(contract, "7"), cell(contract, "7") | {"contract": 10**9})
        assert unknown.content == response.content
    assert not HoursEntry.objects.exists()


def assert_refused_whole(response):
    assert response.status_code == 400
    assert UNREADABLE in words(response)
    assert not HoursEntry.objects.exists()


def test_what_is_not_a_request_of_the_grid_is_refused_whole(facilitator, contract):
    for body in [
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        '{"cells": 7}',
        '{"cells": null}',
        '{"cells": []}',
        '{"cells": "abc"}',
        '{"cells": {"contract": 1}}',
        '{"cells": [7]}',
        '{"cells": [{}]}',
        b"\xff\xfe\x00",
        "[" * 100_000,
        '{"cells": ' * 5_000,
        '{"cells": [{"contract": ' + "9" * 5000 + "}]}",
    ]:
        assert_refused_whole(facilitator.post(save_url(contract), body, content_type="application/json"))


def test_a_cell_that_makes_no_sense_refuses_the_whole_request(facilitator, contract):
    for name, value in [
        ("contract", "un"),
        ("contract", None),
        ("contract", float("nan")),
        ("contract", float("inf")),
        ("contract", 2**63),
        ("contract", -(2**63) - 1),
        ("version", "deux"),
        ("version", None),
        ("version", float("nan")),
        ("version", float("-inf")),
        ("month", "juillet"),
        ("month", "2026-13"),
        ("month", "2026-07-02"),
        ("month", "9999-12"),
        ("month", 202607),
        ("month", None),
    ]:
        good, wrong = cell(contract, "7", "2026-06"), cell(contract, "7") | {name: value}
        assert_refused_whole(send(facilitator, contract, good, wrong))


def test_at_most_two_thousand_cells_at_once(facilitator, contract):
    assert send(facilitator, contract, *[cell(contract, "7")] * 2001).status_code == 400
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize("value", [None, 7.5, {"a": 1}, True])
def test_a_value_that_is_not_a_text_is_refused_or_read(facilitator, contract, value):
    (told,) = answer(facilitator, contract, cell(contract, value))
    assert told["status"] == ("counted" if value == 7.5 else "refused")


def test_unknown_fields_change_nothing(facilitator, contract):
    answer(facilitator, contract, cell(contract, "7") | {"counted": 999, "territory": 1, "state": "x", "id": 1})
    entry = HoursEntry.objects.get()
    assert (entry.counted, entry.territory, entry.source) == (7, contract.territory, "grid")


def test_without_a_convention_nothing_is_saved(as_role, contract, convention):
    erase(convention)
    response = send(as_role(Role.FACILITATOR), contract, cell(contract, "7"))
    assert response.status_code == 403
    assert "La convention de ce territoire n’est plus en vigueur." in words(response)
    assert not HoursEntry.objects.exists()


def test_a_session_that_is_over_leads_to_the_sign_in_page(client, contract):
    response = send(client, contract, cell(contract, "7"))
    assert (response.status_code, response["Location"][:18]) == (302, "/compte/connexion/")
    assert not HoursEntry.objects.exists()
