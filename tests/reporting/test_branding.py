"""The logos the administrator gives, from the screen to the statement."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clauses_portal.core.pdf import UnreadableLogo
from facilitators.enums import Role
from reporting.enums import LogoOwner
from reporting.models import BrandingLogo
from reporting.services.branding import add_logo
from reporting.statements.documents import logos_on
from tests.factories.accounts import author

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def picture(kind="PNG", size=(60, 20)):
    buffer = io.BytesIO()
    Image.new("RGB", size, "#24507A").save(buffer, kind)
    return buffer.getvalue()


def give(content=None, day=date(2026, 9, 1), owner=LogoOwner.DEPARTMENT):
    return add_logo(owner=owner, content=content or picture(), alt="Département 13", valid_from=day, by=author())


def post(client, content, name="logo.png", **changes):
    data = {"owner": "department", "alt": "Département 13", "valid_from": "2026-09-15"} | changes
    return client.post(reverse("reporting:logos"), data | {"image": SimpleUploadedFile(name, content)})


def test_the_administrator_gives_a_logo_that_the_documents_carry(as_role):
    client = as_role(Role.ADMINISTRATOR)
    assert post(client, picture("JPEG")).status_code == 302
    department, metropolis = logos_on(date(2026, 9, 15))
    assert (department.alt, department.mime) == ("Département 13", "image/jpeg")
    assert metropolis.image is None
    assert "Département 13" in client.get(reverse("reporting:logos")).content.decode()


def test_a_new_logo_leaves_the_documents_of_the_past_with_theirs():
    old, new = picture(size=(10, 10)), picture(size=(20, 10))
    give(old, date(2026, 1, 1))
    give(new, date(2026, 9, 1))
    assert bytes(logos_on(date(2026, 8, 31))[0].image) == old
    assert bytes(logos_on(date(2026, 9, 1))[0].image) == new


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='x'><script/></svg>", "Type de fichier refusé."),
        (b"GIF89a" + b"0" * 50, "Type de fichier refusé."),
        (picture() + b"0" * 1024 * 1024, "Fichier trop volumineux (1 Mo au plus)."),
        (picture()[:60], "ne peut pas être lu."),
    ],
)
def test_what_is_not_an_image_is_refused_with_a_sentence(as_role, content, sentence):
    response = post(as_role(Role.ADMINISTRATOR), content)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not BrandingLogo.objects.exists()


def test_an_image_that_only_begins_well_is_not_kept():
    with pytest.raises(UnreadableLogo):
        give(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
    assert not BrandingLogo.objects.exists()
