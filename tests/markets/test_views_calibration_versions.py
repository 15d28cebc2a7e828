"""The chargée de mission retains the hours, sends them back or makes them due, the computation under her eyes."""

from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import Calibration, Lot, ObjectiveEntry
from markets.services.calibration import propose, propose_amendment, retain
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, LotFactory, LotFinancialsFactory
from tests.factories.preparation import LotPhaseFactory, TradeFactory, TradeParametersFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
GONE = "Ce calibrage n’est plus le dernier, ou il est déjà retenu. Rechargez la page."


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


@pytest.fixture
def version(lot):
    """A thousand hours, proposed."""
    return propose(lot=lot, by=author(), **THOUSAND_HOURS)


@pytest.fixture
def opinion(lot):
    """« Pas de clause »."""
    return propose(lot=lot, by=author(), opinion=True, floor_hours=2000, **THOUSAND_HOURS)


def url(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def retain_by(client, version, **values):
    return submit(client, url("retain", version), "", **values)


def order(lot, hours=40):
    return propose(lot=lot, by=author(), purpose="order", label="BC 7", method="flat", hours=Decimal(hours))


def acts(page):
    """Words of the buttons and links of the tables of the calibration."""
    return [" ".join(link.text_content().split()) for link in document(page).xpath("//section[h2[@id='calibrage']]//a")]


def test_the_proposed_hours_are_retained(officer, version):
    response = retain_by(officer, version)
    assert_done(response, "Les heures du lot sont retenues.")
    assert "1 000 h" in words(response)
    version.refresh_from_db()
    assert (version.retained_hours, version.retained_by) == (1000, officer.user)
    assert Lot.objects.get().state == LotState.CALIBRATED


def test_other_hours_are_retained_with_their_reason(officer, version):
    response = retain_by(officer, version, hours=800, gap_reason="Chantier court.")
    assert_done(response, "Les heures du lot sont retenues.")
    assert "Chantier court." in words(response)


def test_wrong_hours_are_not_retained(officer, version):
    for wrong, sentence in [
        ({"hours": ""}, REQUIRED),
        ({"hours": 0}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        ({"hours": 1_000_001}, "Assurez-vous que cette valeur est inférieure ou égale à 1000000."),
        ({"hours": "1e3"}, "Saisissez un nombre entier."),
        ({"hours": 800}, "Expliquez l’écart entre les heures proposées et les heures retenues."),
    ]:
        response = retain_by(officer, version, **wrong)
        assert_refused(response, sentence)
        assert typed(response, "")["hours"] == str(wrong["hours"])
        assert Lot.objects.get().state == LotState.RETAINED


def test_only_the_last_version_is_retained(officer, version, lot):
    propose(lot=lot, by=author(), **THOUSAND_HOURS | {"hourly_cost": Decimal(20)})
    page = officer.get(url("retain", version))
    assert "Il n’y a plus rien à retenir ici" in words(page)
    assert document(page).xpath("//main//form") == []
    assert_refused(officer.post(url("retain", version), {"hours": 1000}), GONE)


def test_the_hours_of_an_amendment_keep_their_sign(officer, awarded):
    version = propose_amendment(lot=awarded, by=author(), label="1", amount_delta=Decimal(-100_000))
    assert_refused(retain_by(officer, version, hours=0), "Indiquez un nombre d’heures différent de zéro.")
    assert_done(retain_by(officer, version), "Les heures du lot sont retenues.")
    version.refresh_from_db()
    assert version.retained_hours == -100


def test_the_computation_is_under_her_eyes(officer, version, lot):
    trade = TradeFactory()
    TradeParametersFactory(trade=trade)
    Lot.objects.filter(pk=lot.pk).update(trade=trade)
    page = officer.get(url("retain", version))
    shown = words(page)
    assert "Part de main-d’œuvre : 1 000 000 € × 50 % = 500 000 €" in shown
    assert "Heures : 25 000 € ÷ 25 € de l’heure" in shown
    assert "28,57 semaines de 35 h" in shown
    # the middle of the usual ranges: 1 000 000 € × 39,53 % × 6,22 % ÷ 35,04 €
    assert "Aux valeurs usuelles du métier 702 h" in shown
    assert table(page) == [
        ["Montant (€ HT)", "1 000 000 €", "–"],
        ["Part de main-d’œuvre", "50 %", "de 37,19 % à 41,87 % Hors de l’usage"],
        ["Taux d’insertion", "5 %", "de 5,31 % à 7,13 % Hors de l’usage"],
        ["Coût horaire chargé (€)", "25 €", "de 33,17 € à 36,91 € Hors de l’usage"],
    ]


def test_a_rate_is_told_as_it_was_typed(officer, lot):
    given = THOUSAND_HOURS | {"labour_share": Decimal("0.43217"), "insertion_rate": Decimal("0.025")}
    shown = words(officer.get(url("retain", propose(lot=lot, by=author(), **given))))
    assert "1 000 000 € × 43,217 % = 432 170 €" in shown
    assert "432 170 € × 2,5 % = 10 804,25 €" in shown


def test_an_opinion_leads_back_to_the_decision(officer, opinion, lot):
    page = officer.get(url("retain", opinion))
    assert "il n’y a rien à retenir" in words(page)
    assert "Sous le plancher de 2 000 h : pas de clause." in words(page)
    assert_refused(
        officer.post(url("retain", opinion), {"hours": 100, "gap_reason": "Malgré tout."}),
        "Le facilitateur ne propose pas de clause : reprenez la décision, ou renvoyez-lui le calcul.",
    )
    response = submit(officer, url("retain", opinion), url("reopen", lot))
    assert response.redirect_chain
    assert Lot.objects.get(pk=lot.pk).state == LotState.TO_REVIEW


def test_a_proposal_goes_back_to_the_facilitator(officer, facilitator, version, lot):
    response = submit(officer, url("retain", version), url("calibration_return", version), reason="Taux trop bas.")
    assert_done(response, "Le calibrage est renvoyé au facilitateur, qui en est prévenu.")
    assert "Renvoyée au facilitateur" in words(response)
    sheet = words(facilitator.get(url("calibration", version)))
    assert "Taux trop bas." in sheet
    page = officer.get(url("retain", version))
    assert url("calibration_return", version) not in [form.action for form in document(page).forms]


def test_a_proposal_does_not_go_back_without_a_word(officer, version):
    for reason, sentence in [
        ("", REQUIRED),
        ("x" * 92, "Assurez-vous que cette valeur comporte au plus 91 caractères (actuellement 92)."),
    ]:
        assert_refused(officer.post(url("calibration_return", version), {"reason": reason}), sentence)


def test_what_is_retained_does_not_go_back(officer, version):
    retain(version=version, hours=1000, by=author())
    assert_refused(officer.post(url("calibration_return", version), {"reason": "À revoir."}), GONE)


def test_the_sheet_tells_the_whole_story(as_role, version, lot):
    retain(version=version, hours=800, gap_reason="Chantier court.", by=author())
    again = propose(lot=lot, by=author(), comment="Avec le second bâtiment.", **THOUSAND_HOURS)
    legal = as_role(Role.LEGAL_OFFICER)
    first, second = words(legal.get(url("calibration", version))), words(legal.get(url("calibration", again)))
    for told in ("Formule standard", "1 000 h", "800 h", "Chantier court.", "À l’heure la plus proche", "Version 2"):
        assert told in first
    assert "Observation du facilitateur : Avec le second bâtiment." in second
    assert "800 h retenues" in second


def test_the_page_of_the_lot_shows_hours_and_what_they_amount_to(officer, facilitator, version, lot):
    for client in (officer, facilitator):
        shown = words(client.get(url("lot", lot)))
        assert "1 000 h" in shown
        assert "28,57 semaines de 35 h, 0,62 ETP, 1,24 contrat de six mois" in shown
        for secret in ("500 000", "25 000", "50 %", "25 €", "main-d’œuvre"):
            assert secret not in shown


def test_the_page_of_the_lot_says_where_each_version_is(officer, lot):
    for cost in (25, 30):
        propose(lot=lot, by=author(), **THOUSAND_HOURS | {"hourly_cost": Decimal(cost)})
    lines = table(officer.get(url("lot", lot)), "Versions du calibrage")
    assert [line[:4] for line in lines] == [
        ["2 – Période ferme 23,8 semaines de 35 h, 0,52 ETP, 1,04 contrat de six mois", "À retenir", "833 h", "–"],
        ["1 – Période ferme 28,57 semaines de 35 h, 0,62 ETP, 1,24 contrat de six mois", "Remplacée", "1 000 h", "–"],
    ]


def test_a_phase_is_affirmed_from_the_page_of_the_lot(officer, facilitator, awarded):
    phase = LotPhaseFactory(lot=awarded, kind="tranche", number="1", label="Préau")
    caption = "Options, tranches et reconductions : leurs"
    assert table(facilitator.get(url("lot", awarded)), caption)[0][2:] == [
        "–",
        "À calibrer",
        "Calibrer Tranche optionnelle 1 – Préau",
    ]
    version = propose(lot=awarded, by=author(), purpose="phase", phase=phase, **THOUSAND_HOURS)
    retain(version=version, hours=1000, by=author())
    assert "Affermir la tranche 1" in acts(officer.get(url("lot", awarded)))
    assert "Affermir la tranche 1" not in acts(facilitator.get(url("lot", awarded)))
    response = submit(officer, url("activate", version))
    assert_done(response, "Les heures sont inscrites à l’objectif de l’entreprise.")
    assert table(response, caption)[0][2:] == ["1 000 h", "Affermie le 15/09/2026", "–"]
    assert ObjectiveEntry.objects.get(calibration=version).decided_by == officer.user
    assert "Inscrite à l’objectif" in words(response)


def test_an_order_is_entered_once(officer, awarded):
    version = order(awarded)
    assert "ne peuvent pas être inscrites" in words(officer.get(url("activate", version)))
    retain(version=version, hours=40, by=author())
    assert_done(submit(officer, url("activate", version)), "Les heures sont inscrites à l’objectif de l’entreprise.")
    page = officer.get(url("activate", version))
    assert document(page).xpath("//main//form") == []
    sent = {"award": awarded.awards.get().pk, "effective_on": "2026-10-01"}
    assert_refused(
        officer.post(url("activate", version), sent),
        "Ces heures sont déjà inscrites à l’objectif : un avenant les change.",
    )


def test_wrong_answers_make_nothing_due(officer, awarded, territory):
    version = order(awarded)
    retain(version=version, hours=40, by=author())
    stranger = LotFactory(territory=territory, awarded=True).awards.get()
    for sent, sentence in [
        ({"award": stranger.pk}, "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."),
        ({"effective_on": ""}, REQUIRED),
        ({"effective_on": "1889-01-01"}, "Cette date est hors de portée (1990 à 2100)."),
    ]:
        right = {"award": awarded.awards.get().pk, "effective_on": "2026-10-01"}
        assert_refused(officer.post(url("activate", version), right | sent), sentence)
    assert not ObjectiveEntry.objects.filter(calibration=version).exists()


def test_what_waits_is_listed_the_oldest_first(officer, version, awarded, territory):
    replaced = LotFactory(territory=territory, retained=True)
    for _ in range(2):
        propose(lot=replaced, by=author(), **THOUSAND_HOURS)
    order(awarded)
    lines = table(officer.get(reverse("markets:to_retain")))
    assert [(line[2], line[3]) for line in lines] == [
        ("Période ferme", "1 000 h"),
        ("Période ferme", "1 000 h"),
        ("Bon de commande n° BC 7", "40 h"),
    ]
    Calibration.objects.filter(retained_at=None).update(
        retained_at="2026-09-15T10:00Z", retained_by=author(), retained_hours=1000, gap_reason="Essai."
    )
    assert "Rien à retenir" in words(officer.get(reverse("markets:to_retain")))


def test_the_market_and_the_award_keep_to_the_firm_hours(officer, territory):
    """An option retained after the firm period does not take its place."""
    lot = LotFactory(territory=territory, calibrated=True)
    LotFinancialsFactory(lot=lot)
    version = propose(lot=lot, by=author(), purpose="phase", phase=LotPhaseFactory(lot=lot), method="flat", hours=77)
    retain(version=version, hours=77, by=author())
    assert typed(officer.get(url("award", lot)))["hours_minimum"] == "1000"
    lots = table(officer.get(reverse("markets:detail", args=[lot.market_id])), "Lots du marché")
    assert "1 000 h" in lots[0]
    assert "77 h" not in lots[0]
