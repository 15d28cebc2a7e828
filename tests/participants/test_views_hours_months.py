"""The pages around the grid: a month, its split, its corrections, hours set aside, companies, what waits."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from participants.counting import TO_SPLIT
from participants.enums import ContractType, Modality
from participants.models import EmploymentContract, HoursEntry
from participants.services import hours
from tests.factories.accounts import author
from tests.factories.markets import CompanyFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

MARCH, JULY = date(2026, 3, 1), date(2026, 7, 1)


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def contract(territory):
    """Validated for the year 2026, at work since February."""
    return EmploymentContractFactory(award__lot__territory=territory, validated=True)


def record(contract, number, month=JULY, **options):
    hours.record_month(contract=contract, month=month, declared=Decimal(number), by=author(), **options)
    return HoursEntry.objects.typed().filter(contract=contract, month=month).last()


def url(name, contract, month="2026-07", **options):
    extra = "".join(f"&{key}={value}" for key, value in options.items())
    return f"{reverse(f'participants:hours_{name}', args=[contract.pk])}?mois={month}{extra}"


@pytest.fixture
def half(territory):
    """Validated from 16 July on: 80 h of July wait."""
    contract = EmploymentContractFactory(award__lot__territory=territory)
    EligibilityValidationFactory(participant=contract.participant, starts_on=date(2026, 7, 16), granted=True)
    record(contract, 80)
    return contract


def test_what_waits_leads_to_its_split_with_the_day_proposed(facilitator, half):
    waiting = facilitator.get(reverse("participants:hours_pending"))
    ((person, days, lot, pending, why, _),) = table(waiting)
    assert (days, pending, why) == ("du 01/07/2026 au 31/07/2026", "80 h", TO_SPLIT.replace("\u00a0", " "))
    page = facilitator.get(url("month", half))
    assert "Répartir par jours" in words(page)
    form = facilitator.get(url("split", half))
    assert document(form).xpath("//input[@name='first_day']/@value") == ["2026-07-16"]
    assert_done(submit(facilitator, url("split", half), before="30", from_then="50"), "Le mois est réparti.")
    assert sorted(HoursEntry.objects.values_list("starts_on__day", "counted")) == [(1, 0), (16, 50)]
    assert "Rien n’attend" in words(facilitator.get(reverse("participants:hours_pending")))


def test_a_split_month_is_one_cell_that_leads_to_its_parts(facilitator, half):
    submit(facilitator, url("split", half), before="30", from_then="50")
    page = facilitator.get(reverse("participants:hours", args=[half.lot_id]))
    (field,) = document(page).xpath("//input[@id=$id]", id=f"cell-{half.pk}-2026-07")
    assert (field.get("value"), field.get("disabled")) == ("80", "disabled")
    (note,) = document(page).xpath("//td[input/@id=$id]//a", id=f"cell-{half.pk}-2026-07")
    assert (note.get("href"), note.text) == (url("month", half), "en partie, réparti")
    joined = facilitator.post(url("join", half), follow=True)
    assert told(joined) == ["Les deux parties du mois sont réunies."]
    assert HoursEntry.objects.get().pending == 80


def test_the_split_says_what_is_wrong(facilitator, half):
    response = submit(facilitator, url("split", half), first_day="2026-07-01", before="30", from_then="50")
    assert_refused(response, "Indiquez un jour du 02/07/2026 au 31/07/2026.")
    stale = {"version": "7", "first_day": "2026-07-16", "before": "30", "from_then": "50"}
    assert facilitator.post(url("split", half), stale).status_code == 422


def test_hours_are_set_aside_with_a_reason(facilitator, contract):
    entry = record(contract, 100)
    page = reverse("participants:hours_withhold", args=[entry.pk])
    assert_refused(submit(facilitator, page, hours="30"), "Choisissez un motif.")
    done = submit(facilitator, page, hours="30", reason="not_worked")
    assert_done(done, "Les heures écartées sont enregistrées.")
    assert "Heures écartées par le facilitateur : absence non travaillée." in words(done)
    assert HoursEntry.objects.get().counted == 70


def test_a_double_declaration_is_shown_and_set_aside_in_one_click(facilitator, contract):
    lender = EmploymentContractFactory(
        award=contract.award,
        participant=contract.participant,
        employer=CompanyFactory(kind="etti"),
        modality=Modality.SECONDMENT,
        contract_type=ContractType.TEMPORARY,
    )
    record(lender, 100), record(contract, 100)
    grid = reverse("participants:hours", args=[contract.lot_id])
    assert len(table(facilitator.get(grid), "Lignes déclarées deux fois")) == 2
    own = HoursEntry.objects.get(contract=contract)
    response = facilitator.post(reverse("participants:hours_duplicate", args=[own.pk]), follow=True)
    assert [sentence.replace("\u00a0", " ") for sentence in told(response)] == ["100 h écartées comme doublon."]
    assert "Double déclaration" not in words(response)
    assert sorted(HoursEntry.objects.values_list("counted", flat=True)) == [0, 100]


def test_a_month_that_was_sent_is_corrected_from_its_cell(facilitator, contract, close_quarter):
    record(contract, 100, MARCH)
    close_quarter(contract.territory, "2026-T1")
    grid = facilitator.get(reverse("participants:hours", args=[contract.lot_id]), {"jusqu": "2026-06"})
    (lock,) = document(grid).xpath("//td[input/@id=$id]//a", id=f"cell-{contract.pk}-2026-03")
    assert (lock.get("href"), lock.text) == (url("month", contract, "2026-03"), "verrouillé")
    assert "Régulariser" in words(facilitator.get(lock.get("href")))
    page = url("regularise", contract, "2026-03")
    done = submit(facilitator, page, hours="90", reason="Deux jours d’absence.")
    sentence = "La régularisation est inscrite en avril 2026 : −10 h déclarées, −10 h comptabilisées."
    assert_done(done, sentence)
    assert table(done, "Total juste")[0][1:3] == ["90 h", "90 h"]
    after = facilitator.get(reverse("participants:hours", args=[contract.lot_id]), {"jusqu": "2026-06"})
    assert table(after, "Corrections de mois clôturés")[0][2:5] == ["avril 2026", "−10 h", "−10 h"]
    assert "régularisé : 90 h" in words(after)


def test_an_open_month_is_not_regularised(facilitator, contract):
    response = submit(facilitator, url("regularise", contract), hours="90", reason="Erreur.")
    assert_refused(response, hours.NOT_CLOSED)


def test_a_month_that_makes_no_sense_is_this_one(facilitator, contract):
    for asked in ("abc", "2026-13", "\x00"):
        assert "septembre 2026" in words(facilitator.get(url("month", contract, asked)))


def test_the_grid_of_a_company_shows_all_its_lots(facilitator, contract, territory, elsewhere):
    company = contract.award.company
    lent = EmploymentContractFactory(
        award__lot__territory=territory,
        employer=CompanyFactory(kind="etti"),
        host=company,
        modality=Modality.SECONDMENT,
        validated=True,
    )
    far = EmploymentContractFactory(award__lot__territory=elsewhere, award__company=company)
    page = reverse("participants:company_grid", args=[company.pk])
    response = facilitator.get(page)
    names = document(response).xpath("//tbody/tr/th/span[starts-with(@id, 'person-')]/@id")
    assert sorted(names) == sorted(f"person-{row.pk}" for row in (contract, lent))
    assert str(far.participant) not in words(response)
    saved = submit(facilitator, page, **{f"cell-{lent.pk}-2026-07": "12"})
    assert_done(saved, "1 mois enregistré.")
    cells = {"cells": [{"contract": far.pk, "month": "2026-07", "value": "7", "version": 0}]}
    save = reverse("participants:company_hours_save", args=[company.pk])
    assert facilitator.post(save, cells, content_type="application/json").status_code == 400
    assert HoursEntry.objects.get().contract == lent


def test_an_apprentice_has_a_row_for_her_training(facilitator, territory):
    contract = EmploymentContractFactory(
        award__lot__territory=territory, contract_type=ContractType.APPRENTICESHIP, validated=True
    )
    page = reverse("participants:hours", args=[contract.lot_id])
    name = f"cell-{contract.pk}-2026-07"
    assert_done(submit(facilitator, page, **{name: "70", f"{name}-training": "30"}), "2 mois enregistrés.")
    assert sorted(HoursEntry.objects.values_list("nature", "declared")) == [("training", 30), ("worked", 70)]
    cells = {
        "cells": [{"contract": contract.pk, "month": "2026-07", "nature": "training", "value": "31", "version": 1}]
    }
    save = reverse("participants:hours_save", args=[contract.lot_id])
    answer = facilitator.post(save, cells, content_type="application/json").json()
    assert answer["cells"][0]["cell"] == f"{name}-training"
    assert answer["totals"]["rows"][f"{contract.pk}-training"] == {"declared": "31", "counted": "31"}
    assert answer["totals"]["months"] == {"2026-07": {"declared": "101", "counted": "101"}}


def test_silence_is_not_a_zero(facilitator, contract):
    record(contract, 0, date(2026, 6, 1))
    page = facilitator.get(reverse("participants:hours", args=[contract.lot_id]))
    notes = {
        cell.xpath("./input/@id")[0][-2:]: " ".join(cell.xpath(".//span[@class='cell-note']")[0].itertext()).split(":")[
            0
        ]
        for cell in document(page).xpath("//td[@class='hours-cell']")
    }
    assert {month: note.strip() for month, note in notes.items()} == {
        "04": "rien reçu",
        "05": "rien reçu",
        "06": "zéro déclaré",
        "07": "rien reçu",
        "08": "rien reçu",
        "09": "",
    }


def test_the_rows_to_look_at_are_asked_in_the_address(facilitator, contract, half):
    for month in range(4, 9):
        record(contract, 10, date(2026, month, 1))
    other = EmploymentContractFactory(award=contract.award)
    record(other, 10, date(2026, 8, 1))
    page = reverse("participants:hours", args=[contract.lot_id])

    def shown(asked):
        return document(facilitator.get(page, {"voir": asked})).xpath("//span[starts-with(@id, 'person-')]/@id")

    assert len(shown("")) == len(shown("abc")) == 2
    assert shown("manquantes") == shown("rejetees") == [f"person-{other.pk}"]
    assert shown("attente") == []
    assert "Aucune ligne de ce genre" in words(facilitator.get(page, {"voir": "attente"}))


def test_the_months_add_up_at_the_bottom(facilitator, contract):
    record(contract, 10), record(EmploymentContractFactory(award=contract.award), 7)
    page = facilitator.get(reverse("participants:hours", args=[contract.lot_id]))
    totals = [document(page).xpath(f"//td[@data-month-{kind}='2026-07']/text()") for kind in ("declared", "counted")]
    assert totals == [["17"], ["10"]]


def test_the_people_of_last_month_are_taken_up_again(facilitator, contract):
    ended = EmploymentContractFactory(
        award=contract.award, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 28), job_title="Manœuvre"
    )
    page = reverse("participants:hours_renew", args=[contract.lot_id])
    assert_refused(submit(facilitator, page), "Cochez au moins une personne.")
    assert_done(submit(facilitator, page, **{f"take-{ended.pk}": "on"}), "1 contrat repris.")
    following = EmploymentContract.objects.get(participant=ended.participant, starts_on=date(2026, 9, 1))
    assert (following.ends_on, following.job_title) == (date(2026, 9, 30), "Manœuvre")
    assert "Personne à reprendre" in words(facilitator.get(page))


def test_names_are_masked_for_those_who_may_not_read_them(as_role, contract, close_quarter):
    record(contract, 100, MARCH)
    close_quarter(contract.territory, "2026-T1")
    hours.regularise(contract=contract, month=MARCH, hours=Decimal(90), reason="Erreur.", by=author())
    officer = as_role(Role.MISSION_OFFICER)
    for page in (
        reverse("participants:hours", args=[contract.lot_id]) + "?jusqu=2026-05",
        reverse("participants:company_grid", args=[contract.employer_id]) + "?jusqu=2026-05",
        url("month", contract, "2026-03"),
    ):
        response = officer.get(page)
        assert contract.participant.last_name not in words(response)
        assert f"Personne n° {contract.participant_id}" in words(response)
        assert "Régulariser" not in words(response)
