"""The facilitator computes the hours of a lot, sees the result, compares, proposes; figures stay on these screens."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.calibration import METHODS, PARAMETER_LABELS
from markets.models import Calibration, CalibrationMethod
from markets.services.calibration import propose, return_to_facilitator
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, LotFactory, LotFinancialsFactory
from tests.factories.preparation import (
    LotPhaseFactory,
    PhaseFinancialsFactory,
    TradeFactory,
    TradeParametersFactory,
)
from tests.support.pages import (
    assert_done,
    assert_refused,
    document,
    form_of,
    submit,
    table,
    tidy,
    typed,
    words,
)

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NOT_A_NUMBER = "Saisissez un nombre."
ABOVE_ZERO = "Indiquez un montant supérieur à zéro."
NOT_A_SHARE = "Indiquez un pourcentage supérieur à 0 et d’au plus 100."
OUT_OF_RATE = "Taux d’insertion : la valeur est comprise entre 0 (exclu) et 1, par exemple 0,05 pour 5 %."
TOO_FEW = "Le calcul ne donne pas assez d’heures pour une clause. Sous le plancher de 70 h : pas de clause."
PARAMETERS = {"amount": "1 000 000", "labour_share": "50 %", "insertion_rate": "5", "hourly_cost": "25,00"}
PACT = {
    "amount": "600 000",
    "months": "48",
    "transferable_monthly_hours": "300",
    "insertion_rate": "10",
    "ratio": "25",
}


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, retained=True)


@pytest.fixture
def awarded(territory):
    return LotFactory(territory=territory, awarded=True)


def url(name, row, query=""):
    return reverse(f"markets:{name}", args=[row.pk]) + query


def calibrate(client, lot, query="", **values):
    return submit(client, url("calibrate", lot, query), **values)


def preview(client, lot, query="", **values):
    """What the page shows after « Voir le résultat », as a browser without scripts asks for it."""
    form = form_of(client.get(url("calibrate", lot, query)))
    target = form.xpath(".//button/@formaction")[0]
    return client.post(target, dict(form.form_values()) | values)


def result(response):
    """The panel of the result."""
    return tidy(document(response).get_element_by_id("apercu").text_content())


def asked(response):
    """Names of the fields of the form."""
    return {name for name in typed(response) if name != "csrfmiddlewaretoken"}


def test_hours_are_proposed(facilitator, lot):
    response = calibrate(facilitator, lot, comment="Deux chantiers voisins.", **PARAMETERS)
    assert_done(response, "Le calibrage est proposé à la chargée de mission.")
    assert "1 000 h" in words(response)
    version = Calibration.objects.get()
    assert (version.proposed_hours, version.proposed_by) == (1000, facilitator.user)
    computation = CalibrationMethod.objects.get()
    assert (computation.parameters["labour_share"], computation.floor_hours) == ("0.5", 70)
    assert "Deux chantiers voisins." in computation.explanation[-1]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_asks_for_its_own_parameters_only(facilitator, lot, method):
    page = facilitator.get(url("calibrate", lot, f"?methode={method}"))
    assert asked(page) & set(PARAMETER_LABELS) == set(METHODS[method].parameters)


@pytest.mark.parametrize(
    ("method", "values", "hours"),
    [
        ("ratio", {"amount": "600 000", "ratio": "25", "insertion_rate": "10"}, 2400),
        ("pact", PACT, 960),
        ("worked_hours", {"worked_hours": "24 000", "insertion_rate": "5"}, 1200),
        ("fte", {"fte": "0,5", "annual_hours": "1 607", "year_share": "50"}, 402),
        ("scale", {"amount": "99 500"}, 150),
        ("per_step", {"invoiced_amount": "84 900", "step_amount": "1 000", "hours_per_step": "1"}, 84),
        ("flat", {"hours": "210"}, 210),
    ],
)
def test_each_method_proposes_hours(facilitator, lot, method, values, hours):
    response = calibrate(facilitator, lot, f"?methode={method}", **values)
    assert_done(response, "Le calibrage est proposé à la chargée de mission.")
    assert (Calibration.objects.get().proposed_hours, CalibrationMethod.objects.get().method) == (hours, method)


def test_what_is_known_is_filled_in_and_computed_at_once(facilitator, territory):
    trade = TradeFactory()
    usual = {"hourly_cost_low": Decimal(34), "hourly_cost_high": Decimal(38)}
    TradeParametersFactory(trade=trade, valid_from=date(2026, 1, 1), **usual)
    lot = LotFactory(territory=territory, retained=True, trade=trade)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("412500.50"))
    page = facilitator.get(url("calibrate", lot))
    filled = {name: tidy(value) for name, value in typed(page).items()}
    assert (filled["amount"], filled["labour_share"]) == ("412 500,5", "39,53")
    assert (filled["hourly_cost"], filled["insertion_rate"], filled["floor_hours"]) == ("36", "6,22", "70")
    assert "Usage du métier : de 34 € à 38 €." in words(page)
    assert "282 h" in result(page)


def test_cleaners_taken_over_lead_to_the_pact(facilitator, territory):
    cleaning = TradeFactory(code="nettoyage")
    lot = LotFactory(
        territory=territory,
        retained=True,
        trade=cleaning,
        firm_months=48,
        staff_takeover=True,
        takeover_hours=Decimal(300),
    )
    page = facilitator.get(url("calibrate", lot))
    assert "le PACT Propreté retire ses heures du potentiel" in words(page)
    assert (typed(page)["months"], typed(page)["transferable_monthly_hours"]) == ("48", "300")


def test_the_firm_period_says_what_it_leaves_aside(facilitator, lot):
    LotPhaseFactory(lot=lot, kind="renewal", number="1", label="Deuxième année")
    shown = words(facilitator.get(url("calibrate", lot)))
    assert "Le calcul porte sur la période ferme seule" in shown
    assert "Reconduction 1 – Deuxième année" in shown


def test_nonsense_proposes_nothing(facilitator, lot):
    for wrong, sentence in [
        ({"amount": ""}, REQUIRED),
        ({"amount": "0"}, ABOVE_ZERO),
        ({"amount": "un million"}, NOT_A_NUMBER),
        ({"labour_share": "NaN"}, NOT_A_NUMBER),
        ({"labour_share": "sNaN"}, NOT_A_NUMBER),
        ({"labour_share": "Infinity"}, NOT_A_NUMBER),
        ({"labour_share": "1e9999999"}, NOT_A_SHARE),
        ({"insertion_rate": "0"}, NOT_A_SHARE),
        ({"insertion_rate": "100,01"}, NOT_A_SHARE),
        ({"insertion_rate": "1e-9999999"}, OUT_OF_RATE),
        ({"hourly_cost": "-25"}, ABOVE_ZERO),
        ({"rounding": "7"}, "Sélectionnez un choix valide. 7 n’en fait pas partie."),
        ({"floor_hours": "0"}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        ({"comment": "invi\u200bsible"}, "Ce texte contient un caractère invisible ou interdit."),
        ({"insertion_rate": "0,0001"}, TOO_FEW),
        (
            {"amount": "9999999999", "labour_share": "100"},
            "Le résultat dépasse un million d’heures : vérifiez les paramètres.",
        ),
    ]:
        sent = dict(form_of(facilitator.get(url("calibrate", lot))).form_values()) | PARAMETERS | wrong
        response = facilitator.post(url("calibrate", lot), sent)
        assert_refused(response, sentence)
        assert typed(response)["hourly_cost"] == wrong.get("hourly_cost", "25,00")
        assert not Calibration.objects.exists()


@pytest.mark.parametrize(
    ("method", "values", "sentence"),
    [
        ("pact", {"months": "0"}, "Indiquez un nombre supérieur à zéro."),
        ("pact", {"months": "12,5"}, "Indiquez un nombre entier de mois."),
        ("pact", {"transferable_monthly_hours": "-1"}, "Indiquez un nombre positif, ou zéro."),
        (
            "pact",
            {"transferable_monthly_hours": "520"},
            "Le calcul ne donne pas assez d’heures pour une clause. "
            "Le personnel transférable dépasse le potentiel d’insertion : pas de clause.",
        ),
    ],
)
def test_each_nonsense_has_its_sentence(facilitator, lot, method, values, sentence):
    response = calibrate(facilitator, lot, f"?methode={method}", **PACT | values)
    assert_refused(response, sentence)


def test_an_opinion_tells_that_there_is_no_clause(facilitator, officer, lot):
    response = calibrate(
        facilitator, lot, "?methode=pact", opinion=True, **PACT | {"transferable_monthly_hours": "480"}
    )
    assert_done(response, "Le calibrage est proposé à la chargée de mission.")
    assert "Avis : pas de clause" in words(response)
    assert "Lire l’avis" in words(officer.get(url("lot", lot)))


def test_the_result_is_seen_before_anything_is_kept(facilitator, lot):
    response = preview(facilitator, lot, **PARAMETERS | {"insertion_rate": "4"})
    assert response.status_code == 200
    shown = result(response)
    assert "800 h" in shown
    for equivalent in ("22,86 semaines de 35 h", "0,5 ETP", "1 contrat de six mois", "2 parcours moyens"):
        assert equivalent in shown
    assert "Effort d’insertion : 500 000 € × 4 % = 20 000 €" in shown
    assert not Calibration.objects.exists()
    assert typed(response)["insertion_rate"] == "4"


def test_the_result_says_why_there_is_no_clause(facilitator, lot):
    response = preview(facilitator, lot, **PARAMETERS | {"amount": "10 000"})
    assert "Pas de clause Sous le plancher de 70 h" in result(response)
    assert response.status_code == 200


def test_an_unfinished_form_waits(facilitator, lot):
    response = preview(facilitator, lot, **PARAMETERS | {"amount": ""})
    assert_refused(response, REQUIRED)
    fragment = facilitator.post(url("calibration_preview", lot), {}, headers={"HX-Request": "true"})
    assert "Le calcul attend : " in result(fragment)


def test_advice_comes_with_the_result(facilitator, territory):
    trade = TradeFactory()
    TradeParametersFactory(trade=trade)
    lot = LotFactory(territory=territory, retained=True, trade=trade)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal(900_000))
    shown = result(preview(facilitator, lot, **PARAMETERS))
    assert "Le coût horaire sort de l’usage du métier" in shown
    assert "Le montant dépasse celui qui est estimé" in shown


def test_no_address_carries_a_figure(facilitator, lot):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("412500.50"))
    for page in (facilitator.get(url("calibrate", lot)), facilitator.get(url("calibration_compare", lot))):
        links = document(page).xpath(
            "//main//@href | //main//@action | //main//@formaction | //main//@*[name()='hx-post']"
        )
        assert not [link for link in links if "412" in link]


def test_a_phase_is_calibrated_on_its_own_amount(facilitator, lot):
    phase = PhaseFinancialsFactory(phase=LotPhaseFactory(lot=lot), estimated_amount=Decimal(200_000)).phase
    query = f"?objet=phase&phase={phase.pk}"
    assert tidy(typed(facilitator.get(url("calibrate", lot, query)))["amount"]) == "200 000"
    assert_done(calibrate(facilitator, lot, query, **PARAMETERS), "Le calibrage est proposé à la chargée de mission.")
    version = Calibration.objects.get()
    assert (version.purpose, version.phase) == ("phase", phase)


def test_an_order_is_calibrated_with_its_number(facilitator, awarded):
    values = {"label": " BC  12 ", "invoiced_amount": "84 000", "step_amount": "1 000", "hours_per_step": "1"}
    assert_done(
        calibrate(facilitator, awarded, "?objet=order", **values), "Le calibrage est proposé à la chargée de mission."
    )
    version = Calibration.objects.first()
    assert (version.purpose, version.label, version.proposed_hours) == ("order", "BC 12", 84)
    assert_refused(calibrate(facilitator, awarded, "?objet=order", **values | {"label": " "}), REQUIRED)


def test_an_amendment_is_calibrated_with_the_retained_parameters(facilitator, awarded):
    page = facilitator.get(url("calibrate", awarded, "?objet=amendment"))
    assert asked(page) == {"label", "amount_delta", "rounding", "comment"}
    assert "Part de main-d’œuvre 50 %" in words(page)
    values = {"label": "1", "amount_delta": "−40 000"}
    assert "−40 h" in result(preview(facilitator, awarded, "?objet=amendment", **values))
    assert_done(
        calibrate(facilitator, awarded, "?objet=amendment", **values),
        "Le calibrage est proposé à la chargée de mission.",
    )
    assert Calibration.objects.first().proposed_hours == -40


def test_an_amendment_that_changes_nothing_is_refused(facilitator, awarded):
    response = calibrate(facilitator, awarded, "?objet=amendment", label="1", amount_delta="0")
    assert_refused(response, "Cet avenant ne change pas les heures du lot : il n’y a rien à proposer.")


@pytest.mark.parametrize(
    "query",
    ["?methode=magie", "?objet=autre", "?objet=phase", "?objet=phase&phase=abc", f"?objet=phase&phase={'9' * 5000}"],
)
def test_an_unknown_subject_or_method_does_not_exist(facilitator, lot, query):
    for name in ("calibrate", "calibration_compare"):
        if not (name == "calibration_compare" and "methode" in query):
            assert facilitator.get(url(name, lot, query)).status_code == 404
    assert facilitator.post(url("calibration_preview", lot, query)).status_code == 404


def test_the_phase_of_another_lot_does_not_exist_here(facilitator, lot, territory):
    other = LotPhaseFactory(lot=LotFactory(territory=territory, retained=True))
    assert facilitator.get(url("calibrate", lot, f"?objet=phase&phase={other.pk}")).status_code == 404


@pytest.mark.parametrize(
    ("traits", "query", "sentence"),
    [
        ({}, "", "Ce lot n’a pas de clause retenue : il ne peut pas être calibré."),
        ({"awarded": True}, "", "Ce lot est attribué : ses heures fermes sont au contrat, un avenant les change."),
        ({"retained": True}, "?objet=order", "Ce lot n’est pas encore attribué : attendez son titulaire."),
    ],
)
def test_a_lot_where_it_is_too_early_or_too_late_says_so(facilitator, territory, traits, query, sentence):
    lot = LotFactory(territory=territory, **traits)
    page = facilitator.get(url("calibrate", lot, query))
    assert sentence in words(page)
    assert document(page).xpath("//main//form") == []
    sent = (
        PARAMETERS | {"rounding": "nearest"}
        if not query
        else {
            "label": "1",
            "invoiced_amount": "84 000",
            "step_amount": "1000",
            "hours_per_step": "1",
            "rounding": "nearest",
        }
    )
    assert_refused(facilitator.post(url("calibrate", lot, query), sent), sentence)


def test_methods_are_compared_side_by_side(facilitator, officer, lot):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal(250_000))
    for client in (facilitator, officer):
        page = client.get(url("calibration_compare", lot))
        lines = {line[0]: line[1:] for line in table(page)}
        assert len(lines) == len(METHODS)
        assert lines["Barème par montant"][:2] == ["450 h", "450 h"]
        assert lines["Forfait"][3] == "Il manque : Heures du forfait."
    assert not Calibration.objects.exists()
    links = document(facilitator.get(url("calibration_compare", lot))).xpath("//main//table//a/@href")
    assert url("calibrate", lot, "?objet=firm&methode=scale") in links
    assert document(officer.get(url("calibration_compare", lot))).xpath("//main//table//a") == []


def test_what_went_back_is_told_to_the_facilitator_on_her_screen(facilitator, officer, lot):
    version = propose(lot=lot, by=author(), **THOUSAND_HOURS)
    return_to_facilitator(version=version, reason="Taux à 7 %, pas plus.", by=officer.user)
    assert "Taux à 7 %, pas plus." in words(facilitator.get(url("calibrate", lot)))
    assert "Taux à 7 %" not in words(facilitator.get(url("lot", lot)))


def test_a_confidential_screen_says_so(facilitator, lot):
    for name in ("calibrate", "calibration_compare"):
        assert "Écran confidentiel" in words(facilitator.get(url(name, lot)))


def test_the_office_may_keep_the_method_to_itself(as_role, lot, settings):
    version = propose(lot=lot, by=author(), **THOUSAND_HOURS)
    settings.FACILITATORS_SEE_METHOD = False
    facilitator = as_role(Role.FACILITATOR)
    closed = [url("calibrate", lot), url("calibration_compare", lot), url("calibration", version)]
    assert [facilitator.get(address).status_code for address in closed] == [403, 403, 403]
    assert facilitator.post(url("calibration_preview", lot), PARAMETERS).status_code == 403
    page = facilitator.get(url("lot", lot)).content.decode()
    assert [address for address in closed if address in page] == []
