"""Importing a programme from the browser: a file is tried, its columns settled, and imported once one agrees."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from facilitators.enums import Role
from markets.models import ColumnMapping, Market, ProgrammeImport
from markets.programme.columns import LABELS, guess
from markets.tasks import import_programme
from tests.factories.facilitators import DirectorateFactory
from tests.markets.programme.sheets import a_line, as_csv, as_xlsx
from tests.support.pages import assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "places")]

LIST = reverse("markets:programme_import")
UNKNOWN = as_csv(["OP-9", "Réfection du préau", "Aix-en-Provence"], headers=["Code", "Quoi", "Où"])


@pytest.fixture
def agent(as_role, places, direction):
    return as_role(Role.DIRECTORATE_AGENT, territory=places["AIX"], directorate=direction)


@pytest.fixture
def territory(places):
    return places["AIX"]


def give(client, direction, file):
    return client.post(LIST, {"directorate": direction.pk, "file": SimpleUploadedFile(*file)}, follow=True)


def page(run, name="detail"):
    route = "markets:programme_mapping" if name == "mapping" else f"markets:programme_import_{name}"
    return reverse(route, args=[run.pk])


def last_done():
    """The last demand, done by the worker."""
    run = ProgrammeImport.objects.latest("pk")
    import_programme(run.pk)
    return ProgrammeImport.objects.get(pk=run.pk)


def tried(client, direction, file=None):
    give(client, direction, file or as_xlsx(a_line(), a_line(market_number="2", communes="Paris")))
    return last_done()


def test_a_file_is_tried_then_imported_for_good(agent, direction):
    run = tried(agent, direction)
    response = agent.get(page(run))
    assert "Essai à blanc de programme 2027.xlsx" in words(response)
    assert [line[2] for line in table(response)] == ["créé", "refusé"]
    assert "Commune inconnue : « Paris »" in table(response)[1][3]
    assert not Market.objects.exists()
    submit(agent, page(run))
    applied = last_done()
    assert not applied.dry_run
    response = agent.get(page(applied))
    assert "Import de programme 2027.xlsx" in words(response)
    assert not document(response).xpath("//main//form")
    assert Market.objects.get().planned_publication_on == date(2027, 1, 15)


def test_the_report_is_filtered(agent, direction):
    run = tried(agent, direction)
    for outcome, number in [("created", 1), ("refused", 1), ("updated", 0), ("zzz", 0)]:
        assert len(table(agent.get(page(run), {"resultat": outcome}))) == number


def test_columns_that_are_not_recognised_are_asked_then_remembered(agent, direction):
    run = tried(agent, direction, UNKNOWN)
    response = agent.get(page(run))
    assert "Colonnes à préciser : « Référence de l’opération », « Objet du marché »." in words(response)
    assert "Importer pour de bon" not in words(response)
    submit(agent, page(run, "mapping"), operation_reference="0", title="1", communes="2")
    again = last_done()
    assert [line[2] for line in table(agent.get(page(again)))] == ["créé"]
    assert ColumnMapping.objects.get().mapping == {"operation_reference": 0, "title": 1, "communes": 2}
    assert [line["outcome"] for line in tried(agent, direction, UNKNOWN).report["lines"]] == ["created"]


def test_the_form_of_the_columns_shows_what_was_understood(agent, direction):
    run = tried(agent, direction)
    chosen = document(agent.get(page(run, "mapping"))).xpath("//select[@id='id_title']/option[@selected]")
    assert [option.text_content() for option in chosen] == ["Objet du marché"]
    assert_refused(
        submit(agent, page(run, "mapping"), title=""),
        "Ce champ est obligatoire.",
    )


def test_a_file_that_was_not_read_has_no_columns(agent, direction):
    run = tried(agent, direction, ("programme.csv", b"rien\n"))
    assert "ne contient pas de tableau" in words(agent.get(page(run)))
    response = agent.get(page(run, "mapping"), follow=True)
    assert told(response) == ["Les colonnes de ce fichier n’ont pas été lues."]


def test_a_wrong_file_is_not_taken(agent, direction):
    for file, sentence in [
        (("programme.pdf", b"%PDF-1.7"), "Type de fichier refusé. Déposez un fichier XLSX, ODS ou CSV."),
        (("programme.csv", b""), "Le fichier soumis est vide."),
    ]:
        assert_refused(give(agent, direction, file), sentence)
    assert_refused(agent.post(LIST, {"directorate": direction.pk, "file": ""}), "Ce champ est obligatoire.")
    assert not ProgrammeImport.objects.exists()


def test_the_same_file_is_not_asked_twice_at_once(agent, direction):
    file = as_xlsx(a_line())  # made once: a workbook says when it was written
    give(agent, direction, file)
    assert_refused(give(agent, direction, file), "Une demande identique est en cours.")


def test_an_agent_chooses_among_her_directions_alone(agent, direction, as_role, territory):
    other = DirectorateFactory()
    closed = DirectorateFactory(is_open=False)
    choices = document(agent.get(LIST)).xpath("//select[@name='directorate']/option/@value")
    assert choices == [str(direction.pk)]
    assert give(agent, other, as_xlsx(a_line())).status_code == 422
    officer = as_role(Role.MISSION_OFFICER, territory=territory)
    choices = document(officer.get(LIST)).xpath("//select[@name='directorate']/option/@value")
    assert {str(direction.pk), str(other.pk)} <= set(choices)
    assert str(closed.pk) not in choices


def test_the_imports_of_a_direction_are_for_those_who_manage_it(agent, direction, as_role, territory):
    run = tried(agent, direction)
    assert table(agent.get(LIST))[0][0] == "programme 2027.xlsx"
    officer = as_role(Role.MISSION_OFFICER, territory=territory)
    assert officer.get(page(run)).status_code == 200
    stranger = as_role(Role.DIRECTORATE_AGENT, territory=territory)
    facilitator = as_role(Role.FACILITATOR, territory=territory)
    assert "Aucun import" in words(stranger.get(LIST))
    assert facilitator.get(LIST).status_code == 403
    for client in (stranger, facilitator):
        for name in ("detail", "progress", "mapping"):
            assert client.get(page(run, name)).status_code == 404
        assert client.post(page(run, "apply")).status_code == 404


def test_progress_is_asked_until_it_is_over(agent, direction):
    give(agent, direction, as_xlsx(a_line()))
    run = ProgrammeImport.objects.get()
    url = page(run, "progress")
    assert document(agent.get(url)).get("hx-get") == url
    import_programme(run.pk)
    over = document(agent.get(url))
    assert over.get("hx-get") is None
    assert over.xpath("//a/@href") == [page(run)]


def test_the_template_has_every_column(agent):
    content = agent.get(reverse("markets:programme_template")).content
    headers, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert (guess(headers), rows) == ({name: at for at, name in enumerate(LABELS)}, [])
