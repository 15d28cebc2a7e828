"""A company declares its month without account: its own people, « aucune heure », a sheet, and corrections."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clauses_portal.accounts.models import JournalAction, JournalEntry
from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from markets.models import CompanyLink
from participants.enums import DeclarationState, Modality
from participants.models import DeclarationLine, HoursEntry, MonthlyDeclaration
from participants.services.declarations import ACCEPT, CORRECT, REFUSE, check_lines, declare
from tests.core.made_files import PDF
from tests.factories.accounts import author
from tests.factories.links import AUGUST, CompanyLinkFactory, PayrollContactFactory
from tests.factories.markets import CompanyFactory
from tests.factories.participants import EmploymentContractFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

HOURS = reverse("participants:company_hours")


def check(act, text="", answer="", line=None):
    line = line or DeclarationLine.objects.to_check().get()
    return check_lines(decisions=[(line, act, text, answer, 0)], by=author())[0]


def test_the_page_shows_names_posts_and_dates_only(link, contract, opened):
    page = opened(link).get(HOURS).content.decode()
    assert str(contract.participant) in page
    assert contract.job_title in page
    assert "01/02/2026" in page
    category = contract.participant.validations.get().category.label
    assert category not in page
    assert f"{contract.participant.birth_date:%d/%m/%Y}" not in page


def test_the_persons_a_company_reads_are_a_line_of_the_journal(link, contract, opened):
    opened(link).get(HOURS)
    line = JournalEntry.objects.filter(action=JournalAction.READING).first()
    assert (line.object_kind, line.object_id, line.count) == ("markets.companylink", link.pk, 1)
    assert line.actor is None


def test_hours_are_declared_and_wait(link, contract, opened, sent, as_role):
    facilitator = as_role(Role.FACILITATOR)
    answer = opened(link).post(HOURS, sent(link, contract, hours="7h30"))
    assert answer.status_code == 302
    line = DeclarationLine.objects.get()
    assert (line.hours, line.state, line.declaration.signatory) == (
        Decimal("7.50"),
        DeclarationState.SENT,
        "Camille Paie",
    )
    assert not HoursEntry.objects.exists()
    assert link.used_on is None
    assert type(link).objects.get(pk=link.pk).used_on is not None
    told = Notification.objects.get(recipient=facilitator.user)
    assert str(contract.participant) not in told.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"certified": ""}, "certifiez qu’il est exact"),
        ({"signatory": ""}, "Ce champ est obligatoire"),
    ],
)
def test_a_month_is_certified_by_somebody(link, contract, opened, sent, changes, sentence):
    answer = opened(link).post(HOURS, sent(link, contract, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MonthlyDeclaration.objects.exists()


@pytest.mark.parametrize("hours", ["", "-3", "beaucoup", "7h75", "301"])
def test_hours_that_make_no_sense_are_refused(link, contract, opened, sent, hours):
    assert opened(link).post(HOURS, sent(link, contract, hours=hours)).status_code == 422
    assert not MonthlyDeclaration.objects.exists()


def test_no_hour_is_an_answer_in_one_click(link, contract, opened):
    PayrollContactFactory(company=link.company)
    visitor = opened(link)
    visitor.post(HOURS, {"link": str(link.pk), "act": "none", "signatory": "Camille Paie"})
    line = DeclarationLine.objects.get()
    assert (line.hours, line.declaration.no_hours) == (0, True)
    assert check(ACCEPT).done
    assert HoursEntry.objects.get().declared == 0


def test_a_company_without_anybody_may_say_so(opened):
    link = CompanyLinkFactory()
    opened(link).post(HOURS, {"link": str(link.pk), "act": "none", "signatory": "Camille Paie"})
    assert MonthlyDeclaration.objects.get().no_hours


def test_a_sheet_may_be_attached(link, contract, opened, sent):
    sheet = SimpleUploadedFile("../relevé août.pdf", PDF)
    opened(link).post(HOURS, sent(link, contract) | {"file": sheet})
    declaration = MonthlyDeclaration.objects.get()
    assert (declaration.file_name, bytes(declaration.content)) == ("relevé août.pdf", PDF)


def test_a_disguised_sheet_is_refused_and_nothing_written(link, contract, opened, sent):
    answer = opened(link).post(HOURS, sent(link, contract) | {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert answer.status_code == 422
    assert "Type de fichier refusé" in answer.content.decode()
    assert not MonthlyDeclaration.objects.exists()


def test_what_was_signed_stays_as_it_was_sent(link, contract, opened, sent):
    visitor = opened(link)
    visitor.post(HOURS, sent(link, contract, hours="70"))
    visitor.post(HOURS, sent(link, contract, hours="80"))
    lines = DeclarationLine.objects.order_by("pk")
    assert [(line.hours, line.state) for line in lines] == [
        (70, DeclarationState.REPLACED),
        (80, DeclarationState.SENT),
    ]
    assert "80" in visitor.get(HOURS).content.decode()


def test_an_accepted_line_changes_no_more(link, contract, opened, sent):
    visitor = opened(link)
    visitor.post(HOURS, sent(link, contract))
    assert check(ACCEPT).done
    page = visitor.get(HOURS).content.decode()
    assert f"hours-{contract.pk}" not in page
    with pytest.raises(DomainError, match="déjà vérifiées"):
        declare(company=link.company, month=AUGUST, hours={contract.pk: (1, "")}, signatory="A")


def test_a_refused_line_comes_back_with_its_reason(link, contract, opened, sent):
    visitor = opened(link)
    visitor.post(HOURS, sent(link, contract))
    assert check(REFUSE, answer="Elle était en congé.").done
    assert "Elle était en congé." in visitor.get(HOURS).content.decode()
    visitor.post(HOURS, sent(link, contract, hours="12"))
    assert DeclarationLine.objects.to_check().get().hours == 12


def test_a_lent_person_is_declared_by_her_lender_when_one_can_write_to_it(contract, opened):
    lender = CompanyFactory(kind="etti")
    lent = EmploymentContractFactory(
        award=contract.award, employer=lender, modality=Modality.SECONDMENT, starts_on=date(2026, 3, 1)
    )
    holder = CompanyLinkFactory(company=contract.employer)
    assert str(lent.participant) in opened(holder).get(HOURS).content.decode()
    CompanyLinkFactory(company=lender)
    assert str(lent.participant) not in opened(holder).get(HOURS).content.decode()
    by_lender = opened(CompanyLink.objects.get(company=lender)).get(HOURS).content.decode()
    assert str(lent.participant) in by_lender
    assert str(contract.participant) not in by_lender


def test_names_are_never_markup(contract, link, opened, sent):
    person = contract.participant
    type(person).objects.filter(pk=person.pk).update(last_name="<script>alert(1)</script>")
    visitor = opened(link)
    visitor.post(HOURS, sent(link, contract, signatory='"><img src=x onerror=alert(1)>', comment="<svg onload=1>"))
    page = visitor.get(HOURS).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_a_correction_says_why_and_enters_the_grid(link, contract, opened, sent):
    opened(link).post(HOURS, sent(link, contract))
    assert check(CORRECT, text="60").message == "Indiquez le motif : l’entreprise le lira."
    assert check(CORRECT, answer="Moins.").message == "Indiquez les heures retenues."
    assert check(CORRECT, text="60", answer="Deux jours de pluie.").done
    entry = HoursEntry.objects.get()
    assert (entry.declared, entry.counted, entry.source) == (60, 60, "company")
    assert check_lines(decisions=[(DeclarationLine.objects.get(), ACCEPT, "", "", entry.version)], by=author())[
        0
    ].message.startswith("Cette ligne a déjà été vérifiée")


def test_the_grid_that_changed_meanwhile_is_not_overwritten(link, contract, opened, sent):
    opened(link).post(HOURS, sent(link, contract))
    line = DeclarationLine.objects.get()
    declined = check_lines(decisions=[(line, ACCEPT, "", "", 3)], by=author())[0]
    assert not declined.done
    assert DeclarationLine.objects.get().state == DeclarationState.SENT
