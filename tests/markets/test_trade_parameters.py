"""« Paramètres de calcul »: dated usual values, confidential, the chargée de mission's to change."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from markets.models import TradeParameters
from markets.services.trade_parameters import replace
from tests.factories.accounts import author
from tests.factories.preparation import TradeFactory, TradeParametersFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

RATE = {"insertion_rate_low": Decimal("0.05"), "insertion_rate_high": Decimal("0.07")}
TYPED = {
    "valid_from": "2026-10-01",
    "labour_share_low": "25 %",
    "labour_share_high": "35",
    "hourly_cost_low": "36,50",
    "hourly_cost_high": "40",
    "insertion_rate_low": "5",
    "insertion_rate_high": "7,5",
    "source": "Note du 1er octobre",
}


@pytest.fixture
def trade():
    return TradeFactory(label="Voirie")


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


def url(trade):
    return reverse("markets:parameters_trade", args=[trade.pk])


def replaced(trade, day, **more):
    return replace(trade=trade, valid_from=day, source="Note", by=author(), **RATE | more)


def test_a_version_closes_the_one_before(trade):
    first = TradeParametersFactory(trade=trade)
    second = replaced(trade, date(2026, 10, 1))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 9, 30)
    of_the_trade = TradeParameters.objects.filter(trade=trade)
    assert of_the_trade.valid_on(date(2026, 9, 30)).get() == first
    assert of_the_trade.valid_on(date(2026, 10, 1)).get() == second
    assert first.history.first().history_user == author()


def test_a_version_that_ended_before_stays_as_it_was(trade):
    first = TradeParametersFactory(trade=trade, valid_until=date(2026, 3, 31))
    replaced(trade, date(2026, 10, 1))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 3, 31)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_version_comes_after_the_last_one(trade, day):
    TradeParametersFactory(trade=trade)
    with pytest.raises(DomainError, match="commence le 01/01/2026"):
        replaced(trade, day)


def test_a_version_says_something(trade):
    with pytest.raises(DomainError, match="au moins une fourchette"):
        replaced(trade, date(2026, 10, 1), insertion_rate_low=None, insertion_rate_high=None)


def test_a_range_is_not_upside_down(trade):
    with pytest.raises(ValidationError, match="du plus petit au plus grand"):
        replaced(trade, date(2026, 10, 1), insertion_rate_high=Decimal("0.01"))


def test_the_values_in_force_are_listed(officer, trade):
    TradeParametersFactory(trade=trade, valid_until=date(2026, 6, 30))
    TradeParametersFactory(
        trade=trade,
        valid_from=date(2026, 7, 1),
        labour_share_low=Decimal("0.3"),
        labour_share_high=Decimal("0.3"),
        hourly_cost_low=None,
        hourly_cost_high=None,
    )
    TradeFactory(label="Sans valeur")
    assert table(officer.get(reverse("markets:parameters"))) == [
        ["Sans valeur", "–", "–", "–", "–", "–"],
        ["Voirie", "30 %", "–", "de 5,31 % à 7,13 %", "01/07/2026", "Usage du territoire"],
    ]


def test_without_a_trade_the_page_says_so(officer):
    assert "Aucun métier" in words(officer.get(reverse("markets:parameters")))


def test_the_chargee_de_mission_adds_a_version(officer, trade):
    TradeParametersFactory(trade=trade)
    response = submit(officer, url(trade), **TYPED)
    assert_done(response, "Les paramètres du métier « Voirie » sont enregistrés.")
    assert table(response) == [
        ["Du 01/10/2026", "de 25 % à 35 %", "de 36,50 € à 40 €", "de 5 % à 7,5 %", "Note du 1er octobre"],
        [
            "Du 01/01/2026 au 30/09/2026",
            "de 37,19 % à 41,87 %",
            "de 33,17 € à 36,91 €",
            "de 5,31 % à 7,13 %",
            "Usage du territoire",
        ],
    ]


def test_the_values_in_force_are_there_to_be_changed(officer, trade):
    TradeParametersFactory(trade=trade)
    assert typed(officer.get(url(trade))) | {"csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "",
        "valid_from": "2026-09-15",
        "labour_share_low": "37,19",
        "labour_share_high": "41,87",
        "hourly_cost_low": "33,17",
        "hourly_cost_high": "36,91",
        "insertion_rate_low": "5,31",
        "insertion_rate_high": "7,13",
        "source": "",
    }


def test_a_single_value_is_enough(officer, trade):
    submit(officer, url(trade), **TYPED | {"labour_share_high": ""})
    kept = TradeParameters.objects.get()
    assert (kept.labour_share_low, kept.labour_share_high) == (Decimal("0.25"), Decimal("0.25"))


def test_nonsense_is_not_kept(officer, trade):
    for wrong, sentence in [
        ({"labour_share_low": "40"}, "Le haut de la fourchette est au-dessous du bas."),
        ({"labour_share_low": ""}, "Indiquez aussi le bas de la fourchette."),
        ({"insertion_rate_high": "101"}, "Indiquez un pourcentage supérieur à 0 et d’au plus 100."),
        ({"hourly_cost_low": "trente"}, "Saisissez un nombre."),
        ({"hourly_cost_low": "0"}, "Indiquez un montant supérieur à zéro."),
        ({"source": ""}, "Ce champ est obligatoire."),
        ({"valid_from": "1889-01-01"}, "Cette date est hors de portée (1990 à 2100)."),
    ]:
        assert_refused(submit(officer, url(trade), **TYPED | wrong), sentence)
    assert not TradeParameters.objects.exists()


def test_the_facilitator_reads_and_changes_nothing(as_role, trade):
    TradeParametersFactory(trade=trade)
    facilitator = as_role(Role.FACILITATOR)
    page = facilitator.get(url(trade))
    assert "de 33,17 € à 36,91 €" in words(page)
    assert document(page).xpath("//main//form") == []
    assert facilitator.post(url(trade), TYPED).status_code == 403
    assert TradeParameters.objects.count() == 1


def test_the_office_may_keep_the_values_to_itself(as_role, trade, settings):
    settings.FACILITATORS_SEE_METHOD = False
    facilitator = as_role(Role.FACILITATOR)
    assert facilitator.get(url(trade)).status_code == 403
    home = facilitator.get("/").content.decode()
    assert reverse("markets:parameters") not in home


@pytest.mark.parametrize("role", [Role.DIRECTORATE_AGENT, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_the_values_are_for_those_who_calibrate(as_role, trade, role):
    assert as_role(role).get(reverse("markets:parameters")).status_code == 403
