"""The documents of a lot on its page, and the templates on theirs: what each role sees, does and downloads."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.files import DOCX, LARGEST_FILE
from facilitators.enums import Role
from markets.documents.fields import ALL
from markets.documents.templates import check_template
from markets.enums import DocumentKind
from markets.models import ContractDocument, DocumentJob, DocumentTemplate
from markets.services.document_templates import load_shipped
from markets.services.documents import ask_documents
from markets.services.referents import assign
from markets.tasks import produce_documents
from markets.template_help import field_helps
from reporting.todo import tasks_for
from tests.factories.accounts import author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.preparation import LotPhaseFactory
from tests.support.pages import assert_done, assert_refused, document, table, told, words
from tests.support.paperwork import (
    facilitator_of,
    ready_lot,
    retain_hours,
    retained_lot,
    small_templates,
    text_of,
    word,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
LATEST = "Dernière version de chaque pièce"


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return ready_lot(territory)


def page(client, lot):
    return client.get(reverse("markets:lot", args=[lot.pk]))


def ask(client, lot):
    return client.post(reverse("markets:documents_produce", args=[lot.pk]), follow=True)


def produce(client, lot):
    """Press the button, let the worker work."""
    answer = ask(client, lot)
    produce_documents(DocumentJob.objects.order_by("pk").last().pk)
    return answer


def has_button(response, label):
    return label in [" ".join(button.text_content().split()) for button in document(response).xpath("//main//button")]


def test_the_button_the_progress_then_the_four_documents(officer, lot):
    small_templates()
    assert has_button(page(officer, lot), "Produire les pièces")
    asked = ask(officer, lot)
    assert asked.redirect_chain[-1][0].endswith("#pieces-produites")
    assert "Production des pièces" in words(asked)
    assert not has_button(asked, "Produire les pièces")
    job = DocumentJob.objects.get()
    produce_documents(job.pk)
    progress = officer.get(reverse("markets:documents_progress", args=[job.pk]))
    assert "Terminé" in words(progress)
    done = page(officer, lot)
    rows = table(done, LATEST)
    assert [row[0] for row in rows] == [kind.label for kind in DocumentKind]
    assert [row[3] for row in rows] == ["1 000 h"] * 4
    assert {row[4] for row in rows} == {f"le 15/09/2026 par {officer.user}"}
    assert has_button(done, "Produire une nouvelle version")


@pytest.mark.parametrize("role", [Role.MISSION_OFFICER, Role.FACILITATOR, Role.LEGAL_OFFICER])
def test_the_files_are_downloaded_under_their_names(as_role, officer, lot, role):
    small_templates()
    produce(officer, lot)
    paper = ContractDocument.objects.get(kind=DocumentKind.CCAP)
    reader = as_role(role)
    answer = reader.get(reverse("markets:document_docx", args=[paper.pk]))
    name = f"CCAP-{lot.market.number}-lot-{lot.number}-v1"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.docx"'
    assert answer["Content-Type"] == DOCX.mime
    assert "1 000 heures" in text_of(answer.content)
    answer = reader.get(reverse("markets:document_pdf", args=[paper.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert answer.content == bytes(paper.pdf)


def test_out_of_the_territory_or_of_the_direction_there_is_no_document(as_role, officer, lot, elsewhere):
    small_templates()
    produce(officer, lot)
    paper = ContractDocument.objects.first()
    strangers = (
        as_role(Role.FACILITATOR, territory=elsewhere),
        as_role(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory()),
        as_role(Role.DIRECTOR),
        as_role(Role.ADMINISTRATOR),
    )
    for stranger in strangers:
        for route in ("markets:document_docx", "markets:document_pdf"):
            answer = stranger.get(reverse(route, args=[paper.pk]))
            assert (answer.status_code, NOT_FOUND in answer.content.decode()) == (404, True)
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=lot.market.operation.directorate)
    assert agent.get(reverse("markets:document_docx", args=[paper.pk])).status_code == 200


def test_who_only_reads_has_no_button(as_role, lot):
    for role in (Role.LEGAL_OFFICER, Role.DIRECTORATE_AGENT):
        place = {"directorate": lot.market.operation.directorate} if role == Role.DIRECTORATE_AGENT else {}
        reader = as_role(role, **place)
        response = page(reader, lot)
        assert "Les pièces ne sont pas encore produites." in words(response)
        assert not has_button(response, "Produire les pièces")
        assert ask(reader, lot).status_code == 403


def test_what_is_missing_is_said_with_the_way_out(officer, territory):
    lot = retained_lot(territory)
    response = page(officer, lot)
    assert "Désignez d’abord le référent du lot : ses coordonnées figurent" in words(response)
    link = document(response).xpath("//section[@aria-labelledby='pieces-produites']//a")[0]
    assert link.get("href") == reverse("markets:referent", args=[lot.pk])
    assert not has_button(response, "Produire les pièces")
    assert "Désignez d’abord le référent du lot" in told(ask(officer, lot))[0]


def test_what_the_documents_will_lack_is_said_before(officer, territory):
    lot = ready_lot(territory, legal_basis="criterion", referent=facilitator_of(territory, phone=""))
    LotPhaseFactory(lot=lot, label="Préau")
    territory.conventions.clear()
    text = words(page(officer, lot))
    for said in (
        "La pondération du critère",
        "n’a pas de téléphone",
        "Aucune convention",
        "Aucune pénalité",
        "Préau :",
    ):
        assert said in text.replace("\u00a0", " "), said


def test_hours_retained_since_are_told(officer, lot):
    small_templates()
    produce(officer, lot)
    assert "produisez-les à nouveau" not in words(page(officer, lot))
    retain_hours(lot, 960)
    assert "Ces pièces portent 1 000 h, le calibrage retenu en demande 960 h : produisez-les à nouveau." in words(
        page(officer, lot)
    )
    produce(officer, lot)
    response = page(officer, lot)
    assert "produisez-les à nouveau" not in words(response)
    assert {row[3] for row in table(response, LATEST)} == {"960 h"}
    assert {row[3] for row in table(response, "Versions précédentes")} == {"1 000 h"}


def test_a_referent_an_option_another_lot_since_are_told(officer, lot, territory):
    small_templates()
    produce(officer, lot)
    assign(lot=lot, referent=facilitator_of(territory), by=author())
    assert "Un référent ou un suppléant a été désigné depuis" in words(page(officer, lot))
    retained_lot(territory, market=lot.market, number="77")
    assert "ou d’un autre lot ont été retenues depuis" in words(page(officer, lot))


def test_a_production_that_fails_says_why(officer, lot):
    produce(officer, lot)
    text = words(page(officer, lot))
    assert "aucun modèle n’est valable" in text
    assert has_button(page(officer, lot), "Produire les pièces")


def test_asked_twice_it_is_a_sentence(officer, lot):
    ask_documents(lot=lot, by=author())
    assert told(ask(officer, lot)) == ["Les pièces de ce lot sont déjà en cours de production."]


def test_the_home_page_counts_the_lots_without_documents(officer, lot, territory):
    small_templates()
    ready_lot(territory)
    LotFactory(territory=territory, retained=True)
    assert waiting(officer) == 2
    produce(officer, lot)
    assert waiting(officer) == 1


def waiting(client):
    return {task.label: task.number for task in tasks_for(client.user)}["lots calibrés sans pièces"]


def give(client, content, name="ccap.docx", **changes):
    data = {"kind": "ccap", "note": "Délais revus", "file": SimpleUploadedFile(name, content)} | changes
    return client.post(reverse("markets:template_create"), data, follow=True)


def test_a_template_is_given_previewed_then_withdrawn(officer):
    load_shipped()
    assert_done(give(officer, word("Heures : {{ heures }}")), "Le modèle est en vigueur : Article du CCAP, version 2.")
    given = DocumentTemplate.objects.current("ccap")
    content = officer.get(reverse("markets:template_download", args=[given.pk])).content
    assert text_of(content) == "Heures : {{ heures }}"
    preview = officer.get(reverse("markets:template_preview_docx", args=[given.pk]), {"fondement": "criterion"})
    assert preview["Content-Disposition"] == 'attachment; filename="apercu-CCAP-v2-criterion.docx"'
    assert text_of(preview.content).replace("\u00a0", " ") == "Heures : 1 250"
    preview = officer.get(reverse("markets:template_preview_pdf", args=[given.pk]), {"fondement": "no such basis"})
    assert preview.content.startswith(b"%PDF-")
    withdrawn = officer.post(reverse("markets:template_withdraw", args=[given.pk]), follow=True)
    assert told(withdrawn) == ["Le modèle est retiré. Est en vigueur : Article du CCAP, version 1."]
    last = DocumentTemplate.objects.current("ccap")
    refused = officer.post(reverse("markets:template_withdraw", args=[last.pk]), follow=True)
    assert told(refused)[0].startswith("C’est le dernier modèle valable de cette pièce")


def test_every_problem_of_a_template_is_a_line(officer):
    answer = give(officer, word("{{ montant }}", "{{ heures|upper }}"))
    assert answer.status_code == 422
    text = words(answer)
    assert "Champ inconnu" in text
    assert "ni calcul, ni filtre, ni appel" in text
    assert document(answer).xpath("//input[@name='note']")[0].value == "Délais revus"
    assert not DocumentTemplate.objects.exists()


def test_a_template_too_heavy_or_disguised_is_a_sentence(officer):
    assert_refused(give(officer, b"0" * (LARGEST_FILE + 1)), "Fichier trop volumineux (10 Mo au plus).")
    disguised = give(officer, b"MZ program")
    assert (disguised.status_code, "Type de fichier refusé" in words(disguised)) == (422, True)
    content = io.BytesIO(word("{{ heures }}"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    assert "contient des macros" in words(give(officer, content.getvalue()))


def test_a_spoilt_template_shows_its_sentence_instead_of_a_preview(officer):
    spoilt = small_templates("{{ champ_disparu }}")[DocumentKind.RC]
    answer = officer.get(reverse("markets:template_preview_pdf", args=[spoilt.pk]), follow=True)
    assert "ne se remplit plus" in told(answer)[0]


def test_the_list_shows_each_kind_even_without_a_template(officer):
    assert words(officer.get(reverse("markets:templates"))).count("Aucun modèle") == len(DocumentKind)
    load_shipped()
    response = officer.get(reverse("markets:templates"))
    assert words(response).count("En vigueur") == len(DocumentKind)


def test_the_fields_are_explained_with_what_to_write(officer):
    rows = table(officer.get(reverse("markets:template_fields")))
    assert [row[0] for row in rows] == [field.name for field in ALL]
    written = {row[0]: row[3] for row in rows}
    assert written["heures"] == "{{ heures }}"
    assert written["alloti"].startswith("{%p if alloti %}")
    assert "{{ ligne.numero }}" in written["lots"]


def test_what_the_help_says_to_write_is_what_the_check_admits(officer):
    lines = [line for field in field_helps() for line in field.lines if "{%tr" not in line and "|" not in line]
    assert check_template(word(*lines)) == []
