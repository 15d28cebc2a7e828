"""The administrator's tables: thresholds of the law, tariff of the penalties, trades."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets import reference
from markets.models import HourlyRate, LegalThreshold, PenaltyRule, TradeParameters
from tests.factories.companies import HourlyRateFactory
from tests.factories.preparation import LegalThresholdFactory, PenaltyRuleFactory, TradeParametersFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
INDEX, THRESHOLDS, PENALTIES, RATES, TRADES = (
    f"/referentiels/{name}" for name in ("", "seuils/", "penalites/", "valeurs-horaires/", "corps-de-metier/")
)
VALUES, TARIFF, HISTORY = "Seuils par catégorie", "Pénalités", "Historique"


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def works():
    return LegalThresholdFactory(category="works", value=5_404_000, valid_from=date(2026, 1, 1), source="Avis 2026")


@pytest.fixture
def late():
    return PenaltyRuleFactory(code="late", breach="Documents en retard", value=50, text="Par jour ouvré.")


def test_the_tables_are_found_from_the_menu(administrator):
    page = document(administrator.get("/"))
    assert page.xpath(f"//nav[@id='menu']//a[@href='{INDEX}']")
    links = document(administrator.get(INDEX)).xpath("//main//ul[@class='card-list']//a/@href")
    assert set(links) >= {"/referentiels/grilles/", THRESHOLDS, PENALTIES, RATES, TRADES}
    assert {administrator.get(link).status_code for link in links} == {200}


def test_empty_tables_say_so(administrator):
    assert "Aucune grille n’est en vigueur." in words(administrator.get(INDEX))
    assert words(administrator.get(THRESHOLDS)).count("Aucun seuil connu") == 9
    assert "Sans tarif, les pièces n’impriment aucune pénalité." in words(administrator.get(PENALTIES))
    assert "Aucune valeur horaire" in words(administrator.get(RATES))
    assert "Aucun corps de métier" in words(administrator.get(TRADES))


def test_thresholds_are_shown_by_category_with_their_dates(administrator, works):
    LegalThresholdFactory(
        category="works", value=5_538_000, valid_from=date(2024, 1, 1), valid_until=date(2025, 12, 31)
    )
    LegalThresholdFactory(category="works", value=5_500_000, valid_from=date(2028, 1, 1))
    rows = [row for row in table(administrator.get(THRESHOLDS), VALUES) if "€" in " ".join(row)]
    assert [row[-6:-1] for row in rows] == [
        ["5 500 000 €", "01/01/2028", "–", "Avis du 1er janvier 2026", "À venir"],
        ["5 404 000 €", "01/01/2026", "–", "Avis 2026", "En vigueur"],
        ["5 538 000 €", "01/01/2024", "31/12/2025", "Avis du 1er janvier 2026", "Passée"],
    ]


def a_threshold(**changes):
    return {"category": "works", "value": "5 500 000,50", "valid_from": "2028-01-01", "source": "Avis 2028"} | changes


def test_a_new_threshold_ends_the_former_one(administrator, works):
    url = reverse("markets:threshold_create")
    assert typed(administrator.get(f"{url}?categorie=works"))["category"] == "works"
    response = submit(administrator, url, **a_threshold())
    assert_done(response, "Le nouveau seuil est enregistré (Travaux).")
    rows = [row for row in table(response, VALUES) if "€" in " ".join(row)]
    assert [row[-6:-3] for row in rows] == [
        ["5 500 000,50 €", "01/01/2028", "–"],
        ["5 404 000 €", "01/01/2026", "31/12/2027"],
    ]
    author = str(administrator.user)
    acts = [(row[0].split()[0], author in row[0], row[2]) for row in table(response, HISTORY)]
    assert acts == [
        ("Créé", True, "5 500 000,50 €"),
        ("Modifié", True, "5 404 000 €"),
        ("Créé", False, "5 404 000 €"),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": ""}, REQUIRED),
        ({"valid_from": ""}, REQUIRED),
        ({"value": "cher"}, "Saisissez un nombre."),
        ({"value": "0"}, "Un seuil est supérieur à zéro."),
        ({"category": "toys"}, "Sélectionnez un choix valide. toys n’en fait pas partie."),
        ({"valid_from": "2026-01-01"}, "Cette catégorie a déjà un seuil à cette date."),
        (
            {"valid_from": "2025-06-01"},
            "La dernière valeur s’applique à compter du 01/01/2026 : la nouvelle commence après.",
        ),
    ],
)
def test_a_wrong_threshold_is_not_kept(administrator, works, wrong, sentence):
    values = a_threshold(**wrong)
    response = administrator.post(reverse("markets:threshold_create"), values)
    assert_refused(response, sentence)
    assert typed(response)["source"] == values["source"]
    assert LegalThreshold.objects.get().valid_until is None


def test_a_typing_error_is_corrected_and_remembered(administrator, works):
    url = reverse("markets:threshold_edit", args=[works.pk])
    assert "Travaux, à compter du 01/01/2026" in words(administrator.get(url))
    assert_refused(submit(administrator, url, source=" "), REQUIRED)
    response = submit(administrator, url, value="5404001")
    assert_done(response, "Le seuil est corrigé.")
    assert [row[2] for row in table(response, HISTORY)] == ["5 404 001 €", "5 404 000 €"]
    works.refresh_from_db()
    assert (works.value, works.valid_from) == (5_404_001, date(2026, 1, 1))


A_PENALTY = {
    "breach": "Réunion manquée",
    "basis": "fixed",
    "value": "500",
    "text": "Une pénalité\r\ns’applique.",
    "source": "Modèle du ministère",
    "valid_from": "2026-10-01",
}


def test_a_penalty_is_added(administrator):
    response = submit(administrator, reverse("markets:penalty_create"), **A_PENALTY)
    assert_done(response, "La pénalité est enregistrée.")
    rule = PenaltyRule.objects.get()
    assert (rule.code, rule.text) == ("reunion-manquee", "Une pénalité s’applique.")
    assert table(response, TARIFF)[0][1:5] == ["500 € Forfait par manquement", "01/10/2026", "–", "À venir"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"breach": ""}, REQUIRED),
        ({"source": ""}, REQUIRED),
        ({"value": "-1"}, "Une pénalité est supérieure à zéro."),
        ({"valid_from": "31/02/2026"}, "Saisissez une date valide."),
        ({"breach": "Retard\u202e"}, "Ce texte contient un caractère invisible ou interdit."),
    ],
)
def test_a_wrong_penalty_is_not_kept(administrator, wrong, sentence):
    response = administrator.post(reverse("markets:penalty_create"), A_PENALTY | wrong)
    assert_refused(response, sentence)
    assert not PenaltyRule.objects.exists()


def test_a_new_tariff_starts_from_the_one_in_force_and_ends_it(administrator, late):
    url = reverse("markets:penalty_replace", args=[late.pk])
    assert typed(administrator.get(url))["breach"] == "Documents en retard"
    assert_refused(submit(administrator, url, value="60"), REQUIRED)
    response = submit(administrator, url, value="60", valid_from="2027-01-01")
    assert_done(response, "Le nouveau tarif est enregistré (Documents en retard).")
    assert [row[1:5] for row in table(response, TARIFF)] == [
        ["60 € Par jour de retard", "01/01/2027", "–", "À venir"],
        ["50 € Par jour de retard", "01/01/2026", "31/12/2026", "En vigueur"],
    ]
    assert set(PenaltyRule.objects.values_list("code", flat=True)) == {"late"}


def test_a_penalty_is_corrected(administrator, late):
    url = reverse("markets:penalty_edit", args=[late.pk])
    assert_done(submit(administrator, url, basis="ceiling_multiple", value="4"), "La pénalité est corrigée.")
    rows = table(administrator.get(PENALTIES), TARIFF)
    assert rows[0][1] == "× 4 Multiple du plafond horaire de la sécurité sociale"


def test_a_penalty_stops_being_applied(administrator, late):
    url = reverse("markets:penalty_end", args=[late.pk])
    assert_refused(submit(administrator, url, last_day="2025-12-31"), "La fin de validité précède son début.")
    response = submit(administrator, url, last_day="2026-09-14")
    assert_done(response, "Cette pénalité ne s’appliquera plus (Documents en retard).")
    assert table(response, TARIFF)[0][3:5] == ["14/09/2026", "Passée"]
    assert "Ne plus appliquer" not in words(response)
    assert_refused(submit(administrator, url, last_day="2026-12-31"), "Cette valeur prend déjà fin le 14/09/2026.")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("nettoyage", ["Nettoyage de locaux", "Nettoyage de vitres"]),
        ("K2204", ["Nettoyage de locaux"]),
        ("90911300", ["Nettoyage de vitres"]),
        ("electricite courants", ["Électricité, courants forts et faibles"]),
        ("zzz", []),
    ],
)
def test_a_trade_is_found_by_its_name_its_occupations_or_its_codes(administrator, asked, found):
    reference.load()
    assert [row[0] for row in table(administrator.get(TRADES, {"q": asked}))] == found


def test_the_usual_values_of_a_trade_are_not_shown_here(administrator):
    usual = TradeParametersFactory()
    seen = words(administrator.get(TRADES))
    assert usual.trade.label in seen
    assert TradeParameters.objects.visible_to(administrator.user).count() == 0
    for figure in ("33,17", "36,91", "37,19", "5,31"):
        assert figure not in seen


def test_an_unknown_row_is_unknown(administrator):
    for name in ("threshold_edit", "penalty_edit", "penalty_replace", "penalty_end"):
        assert administrator.get(reverse(f"markets:{name}", args=[10**9])).status_code == 404


def test_a_new_hourly_value_ends_the_former_one(administrator):
    HourlyRateFactory(value=30, valid_from=date(2026, 1, 1))
    wrong = submit(
        administrator, f"{RATES}nouvelle/", code="ceiling", value="31", valid_from="2025-01-01", source="Arrêté"
    )
    assert_refused(wrong, "La dernière valeur s’applique à compter du 01/01/2026 : la nouvelle commence après.")
    wrong = submit(
        administrator, f"{RATES}nouvelle/", code="ceiling", value="0", valid_from="2027-01-01", source="Arrêté"
    )
    assert_refused(wrong, "Une valeur horaire est comprise entre 0,01 € et 500 €.")
    values = {"code": "ceiling", "value": "31,5", "valid_from": "2027-01-01", "source": "Arrêté de 2026"}
    response = submit(administrator, f"{RATES}nouvelle/", **values)
    assert_done(response, "La nouvelle valeur est enregistrée (Plafond horaire de la sécurité sociale).")
    assert [row[1:5] for row in table(response, "Valeurs horaires")] == [
        ["31,50 €", "01/01/2027", "–", "À venir"],
        ["30 €", "01/01/2026", "31/12/2026", "En vigueur"],
    ]


def test_an_hourly_value_is_corrected(administrator):
    row = HourlyRateFactory(value=29, valid_from=date(2026, 1, 1))
    assert_done(submit(administrator, f"{RATES}{row.pk}/corriger/", value="30"), "La valeur horaire est corrigée.")
    assert HourlyRate.objects.get().history.count() == 2
