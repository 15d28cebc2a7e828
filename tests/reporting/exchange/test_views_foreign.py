"""The steps of a foreign file, as a facilitator goes through them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from participants.models import Participant
from reporting.models import DataImport
from reporting.tasks import import_package
from tests.factories.markets import AwardFactory
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.follow_ups import MONTHS, person, workbook
from tests.support.pages import document, errors, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

START = reverse("reporting:foreign_file")


@pytest.fixture
def facilitator(as_role, territory, convention):
    EligibilityCategoryFactory(code="RSA", label="Bénéficiaire du RSA")
    AwardFactory(lot__territory=territory, lot__calibrated=True, lot__market__number="2026-AB 12")
    return as_role(Role.FACILITATOR)


def give(client, content, name="suivi.xlsx", **told_of):
    """Fill in the first page; returns the page it leads to."""
    form = document(client.get(START)).xpath("//main//form")[0]
    values = {key: value or "" for key, value in form.form_values() if key != "file"}
    values |= {"system": "Tableur", "file": SimpleUploadedFile(name, content)} | told_of
    return client.post(START, values, follow=True)


def test_from_the_file_to_its_trial(facilitator, territory):
    rows = [person(1, "2026-AB 12", **{MONTHS[1]: 100}), person(2, "Dupont 2", Public="SDF", **{MONTHS[1]: 50})]
    page = give(facilitator, workbook(rows), territory=territory.pk)
    run = DataImport.objects.get()
    assert "6 colonnes d’heures reconnues à leur mois : 01/2026, 02/2026" in words(page)
    page = submit(facilitator, reverse("reporting:foreign_columns", args=[run.pk]))
    assert [legend.text for legend in document(page).xpath("//main//legend")] == [
        "Sexe",
        "Code de la catégorie",
        "Modalité",
        "Type de contrat",
        "Numéro du marché",
    ]
    values = reverse("reporting:foreign_values", args=[run.pk])
    page = submit(facilitator, values, **{"validations__categorie-1": "RSA", "market-0": "2026-AB 12"})
    assert [row[1] for row in table(page, "Premières lignes")] == ["MARTINB", "MARTINC"]
    assert "Bénéficiaire du RSA (RSA)" in table(page, "Premières lignes")[1]
    page = facilitator.post(reverse("reporting:foreign_try", args=[run.pk]), follow=True)
    assert told(page) == ["L’essai est lancé."]
    import_package(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report["tried"], Participant.objects.count()) == (JobState.DONE, {"new": 8}, 0)


def test_the_report_tells_the_lines_of_the_file(facilitator, territory):
    give(facilitator, workbook([person(1, "2026-AB 12", **{MONTHS[1]: "malade"})]), territory=territory.pk)
    run, report = DataImport.objects.get(), reverse("reporting:package_import", args=[DataImport.objects.get().pk])
    assert facilitator.get(report).url == reverse("reporting:foreign_columns", args=[run.pk])
    submit(facilitator, reverse("reporting:foreign_columns", args=[run.pk]))
    submit(facilitator, reverse("reporting:foreign_values", args=[run.pk]))
    facilitator.post(reverse("reporting:foreign_try", args=[run.pk]))
    import_package(run.pk)
    rows = table(facilitator.get(report), "Compte rendu")
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("Personnes", "2", "À créer"),
        ("Validations", "2", "À créer"),
        ("Contrats de travail", "2", "À créer"),
        ("Heures", "2", "Refusée"),
    ]


def test_the_second_file_goes_straight_to_what_is_read(facilitator, territory):
    give(facilitator, workbook([person(1, "2026-AB 12", **{MONTHS[1]: 1})]), territory=territory.pk)
    first = DataImport.objects.get()
    submit(facilitator, reverse("reporting:foreign_columns", args=[first.pk]))
    submit(facilitator, reverse("reporting:foreign_values", args=[first.pk]))
    page = give(facilitator, workbook([person(3, "2026-AB 12", **{MONTHS[1]: 2})]), territory=territory.pk)
    assert page.redirect_chain[-1][0] == reverse("reporting:foreign_preview", args=[first.pk + 1])
    assert table(facilitator.get(START), "Fichiers déjà reconnus")[0][:2] == [
        "Tableur",
        "Suivi (personnes, contrats et heures sur une ligne)",
    ]


def test_a_refused_file_is_said_on_the_form(facilitator):
    page = give(facilitator, b"MZ\x90\x00" + b"\0" * 99)
    assert page.status_code == 422
    assert errors(page)
    page = give(facilitator, b"Nom;Ville\nA;B\n", name="a.csv", year="1850")
    assert "Cette année n’est pas crédible." in errors(page)
    assert not DataImport.objects.exists()


def test_columns_that_are_lacking_are_named(facilitator, territory):
    give(facilitator, b"Nom;Ville\nA;B\n", name="a.csv", territory=territory.pk)
    run = DataImport.objects.get()
    page = submit(facilitator, reverse("reporting:foreign_columns", args=[run.pk]))
    assert page.status_code == 422
    assert "Il manque de quoi lire ce fichier" in errors(page)[0]
    for name in ("foreign_values", "foreign_preview"):
        page = facilitator.get(reverse(f"reporting:{name}", args=[run.pk]))
        assert page.url == reverse("reporting:foreign_columns", args=[run.pk])


def test_a_file_is_for_who_gave_it(facilitator, as_role, territory):
    give(facilitator, b"Nom;Ville\nA;B\n", name="a.csv", territory=territory.pk)
    other = as_role(Role.FACILITATOR)
    url = reverse("reporting:foreign_columns", args=[DataImport.objects.get().pk])
    assert other.get(url).status_code == 404
