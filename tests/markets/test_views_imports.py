"""Importing from the browser: a file is tried first, and imported once one agrees."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clauses_portal.core.jobs import JobState
from facilitators import reference
from facilitators.enums import Role
from facilitators.permissions import revoke
from markets.models import ImportRun, Market
from markets.tasks import import_file
from tests.factories.accounts import author
from tests.markets.importers.decp_files import BUYER, as_2019, row_2019
from tests.support.pages import assert_refused, document, form_of, submit, table, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

LIST = "/imports/"
SHEET = as_2019(row_2019(), row_2019(id="2019M1900500", objet="Toiture"), row_2019(id="", objet="")).read()


@pytest.fixture
def officer(as_role):
    reference.load()
    return as_role(Role.MISSION_OFFICER)


def a_file(content=SHEET, name="marches.json"):
    return SimpleUploadedFile(name, content)


def give(client, file, **values):
    return client.post(LIST, {"file": file} | values, follow=True)


def page(run):
    return reverse("markets:import", args=[run.pk])


def tried(client, content=SHEET):
    """A file given and tried by the worker; returns its run."""
    give(client, a_file(content))
    run = ImportRun.objects.latest("pk")
    import_file(run.pk)
    return run


def apply(client, run):
    """Press « Importer pour de bon », the worker does it; returns the new run."""
    submit(client, page(run))
    applied = ImportRun.objects.latest("pk")
    import_file(applied.pk)
    return applied


def test_a_file_waits_for_the_worker(officer):
    response = give(officer, a_file(), buyer_siret="221 300 015 00247")
    assert "Essai à blanc de marches.json" in words(response)
    run = ImportRun.objects.get()
    assert (run.dry_run, run.buyer_siret, run.asked_by) == (True, BUYER, officer.user)
    assert document(response).xpath(f"//*[@hx-get='{page(run)}avancement/']")


def test_trying_a_file_writes_nothing(officer):
    run = tried(officer)
    shown = words(officer.get(page(run)))
    assert "2 créés" in shown
    assert "Essai à blanc : rien n’est enregistré." in shown
    assert not Market.objects.exists()


def test_the_report_says_what_came_of_each_line(officer):
    lines = table(officer.get(page(tried(officer))))
    assert [line[2] for line in lines] == ["créé", "créé", "refusé"]
    assert lines[2][1] == "sans numéro"
    assert lines[2][3]


def test_the_report_is_filtered(officer):
    run = tried(officer)
    for outcome, number in [("created", 2), ("refused", 1), ("updated", 0), ("unchanged", 0), ("zzz", 0)]:
        response = officer.get(page(run), {"resultat": outcome})
        assert len(table(response)) == number
        assert number or "Aucun enregistrement dans cette catégorie." in words(response)


def test_a_long_report_has_pages(officer):
    rows = [row_2019(id=f"2019M19{n:03d}00", objet=f"Toiture {n}") for n in range(101)]
    run = tried(officer, as_2019(*rows).read())
    assert [len(table(officer.get(page(run), {"page": n}))) for n in (1, 2, 99)] == [100, 1, 1]


def test_the_file_is_imported_once_one_agrees(officer):
    applied = apply(officer, tried(officer))
    assert Market.objects.count() == 2
    response = officer.get(page(applied))
    assert "Import de marches.json" in words(response)
    assert not document(response).xpath("//main//form")


def test_the_same_file_again_changes_nothing(officer):
    run = tried(officer)
    apply(officer, run)
    again = apply(officer, run)
    assert again.pk != run.pk
    assert [line[2] for line in table(officer.get(page(again)))] == ["déjà présent", "déjà présent", "refusé"]
    assert Market.objects.count() == 2


def test_a_wrong_file_is_not_taken(officer):
    for file, values, sentence in [
        (None, {}, "Ce champ est obligatoire."),
        (("marches.xlsx", b"PK\x03\x04"), {}, "Type de fichier refusé."),
        (("marches.json.exe", b"{}"), {}, "Type de fichier refusé."),
        (("marches.json", b""), {}, "Le fichier soumis est vide."),
        (("marches.csv", b" " * (10 * 1024 * 1024 + 1)), {}, "Fichier trop volumineux (10 Mo au plus)."),
        (("a.json", b"{}"), {"buyer_siret": "22130001500248"}, "Ce SIRET est inexact : sa clé ne correspond pas."),
        (("marches.json", b"{}"), {"buyer_siret": "13"}, "Un SIRET compte 14 chiffres."),
    ]:
        given = {"file": SimpleUploadedFile(*file)} if file else {"file": ""}
        response = officer.post(LIST, given | values)
        assert_refused(response, sentence)
        assert typed(response)["buyer_siret"] == values.get("buyer_siret", "")
        assert not ImportRun.objects.exists()


def test_a_file_that_is_not_what_it_says_is_told(officer):
    for content, sentence in [
        (b"%PDF-1.7", "Ce fichier est un PDF."),
        (b"PK\x03\x04", "un classeur (XLSX ou ODS) ou une archive"),
        (b'{"marches": [', "n’est pas valide"),
        (b"[" * 100_000, "imbriqué trop profondément"),
        (b"colonne;autre\n1;2\n", "n’a pas les colonnes d’un CSV de DECP"),
    ]:
        run = tried(officer, content)
        run.refresh_from_db()
        assert run.state == JobState.FAILED
        shown = words(officer.get(page(run)))
        assert sentence in shown
        assert "Importer pour de bon" not in shown


def test_the_same_file_is_not_asked_twice_at_once(officer):
    give(officer, a_file())
    assert_refused(officer.post(LIST, {"file": a_file()}), "Une demande identique est en cours.")
    assert ImportRun.objects.count() == 1


def test_importing_twice_at_once_is_told(officer):
    run = tried(officer)
    url = form_of(officer.get(page(run))).action
    assert told(officer.post(url, follow=True)) == ["L’import est lancé."]
    assert told(officer.post(url, follow=True)) == ["Une demande identique est en cours."]
    assert ImportRun.objects.count() == 2


def test_progress_is_asked_every_second_until_it_is_over(officer):
    give(officer, a_file())
    run = ImportRun.objects.get()
    url = reverse("markets:import_progress", args=[run.pk])
    waiting = document(officer.get(url))
    assert (waiting.get("hx-get"), waiting.get("hx-trigger")) == (url, "every 1s")
    import_file(run.pk)
    over = document(officer.get(url))
    assert over.get("hx-get") is None
    assert over.xpath("//a/@href") == [page(run)]


def test_the_list_shows_ones_own_imports(officer, as_role):
    run = tried(officer)
    assert table(officer.get(LIST)) == [["marches.json", "15/09/2026 10:00", "Essai à blanc", "Terminé"]]
    colleague = as_role(Role.MISSION_OFFICER)
    assert "Aucun import" in words(colleague.get(LIST))
    for name in ("import", "import_progress"):
        assert colleague.get(reverse(f"markets:{name}", args=[run.pk])).status_code == 404
    assert colleague.post(reverse("markets:import_apply", args=[run.pk])).status_code == 404


def test_the_worker_checks_rights_again(officer):
    give(officer, a_file())
    run = ImportRun.objects.get()
    revoke(membership=officer.user.memberships.get(), by=author())
    import_file(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report) == (JobState.REFUSED, None)


def test_no_amount_enters_the_report(officer):
    run = tried(officer, as_2019(row_2019(montant=918273.64)).read())
    run.refresh_from_db()
    assert "918" not in json.dumps(run.report)
