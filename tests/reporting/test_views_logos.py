"""The logos the documents carry, given by the administrator."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from facilitators.enums import Role
from reporting.models import BrandingLogo
from tests.support.pages import assert_done, assert_refused, table, typed

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

LOGOS = "/logos/"
REFUSED = "Type de fichier refusé."


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def an_image(kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 30), "white").save(buffer, kind)
    return buffer.getvalue()


def give(client, content, name="logo.png", **values):
    fields = {"owner": "department", "alt": "Département des Bouches-du-Rhône", "valid_from": "2026-09-15"}
    return client.post(LOGOS, fields | {"image": SimpleUploadedFile(name, content)} | values, follow=True)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_given(administrator, kind):
    response = give(administrator, an_image(kind))
    assert_done(response, "Le logo est enregistré : les documents datés de sa validité le porteront.")
    told = "Département des Bouches-du-Rhône Non analysé : aucun antivirus"
    assert table(response) == [["Département", told, "15/09/2026", "–"]]


def test_the_former_logo_ends_the_day_before(administrator):
    give(administrator, an_image(), valid_from="2026-01-01")
    give(administrator, an_image())
    assert BrandingLogo.objects.get(valid_from=date(2026, 1, 1)).valid_until == date(2026, 9, 14)


def test_what_is_not_an_image_is_refused(administrator):
    for content, sentence in [
        (b"", "Le fichier soumis est vide."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", REFUSED),
        (b"<html><script>alert(1)</script></html>", REFUSED),
        (b"GIF89a", REFUSED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (1024 * 1024), "Fichier trop volumineux (1 Mo au plus)."),
    ]:
        response = give(administrator, content)
        assert_refused(response, sentence)
        assert typed(response)["alt"] == "Département des Bouches-du-Rhône"
        assert not BrandingLogo.objects.exists()


def test_an_image_that_cannot_be_drawn_is_refused(administrator):
    for content in [an_image()[:-20], b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"\xff\xd8\xff" + b"x" * 9]:
        assert give(administrator, content).status_code == 422
        assert not BrandingLogo.objects.exists()


def test_a_wrong_field_is_refused(administrator):
    for wrong, sentence in [
        ({"owner": "me"}, "Sélectionnez un choix valide. me n’en fait pas partie."),
        ({"alt": " "}, "Ce champ est obligatoire."),
        ({"valid_from": "2026-09-31"}, "Saisissez une date valide."),
        ({"alt": "Deux\u202elignes"}, "Ce texte contient un caractère invisible ou interdit."),
    ]:
        assert_refused(give(administrator, an_image(), **wrong), sentence)
        assert not BrandingLogo.objects.exists()
