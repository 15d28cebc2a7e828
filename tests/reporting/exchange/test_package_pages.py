"""The pages of packages: asked, taken away; given, tried, settled, recorded (C22)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clauses_portal.core.jobs import run
from facilitators.enums import KeyDirection, Role
from participants.models import Participant
from reporting.enums import ExchangeOutcome as O
from reporting.enums import ExchangeTable as T
from reporting.models import DataImport, PackageExport
from reporting.services import packages
from tests.factories.participants import ParticipantFactory
from tests.support.exchanged import lines, person_line, worked, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(as_role, convention):
    return as_role(Role.FACILITATOR)


def give(client, structure, content, name="paquet.zip"):
    file = SimpleUploadedFile(name, content, content_type="application/zip")
    return client.post(reverse("reporting:package_imports"), {"structure": structure.pk, "file": file})


def test_a_package_is_asked_for_and_taken_away(client, convention):
    form = {"structure": convention.structure.pk, "direction": KeyDirection.TO_DEPARTMENT}
    assert "Aucun paquet" in client.get(reverse("reporting:exchanges")).content.decode()
    asked = PackageExport.objects.get(pk=client.post(reverse("reporting:exchanges"), form).url.split("/")[-2])
    assert "Écriture du paquet" in client.get(reverse("reporting:package", args=[asked.pk])).content.decode()
    run(PackageExport, asked.pk, allowed=packages.may_still_ask, work=packages.produce_package)
    page = client.get(reverse("reporting:package", args=[asked.pk])).content.decode()
    assert "Télécharger le paquet" in page
    answer = client.post(reverse("reporting:package_download", args=[asked.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="paquet-facilitateur-2026-09-15.zip"'
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_a_conflict_is_settled_then_recorded(client, convention, territory):
    known = {"last_name": "Diallo", "first_name": "Awa", "birth_date": date(1990, 4, 2), "sex": "female"}
    her = ParticipantFactory(territory=territory, address="2 rue Basse", **known)
    content = written({T.PERSONS: [person_line(territory, commune=her.commune_id, adresse="1 rue Haute")]})
    answer = give(client, convention.structure, content)
    asked = DataImport.objects.get()
    assert answer.url == reverse("reporting:package_import", args=[asked.pk])
    worked(asked)
    assert "À trancher" in client.get(answer.url).content.decode()
    conflicts = reverse("reporting:package_import_conflicts", args=[asked.pk])
    page = client.get(conflicts).content.decode()
    assert "Adresse : 2 rue Basse dans le portail, 1 rue Haute dans le fichier" in page
    choose = reverse("reporting:package_import_choose", args=[asked.pk])
    client.post(choose, {"line": [asked.lines.get().pk], "choice": "replace"})
    assert [outcome for _, _, outcome, _ in lines(asked)] == [O.REPLACE]
    client.post(reverse("reporting:package_import_record", args=[asked.pk]))
    worked(asked)
    her.refresh_from_db()
    assert her.address == "1 rue Haute"
    assert "Données enregistrées" in client.get(answer.url).content.decode()
    told = give(client, convention.structure, content)
    assert "Ce fichier a déjà été importé le 15/09/2026" in told.content.decode()


def test_the_report_is_read_by_file_and_by_outcome(client, convention, territory, elsewhere):
    people = [person_line(territory), person_line(elsewhere, "P2")]
    give(client, convention.structure, written({T.PERSONS: people}))
    asked = worked(DataImport.objects.get())
    url = reverse("reporting:package_import", args=[asked.pk])
    page = client.get(url, {"fichier": "personnes", "suite": "refused"}).content.decode()
    assert "P2" in page
    assert '<th scope="row">P1</th>' not in page
    assert "Aucune ligne de cette sorte" in client.get(url, {"fichier": "heures"}).content.decode()
    assert client.get(url, {"fichier": "'", "suite": "\x00", "page": "x"}).status_code == 200
    assert not Participant.objects.exists()


def test_a_file_that_is_not_a_package_is_refused_on_the_page(client, convention):
    answer = give(client, convention.structure, b"PK\x03\x04 cut")
    assert answer.status_code == 422
    assert "abîmé" in answer.content.decode()
    assert not DataImport.objects.exists()


def test_the_import_of_somebody_else_does_not_exist(client, as_role, convention, territory):
    give(client, convention.structure, written({T.PERSONS: [person_line(territory)]}))
    other = as_role(Role.FACILITATOR)
    assert other.get(reverse("reporting:package_import", args=[DataImport.objects.get().pk])).status_code == 404
