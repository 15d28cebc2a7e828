"""The pages of the avant-projet: gauge, amounts, phases, documents, submitting and sending back (C6)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import TerritoryUserObjectPermission
from markets.enums import LotState, Source
from markets.models import DceDocument, Lot, LotFinancials, LotPhase, Market, MarketFinancials
from markets.services.preparation import submit as submit_market
from tests.core.made_files import PDF
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import DceDocumentFactory, LotPhaseFactory, RomeCodeFactory, TradeFactory
from tests.support.avant_projet import complete_market, new_market
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

DISAGREEMENT = (
    "Les lots font 480 000,00 €, le marché 500 000,00 € : corrigez l’un ou l’autre, l’écart est de 20 000,00 €."
)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lots(territory):
    first = LotFactory(territory=territory, number="1")
    return [first, LotFactory(territory=territory, market=first.market, number="2")]


def url(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def test_the_market_page_names_what_is_missing_and_leads_there(officer, territory):
    market = new_market(territory, cpv="")
    page = officer.get(url("detail", market))
    assert "Il manque 9 points pour le soumettre" in words(page)
    links = {a.text: a.get("href") for a in document(page).xpath("//dl[contains(@class, 'missing')]//a")}
    assert links["Code CPV"] == url("edit", market) + "#id_cpv"
    assert links["Montant estimé du marché"] == url("estimates", market) + "#id_market"
    assert "Soumettre l’avant-projet" not in words(page)


def test_a_whole_avant_projet_is_submitted_from_its_page(officer, territory):
    market = complete_market(territory)
    assert "Complet à 100 %" in words(officer.get(url("detail", market)))
    response = submit(officer, url("detail", market), action=url("submit", market))
    assert_done(response, "L’avant-projet est soumis : la chargée de mission est prévenue.")
    assert f"Soumis le 15/09/2026 par {officer.user}" in words(response)
    assert "Complet à" not in words(response)


def test_an_incomplete_one_says_why_it_is_not(officer, territory):
    market = complete_market(territory)
    Market.objects.filter(pk=market.pk).update(cpv="")
    response = officer.post(url("submit", market), follow=True)
    assert told(response) == ["L’avant-projet est incomplet : Code CPV (Marché)."]
    Market.objects.filter(pk=market.pk).update(planned_publication_on=date(2026, 9, 1))
    response = officer.post(url("submit", market), follow=True)
    assert told(response) == ["La publication est prévue le 01/09/2026, une date passée : corrigez le calendrier."]
    assert Lot.objects.get().state == LotState.PROGRAMMED


def test_a_reader_sees_how_far_it_is_without_the_doors_she_may_not_open(as_role, territory):
    market = new_market(territory)
    page = as_role(Role.FACILITATOR).get(url("detail", market))
    assert "Complet à" in words(page)
    assert "Il manque" not in words(page)
    assert url("edit", market) not in page.content.decode()


def test_an_imported_market_has_no_gauge(officer, territory):
    market = new_market(territory)
    Market.objects.update(source=Source.DECP)
    assert "Complet à" not in words(officer.get(url("detail", market)))


def test_a_submitted_market_is_sent_back_with_its_reason(officer, as_role, territory):
    market = complete_market(territory)
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=market.operation.directorate)
    submit_market(market=market, by=author())
    assert url("send_back", market) not in agent.get(url("detail", market)).content.decode()
    assert_refused(submit(officer, url("send_back", market), reason=" "), "Ce champ est obligatoire.")
    response = submit(officer, url("send_back", market), reason="Précisez les surfaces")
    assert_done(response, "L’avant-projet est renvoyé : sa direction est prévenue.")
    shown = words(agent.get(url("detail", market)))
    assert "Renvoyé : Précisez les surfaces" in shown
    assert f"Le 15/09/2026, par {officer.user}." in shown
    assert_done(
        submit(agent, url("detail", market), action=url("submit", market)),
        "L’avant-projet est soumis : la chargée de mission est prévenue.",
    )


def test_all_the_amounts_are_on_one_screen(officer, lots):
    market, phase = lots[0].market, LotPhaseFactory(lot=lots[1])
    values = {
        "market": "500 000",
        f"lot_{lots[0].pk}": "300 000,50",
        f"lot_{lots[1].pk}": "199 999,50",
        f"phase_{phase.pk}": "40 000",
    }
    response = submit(officer, url("estimates", market), **values)
    assert_done(response, "Les montants de l’avant-projet sont enregistrés.")
    assert lots[0].financials.estimated_amount == Decimal("300000.50")
    assert phase.financials.estimated_amount == 40_000
    assert "540 000 € HT" in words(officer.get(url("estimates", market)))


def test_lots_that_do_not_make_the_market_are_refused_there_and_told_nowhere_else(officer, as_role, lots):
    market = lots[0].market
    values = {"market": "500000", f"lot_{lots[0].pk}": "300000", f"lot_{lots[1].pk}": "180000"}
    response = submit(officer, url("estimates", market), **values)
    assert_refused(response, DISAGREEMENT)
    assert not LotFinancials.objects.exists()
    MarketFinancialsFactory(market=market, estimated_amount=Decimal(500_000))
    for lot, amount in zip(lots, (300_000, 180_000), strict=True):
        LotFinancialsFactory(lot=lot, estimated_amount=Decimal(amount))
    assert DISAGREEMENT in words(officer.get(url("estimates", market)))
    for page in (url("detail", market), url("lot", lots[0]), "/marches/"):
        assert "500 000" not in words(officer.get(page))


def test_an_absurd_amount_is_refused(officer, lots):
    for amount in ("0", "-1", "10000000001"):
        response = submit(officer, url("estimates", lots[0].market), market=amount)
        assert_refused(response, "Ce montant n’est pas crédible : entre 0,01 € et 10 milliards d’euros.")
    assert not MarketFinancials.objects.exists()


def test_the_amount_of_one_lot_alone_is_told_when_the_sum_goes_wrong(officer, lots):
    market = lots[0].market
    MarketFinancialsFactory(market=market, estimated_amount=Decimal(500_000))
    LotFinancialsFactory(lot=lots[1], estimated_amount=Decimal(200_000))
    response = submit(officer, url("lot_amounts", lots[0]), estimated_amount="280 000")
    assert told(response) == [
        "Les montants du lot sont enregistrés.",
        "Les montants des lots ne font plus celui du marché : revoyez les montants de l’avant-projet.",
    ]
    response = submit(officer, url("lot_amounts", lots[0]), estimated_amount="300 000")
    assert told(response) == ["Les montants du lot sont enregistrés."]


def test_amounts_are_for_those_who_enter_them(as_role, lots):
    for role, status in [(Role.FACILITATOR, 403), (Role.LEGAL_OFFICER, 403), (Role.DIRECTOR, 404)]:
        assert as_role(role).get(url("estimates", lots[0].market)).status_code == status


def test_a_lot_says_its_trades_and_its_duration(officer, territory):
    market = new_market(territory)
    lot, trade = market.lots.get(), TradeFactory(label="Peinture")
    painter = RomeCodeFactory(code="F1606", label="Peinture en bâtiment")
    values = {
        "trade": trade.pk,
        "occupations": "f1606",
        "qualification": "low",
        "crew_size": 6,
        "staff_takeover": True,
        "takeover_hours": "151,67",
        "firm_months": 12,
    }
    assert_done(submit(officer, url("lot_edit", lot), **values), "Le lot est enregistré.")
    lot.refresh_from_db()
    assert (list(lot.occupations.all()), lot.takeover_hours) == ([painter], Decimal("151.67"))
    shown = words(officer.get(url("lot", lot)))
    for text in ("F1606 – Peinture en bâtiment", "6 personnes", "oui, 151,67 h par mois", "12 mois"):
        assert text in shown
    assert typed(officer.get(url("lot_edit", lot)))["occupations"] == "F1606"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"firm_months": 13}, "La durée ferme, 13 mois, dépasse celle du marché, 12 mois reconductions comprises."),
        ({"takeover_hours": "10"}, "Des heures reprises supposent une reprise du personnel (100 000 h au plus)."),
        ({"occupations": "F9999"}, "Le code ROME F9999 n’existe pas : cherchez le métier par son nom."),
        (
            {"occupations": "peintre"},
            "« PEINTRE » n’est pas un code ROME : une lettre de A à N et quatre chiffres, par exemple F1703.",
        ),
    ],
)
def test_a_wrong_lot_is_refused_with_its_sentence(officer, territory, wrong, sentence):
    lot = new_market(territory).lots.get()
    response = submit(officer, url("lot_edit", lot), **wrong)
    assert_refused(response, sentence)
    assert all(typed(response)[name] == str(value) for name, value in wrong.items())


def test_a_phase_is_added_changed_and_taken_away(officer, territory):
    lot = new_market(territory).lots.get()
    values = {"kind": "renewal", "number": "1", "label": "Deuxième année", "months": 6}
    response = submit(officer, url("phase_create", lot), **values)
    assert_done(response, "C’est ajouté. Son montant se saisit dans les montants de l’avant-projet.")
    phase = LotPhase.objects.get()
    assert_done(submit(officer, url("phase_edit", phase), months=4), "La modification est enregistrée.")
    assert [row[:3] for row in table(officer.get(url("lot", lot)), "Ce qui peut")] == [
        ["Reconduction 1", "Deuxième année", "4 mois"]
    ]
    response = submit(officer, url("lot", lot), action=url("phase_delete", phase))
    assert_done(response, "C’est supprimé.")
    assert "Aucune : tout le lot est ferme." in words(response)


def test_a_renewal_that_eats_the_firm_period_is_refused(officer, territory):
    lot = new_market(territory).lots.get()
    values = {"kind": "renewal", "number": "1", "label": "Deuxième année", "months": 12}
    response = submit(officer, url("phase_create", lot), **values)
    assert_refused(response, "Les reconductions font 12 mois, le marché 12 : il ne reste pas de durée ferme.")


def test_an_affirmed_phase_offers_no_change(officer, territory):
    phase = LotPhaseFactory(lot__territory=territory, affirmed_on=date(2026, 9, 1))
    page = officer.get(url("lot", phase.lot)).content.decode()
    assert url("phase_edit", phase) not in page
    assert url("phase_delete", phase) not in page
    response = officer.post(url("phase_delete", phase), follow=True)
    assert told(response) == ["Affermie le 01/09/2026, cette phase ne change plus."]


def deposit(client, market, name="CCTP.pdf", content=PDF, kind="cctp"):
    return client.post(
        url("dce_deposit", market), {"kind": kind, "file": SimpleUploadedFile(name, content)}, follow=True
    )


def test_a_document_is_deposited_downloaded_and_withdrawn(officer, territory):
    market = new_market(territory)
    assert_done(deposit(officer, market, "CCTP façades.pdf"), "La pièce est déposée.")
    row = DceDocument.objects.get()
    answer = officer.get(url("dce", row))
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        PDF,
        "application/pdf",
        "nosniff",
    )
    assert answer["Content-Disposition"].startswith("attachment")
    response = submit(officer, url("detail", market), action=url("dce_withdraw", row))
    assert_done(response, "La pièce est retirée.")
    assert f"Retirée le 15/09/2026 par {officer.user}" in words(response)
    assert officer.get(url("dce", row)).status_code == 404
    assert told(officer.post(url("dce_withdraw", row), follow=True)) == ["Cette pièce est déjà retirée."]


def test_a_wrong_document_is_refused_with_its_sentence(officer, territory):
    market = new_market(territory)
    deposit(officer, market)
    for name, content, sentence in [
        ("CCTP.pdf", PDF, "Ce fichier est déjà déposé sur ce marché."),
        ("plan.exe", b"MZ\x90", "Type de fichier refusé. Déposez un fichier"),
        ("plan.pdf", b"MZ\x90", "le contenu de ce fichier n’est pas celui d’un fichier PDF"),
        ("plan.pdf", PDF + b"0" * (10 * 1024 * 1024), "Fichier trop volumineux (10 Mo au plus)."),
        ("plan.pdf", b"", "Le fichier soumis est vide."),
    ]:
        response = deposit(officer, market, name, content)
        assert response.status_code == 422
        assert sentence in words(response)
    assert_refused(officer.post(url("dce_deposit", market), {"kind": ""}), *["Ce champ est obligatoire."] * 2)
    assert DceDocument.objects.count() == 1


def test_a_document_is_for_those_who_may_read_amounts(as_role, territory, elsewhere):
    row = DceDocumentFactory(market=LotFactory(territory=territory).market)
    facilitator = as_role(Role.FACILITATOR)
    assert facilitator.get(url("dce", row)).status_code == 200
    assert as_role(Role.FACILITATOR, territory=elsewhere).get(url("dce", row)).status_code == 404
    TerritoryUserObjectPermission.objects.filter(user=facilitator.user, permission__codename="view_amounts").delete()
    assert facilitator.get(url("dce", row)).status_code == 403
    page = facilitator.get(url("detail", row.market))
    assert row.name in words(page)
    assert url("dce", row) not in page.content.decode()
