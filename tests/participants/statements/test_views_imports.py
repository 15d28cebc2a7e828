"""The pages of a statement: given, tried, its columns said, shared out, chosen, recorded."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from facilitators.enums import Role
from participants.models import HoursEntry, HoursImport
from participants.tasks import import_hours
from tests.factories.links import AUGUST
from tests.factories.participants import HoursEntryFactory
from tests.participants.statements.statement_files import HEADERS, statement
from tests.support.pages import errors, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

LIST = reverse("participants:hours_imports")


def page(run, name="hours_import"):
    return reverse(f"participants:{name}", args=[run.pk])


@pytest.fixture
def facilitator(as_role):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def upload(facilitator, territory, lender):
    """upload(row, …) gives a statement by the page, and lets the worker try it."""

    def send(*rows, headers=HEADERS, **fields):
        file = SimpleUploadedFile("relevé.csv", statement(*rows, headers=headers))
        posted = {"territory": territory.pk, "company": lender.pk, "month": "", "file": file}
        response = facilitator.post(LIST, posted | fields)
        assert response.status_code == 302, errors(response)
        run = HoursImport.objects.latest("pk")
        import_hours(run.pk)
        return HoursImport.objects.get(pk=run.pk)

    return send


def test_a_statement_is_tried_then_recorded(facilitator, upload, hire):
    contract = hire("Le Goff", "Éloïse")
    run = upload(["Le Goff", "Éloïse", "", "08/2026", "70,5", ""])
    assert "Enregistrer 1 ligne" in words(facilitator.get(page(run)))
    assert not HoursEntry.objects.exists()
    facilitator.post(page(run, "hours_import_record"))
    import_hours(run.pk)
    assert contract.hours.get().declared == Decimal("70.5")
    assert "Enregistrée" in table(facilitator.get(page(run)))[0][5]


def test_the_columns_are_said_when_they_are_not_recognised(facilitator, upload, hire):
    hire("Le Goff", "Éloïse")
    run = upload(["Le Goff Éloïse", "70"], headers=["Qui", "Combien"], month="2026-08")
    assert "Colonnes à préciser" in words(facilitator.get(page(run)))
    response = facilitator.post(page(run, "hours_import_columns"), {"name": "0", "hours": "1"})
    again = HoursImport.objects.latest("pk")
    assert response["Location"] == page(again)
    import_hours(again.pk)
    assert again.lines.get().outcome == "ready"


def test_hours_are_shared_out_on_the_page(facilitator, upload, hire):
    first = hire("Le Goff", "Éloïse")
    second = hire("", "", participant=first.participant)
    run = upload(["Le Goff", "Éloïse", "", "08/2026", "100", ""])
    url = reverse("participants:hours_import_allot", args=[run.lines.get().pk])
    wrong = facilitator.post(url, {f"contract-{first.pk}": "60"})
    assert wrong.status_code == 422
    assert "La somme fait 60 h" in errors(wrong)[0]
    response = facilitator.post(url, {f"contract-{first.pk}": "60", f"contract-{second.pk}": "40"}, follow=True)
    assert told(response) == ["Heures réparties."]
    assert [row[5] for row in table(response)] == ["Prête", "Prête"]


def test_a_difference_is_chosen_and_taken_back(facilitator, upload, hire):
    contract = hire("Le Goff", "Éloïse")
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(70))
    run = upload(["Le Goff", "Éloïse", "", "08/2026", "80", ""])
    line = run.lines.get()
    facilitator.post(page(run, "hours_import_choose"), {"line": line.pk, "act": "choose"})
    assert run.lines.get().outcome == "forced"
    facilitator.post(page(run, "hours_import_choose"), {"act": "keep"})
    assert run.lines.get().outcome == "differs"
    assert facilitator.post(page(run, "hours_import_choose"), {"line": "x"}).status_code == 400


def test_a_line_of_another_import_cannot_be_chosen(facilitator, upload, give, hire):
    contract = hire("Le Goff", "Éloïse")
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(70))
    mine = upload(["Le Goff", "Éloïse", "", "08/2026", "80", ""])
    other = give(["Le Goff", "Éloïse", "", "08/2026", "81", ""])
    facilitator.post(page(mine, "hours_import_choose"), {"line": other.lines.get().pk})
    assert other.lines.get().outcome == "differs"


def test_a_refused_file_says_why(facilitator, territory, lender):
    file = SimpleUploadedFile("a.csv", b"<html>")
    response = facilitator.post(LIST, {"territory": territory.pk, "company": lender.pk, "file": file})
    assert response.status_code == 422


def test_names_in_a_statement_are_never_markup(facilitator, upload, hire):
    hire("Le Goff", "Éloïse")
    run = upload(["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "", "08/2026", "7", ""])
    assert "<script>alert" not in facilitator.get(page(run)).content.decode()


def test_the_statement_of_a_company_elsewhere_is_not_proposed(as_role, elsewhere, hire, lender):
    hire("Le Goff", "Éloïse")
    there = as_role(Role.FACILITATOR, territory=elsewhere)
    file = SimpleUploadedFile("a.csv", b"Nom;Heures\nA;1\n")
    response = there.post(LIST, {"territory": elsewhere.pk, "company": lender.pk, "file": file})
    assert response.status_code == 422
    assert not HoursImport.objects.exists()
