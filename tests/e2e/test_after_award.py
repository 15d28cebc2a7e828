"""After the award, in a browser: a company declares by its link, a candidate reaches her first counted hour."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from facilitators.enums import Role
from facilitators.mail import send_waiting
from markets.models import RomeCode
from participants.enums import RejectionReason, ValidationState
from participants.models import EligibilityValidation, HoursEntry, Participant, Referral
from tests.factories.companies import CompanyContactFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import EligibilityCategoryFactory, EmploymentContractFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

AUGUST = date(2026, 8, 1)


@pytest.fixture
def contract(convention, territory):
    """A validated person at work on a lot, her company reached by mail."""
    contract = EmploymentContractFactory(award=AwardFactory(lot__territory=territory), validated=True)
    CompanyContactFactory(company=contract.employer, email="paie@batisseurs.test", receives_reminders=True)
    return contract


def hours():
    """[(declared, counted, rejected, pending)] of everything stored, by day."""
    rows = HoursEntry.objects.order_by("starts_on", "pk")
    return list(rows.values_list("declared", "counted", "rejected", "pending"))


def open_month(page, server, contract, month="2026-08"):
    page.goto(f"{server.url}{reverse('participants:declaration', args=[contract.employer_id])}?mois={month}")


def test_a_company_declares_its_month_by_the_link_it_received(visit, as_role, browser, live_server, contract):
    office = visit(as_role(Role.FACILITATOR), reverse("participants:declarations") + "?mois=2026-08")
    office.get_by_role("button", name=re.compile("Envoyer le lien")).first.click()
    expect(office.locator("main")).to_contain_text("paie@batisseurs.test")
    send_waiting()
    message = mail.outbox[-1]
    assert message.to == ["paie@batisseurs.test"]
    assert contract.participant.last_name not in message.body
    address = re.search(r"https?://\S+/entreprise/lien/(\S+)", message.body)

    company = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 800}).new_page()
    company.goto(f"{live_server.url}/entreprise/lien/{address[1]}")
    assert address[1] not in company.url
    company.get_by_label(re.compile(f"Heures de {contract.participant}")).fill("35h30")
    company.get_by_label("Vos nom et prénom").fill("Odile Ferrand")
    company.get_by_label(re.compile("Je certifie sur l’honneur")).check()
    company.get_by_role("button", name="Envoyer le relevé").click()
    expect(company.locator("main")).to_contain_text("votre relevé est reçu")
    assert hours() == []
    company.context.close()

    open_month(office, live_server, contract)
    expect(office.get_by_role("table", name="Lignes à vérifier")).to_contain_text("35,5")
    office.get_by_role("button", name="Tout accepter").click()
    expect(office.locator("main")).to_contain_text("1 ligne vérifiée.")
    assert hours() == [(Decimal("35.50"), Decimal("35.50"), 0, 0)]
    assert office.script_errors == []


def test_a_candidate_reaches_her_first_counted_hour(visit, as_role, live_server, convention, territory):
    award = AwardFactory(lot__territory=territory)
    category = EligibilityCategoryFactory()
    rome = RomeCode.objects.create(code="F1703", label="Maçonnerie")
    page = visit(as_role(Role.FACILITATOR), reverse("participants:create"))
    person = meet_somebody(page)
    validate(page, live_server, person, category)
    person.wanted_jobs.set([rome])
    publish_posting(page, live_server, rome, award)
    contract = hire(page, person)
    assert (contract.participant, contract.award) == (person, award)

    page.goto(live_server.url + reverse("participants:hours", args=[award.lot_id]) + "?jusqu=2026-09")
    cell = page.locator(f'[name="cell-{contract.pk}-2026-09"]')
    cell.fill("7h30")
    cell.press("Enter")
    expect(page.locator("[data-hours-status]")).to_have_text(re.compile("^Enregistré"))
    assert hours() == [(Decimal("7.50"), Decimal("7.50"), 0, 0)]
    page.goto(live_server.url + reverse("participants:person", args=[person.pk]))
    expect(page.locator("main")).to_contain_text("7,5")
    assert page.script_errors == []


def meet_somebody(page):
    """The short form: who she is, nothing more."""
    page.locator("[name=last_name]").fill("Ferrandi")
    page.locator("[name=first_name]").fill("Maëlle")
    page.locator("[name=birth_date]").fill("1991-04-12")
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=commune]").select_option(index=1)
    page.get_by_role("button", name="Enregistrer").click()
    person = Participant.objects.get(last_name="Ferrandi")
    expect(page).to_have_url(re.compile(reverse("participants:person", args=[person.pk])))
    Participant.objects.filter(pk=person.pk).update(available_from=date(2026, 9, 1))
    return person


def validate(page, server, person, category):
    page.goto(server.url + reverse("participants:validation_request", args=[person.pk]))
    page.locator("[name=category]").select_option(str(category.pk))
    page.locator("[name=evidence_kind]").fill("Attestation de la CAF")
    page.locator("[name=evidence_dated_on]").fill("2026-09-01")
    page.get_by_role("button", name="Enregistrer").first.click()
    request = EligibilityValidation.objects.get(participant=person)
    page.goto(server.url + reverse("participants:validation_grant", args=[request.pk]))
    page.get_by_role("button", name="Accorder la validation").click()
    expect(page.locator("main")).to_contain_text("accordée")
    assert EligibilityValidation.objects.get(pk=request.pk).state == ValidationState.GRANTED


def publish_posting(page, server, rome, award):
    page.goto(server.url + reverse("participants:posting_create", args=[award.lot_id]))
    fill_posting(page, rome, award)
    page.get_by_role("button", name="Enregistrer").first.click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("link", name="Personnes proposées").click()


def hire(page, person):
    """Propose her, note the answer of the company, write the contract."""
    page.get_by_label(f"Proposer {person}").check()
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.get_by_role("link", name=re.compile("Noter la réponse")).click()
    page.get_by_label("Recrutée").check()
    page.get_by_role("button", name="Enregistrer").first.click()
    page.get_by_role("link", name=re.compile("Saisir le contrat")).click()
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.locator("main")).to_contain_text("contrat")
    return Referral.objects.get(participant=person).contract


def fill_posting(page, rome, award):
    page.locator("[name=award]").select_option(str(award.pk))
    page.locator("[name=rome]").fill(str(rome.code))
    page.locator("[name=title]").fill("Maçon (H/F)")
    page.locator("[name=contract_type]").select_option("cdd")
    page.locator("[name=starts_on]").fill("2026-09-15")
    page.locator("[name=ends_on]").fill("2026-12-31")
    page.locator("[name=tasks]").fill("Monter des murs en parpaings.")


def test_a_revocation_takes_the_hours_away(visit, as_role, contract):
    page = visit(as_role(Role.FACILITATOR), reverse("participants:hours", args=[contract.lot_id]) + "?jusqu=2026-08")
    cell = page.locator(f'[name="cell-{contract.pk}-2026-08"]')
    cell.fill("100")
    cell.press("Enter")
    expect(page.locator("[data-hours-status]")).to_have_text(re.compile("^Enregistré"))
    assert hours() == [(100, 100, 0, 0)]
    page.goto(page.url.split("/lots/")[0] + reverse("participants:person", args=[contract.participant_id]))
    page.get_by_role("link", name=re.compile("^Révoquer")).first.click()
    page.locator("[name=reason]").fill("Justificatif falsifié.")
    page.get_by_role("button", name=re.compile("Révoquer|Enregistrer")).first.click()
    expect(page.locator("main")).to_contain_text("révoquée")
    assert hours() == [(100, 0, 100, 0)]
    assert HoursEntry.objects.get().rejection_reason == RejectionReason.NOT_VALIDATED
