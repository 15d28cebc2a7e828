"""« Relevés à vérifier »: who answered, what stands beside, one decision a line, the link one click away."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import OutgoingMail
from markets.models import CompanyLink
from markets.services.company_links import address_of
from participants.enums import DeclarationState
from participants.models import DeclarationLine, HoursEntry, MonthlyDeclaration
from participants.services.declarations import declare
from tests.core.made_files import PDF
from tests.factories.links import AUGUST, CompanyLinkFactory, MonthlyDeclarationFactory, PayrollContactFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.pages import table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

LIST = reverse("participants:declarations")


def page(contract):
    return reverse("participants:declaration", args=[contract.employer_id]) + "?mois=2026-08"


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


def decide(client, contract, line, act, **typed):
    fields = {f"{name}-{line.pk}": value for name, value in ({"act": act, "version": 0} | typed).items()}
    return client.post(page(contract), {"mois": "2026-08"} | fields, follow=True)


def test_who_waits_comes_first(facilitator, contract, territory):
    silent = EmploymentContractFactory(award=AwardFactory(lot=LotFactory(territory=territory, calibrated=True)))
    typed = EmploymentContractFactory(award=AwardFactory(lot=LotFactory(territory=territory, calibrated=True)))
    HoursEntryFactory(contract=typed, month=AUGUST)
    MonthlyDeclarationFactory(contract=contract)
    rows = table(facilitator.get(LIST))
    assert [row[0] for row in rows] == [str(one.employer) for one in (contract, silent, typed)]
    assert [row[2].split(" 1 ligne")[0] for row in rows] == ["À vérifier", "Sans réponse", "Saisi dans la grille"]
    assert "1 relevé à vérifier, 1 entreprise sans réponse" in words(facilitator.get(LIST))


def test_a_company_elsewhere_is_not_there(facilitator, elsewhere):
    EmploymentContractFactory(award=AwardFactory(lot=LotFactory(territory=elsewhere, calibrated=True)))
    assert "Personne en contrat ce mois" in words(facilitator.get(LIST))


def test_a_line_is_shown_beside_the_grid_with_its_warnings(facilitator, contract):
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(60))
    stranger = EmploymentContractFactory(award=contract.award, job_title="Peintre")
    MonthlyDeclarationFactory(contract=contract)
    rows = {row[0].split(",")[0]: row for row in table(facilitator.get(page(contract)), "Lignes à vérifier")}
    line = next(row for name, row in rows.items() if str(contract.participant) in name)
    assert line[1:4] == ["70 h", "60 h", "10 h"]
    unvalidated = next(row for name, row in rows.items() if str(stranger.participant) in name)
    assert "n’était pas validée" in unvalidated[4]


def test_too_many_hours_and_twins_are_pointed_at(facilitator, contract):
    other = EmploymentContractFactory(
        award=contract.award, participant=contract.participant, job_title="Peintre", starts_on=date(2026, 3, 1)
    )
    HoursEntryFactory(contract=other, month=AUGUST, declared=Decimal(150))
    declare(
        company=contract.employer,
        month=AUGUST,
        hours={contract.pk: (Decimal(150), ""), other.pk: (Decimal(1), "")},
        signatory="A",
    )
    text = words(facilitator.get(page(contract)))
    assert "vérifiez que ce ne sont pas les mêmes heures" in text
    assert "300 h pour cette personne ce mois-ci" in text


def test_each_line_has_its_own_answer(facilitator, contract):
    second = EmploymentContractFactory(award=contract.award, validated=True)
    third = EmploymentContractFactory(award=contract.award, validated=True)
    MonthlyDeclarationFactory(contract=contract)
    lines = {line.contract_id: line for line in DeclarationLine.objects.all()}
    fields = {f"version-{line.pk}": 0 for line in lines.values()}
    fields |= {f"act-{lines[contract.pk].pk}": "accept", f"act-{lines[second.pk].pk}": "refuse"}
    fields |= {f"act-{lines[third.pk].pk}": "correct", f"hours-{lines[third.pk].pk}": "61h30"}
    fields |= {f"answer-{lines[third.pk].pk}": "Un jour d’intempéries."}
    response = facilitator.post(page(contract), {"mois": "2026-08"} | fields)
    assert response.status_code == 422
    assert "Indiquez le motif" in words(response)
    assert {entry.contract_id: entry.declared for entry in HoursEntry.objects.all()} == {
        contract.pk: 70,
        third.pk: Decimal("61.5"),
    }
    assert DeclarationLine.objects.to_check().get() == lines[second.pk]


def test_all_is_accepted_at_once(facilitator, contract):
    EmploymentContractFactory(award=contract.award, validated=True)
    MonthlyDeclarationFactory(contract=contract)
    response = facilitator.post(page(contract), {"mois": "2026-08", "all": "accept"}, follow=True)
    assert told(response) == ["2 lignes vérifiées."]
    assert not DeclarationLine.objects.to_check().exists()
    assert set(HoursEntry.objects.values_list("source", flat=True)) == {"company"}


def test_a_stale_page_says_so(facilitator, contract):
    line = MonthlyDeclarationFactory(contract=contract).lines.get()
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(60))
    response = decide(facilitator, contract, line, "accept")
    assert response.status_code == 422
    assert "modifiée entre-temps" in words(response)
    assert HoursEntry.objects.get().declared == 60


def test_a_month_that_was_sent_refuses(facilitator, contract, elsewhere):
    line = MonthlyDeclarationFactory(contract=contract).lines.get()
    assert decide(facilitator, contract, line, "approve").status_code == 400
    assert decide(facilitator, contract, line, "refuse", answer="Sans justificatif.").status_code == 200
    assert DeclarationLine.objects.get().state == DeclarationState.REFUSED


def test_what_is_said_on_the_phone_is_noted(facilitator, contract):
    url = reverse("participants:declaration_type", args=[contract.employer_id]) + "?mois=2026-08"
    fields = {f"hours-{contract.pk}": "35", "signatory": "Camille Paie", "certified": "on", "act": "send"}
    response = facilitator.post(url, fields, follow=True)
    assert "saisi par le facilitateur pour l’entreprise" in words(response)
    assert MonthlyDeclaration.objects.get().link is None


def test_people_of_another_territory_are_not_typed_here(facilitator, contract, elsewhere):
    award = AwardFactory(lot=LotFactory(territory=elsewhere, calibrated=True), company=contract.employer)
    there = EmploymentContractFactory(award=award)
    url = reverse("participants:declaration_type", args=[contract.employer_id]) + "?mois=2026-08"
    assert str(there.participant) not in words(facilitator.get(url))
    fields = {f"hours-{contract.pk}": "35", "signatory": "A", "certified": "on", "act": "send"}
    facilitator.post(url, fields)
    assert DeclarationLine.objects.get().contract == contract


def test_the_sheet_is_downloaded_never_shown(facilitator, contract, as_role, elsewhere):
    declaration = MonthlyDeclarationFactory(contract=contract, file=("relevé.pdf", PDF))
    url = reverse("participants:declaration_file", args=[declaration.pk])
    response = facilitator.get(url)
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox"
    assert as_role(Role.FACILITATOR, territory=elsewhere).get(url).status_code == 404


def test_the_link_is_sent_again_in_one_click(facilitator, contract):
    PayrollContactFactory(company=contract.employer)
    url = reverse("participants:link_send", args=[contract.employer_id])
    for _ in range(2):
        facilitator.post(url, {"mois": "2026-08"})
    link = CompanyLink.objects.get()
    assert OutgoingMail.objects.filter(body__contains=address_of(link)).count() == 2


def test_without_an_address_one_is_told_to_call(facilitator, contract):
    url = reverse("participants:link_send", args=[contract.employer_id])
    assert "appelez-la" in told(facilitator.post(url, {"mois": "2026-08"}, follow=True))[0]


def test_a_link_is_copied_then_closed(facilitator, contract):
    link = CompanyLinkFactory(company=contract.employer)
    url = reverse("participants:link", args=[link.pk])
    assert address_of(link) in facilitator.get(url).content.decode()
    response = facilitator.post(reverse("participants:link_revoke", args=[link.pk]), follow=True)
    assert told(response) == ["Lien fermé : il n’ouvre plus rien."]
    assert address_of(link) not in facilitator.get(url).content.decode()
