"""A24: a file has no address of its own; each download asks who wants it, now, and hands it over to be saved."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.files import PDF
from facilitators.enums import Role
from facilitators.models import Membership
from facilitators.permissions import revoke
from markets.models import DocumentTemplate
from markets.services.document_templates import load_shipped
from reporting.models import Statement
from tests.core.made_files import PDF as PAPER
from tests.factories.accounts import author
from tests.factories.links import MonthlyDeclarationFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory
from tests.factories.preparation import DceDocumentFactory
from tests.factories.reporting import StatementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

GUESSES = [
    "/media/{}",
    "/media/../{}",
    "/static/{}",
    "/static/..%2f..%2f{}",
    "/static/../.run/media/{}",
    "/static/%2e%2e/%2e%2e/.run/media/{}",
    "/{}",
    "/.run/media/{}",
    "/protected/{}",
    "/srv/media/{}",
    "/files/{}",
]
CONDITIONS = [
    {},
    {"HTTP_RANGE": "bytes=0-3"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_NONE_MATCH": '"0"'},
    {"HTTP_IF_MODIFIED_SINCE": "Tue, 15 Sep 2037 08:00:00 GMT"},
    {"HTTP_X_ACCEL_REDIRECT": "/etc/passwd"},
    {"HTTP_X_SENDFILE": "/etc/passwd"},
    {"HTTP_X_ORIGINAL_URL": "/pieces/1/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "GET"},
]


def consultation(place):
    """A document of a consultation: (its address, who may, who may not)."""
    document = DceDocumentFactory(market=LotFactory(territory=place).market, content=PAPER)
    return reverse("markets:dce", args=[document.pk]), Role.MISSION_OFFICER, Role.DIRECTORATE_AGENT


def attachment(place):
    award = AwardFactory(lot=LotFactory(territory=place, calibrated=True))
    declaration = MonthlyDeclarationFactory(
        contract=EmploymentContractFactory(award=award, validated=True), file=("relevé.pdf", PAPER)
    )
    return reverse("participants:declaration_file", args=[declaration.pk]), Role.FACILITATOR, Role.MISSION_OFFICER


def template(place):
    load_shipped()
    pk = DocumentTemplate.objects.first().pk
    return reverse("markets:template_download", args=[pk]), Role.MISSION_OFFICER, Role.FACILITATOR


def statement(place):
    paper = StatementFactory(territory=place, published=True)
    paper.pdf.storage.delete(paper.pdf.name)
    paper.pdf.storage.save(paper.pdf.name, ContentFile(PAPER))
    return reverse("reporting:download", args=[paper.pk]), Role.FACILITATOR, Role.DIRECTORATE_AGENT


FILES = [consultation, attachment, template, statement]


@pytest.fixture(params=FILES, ids=lambda make: make.__name__)
def file(request, territory):
    return request.param(territory)


def test_a_file_goes_out_to_be_saved(file, as_role):
    url, reader, _ = file
    answer = as_role(reader).get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    assert not {"ETag", "Last-Modified", "Accept-Ranges", "X-Accel-Redirect", "X-Sendfile"} & set(answer.headers)


@pytest.mark.parametrize("method", ["get", "head"])
def test_nobody_else_has_it_whatever_is_asked(file, as_role, method):
    url, _, stranger = file
    client = as_role(stranger)
    expected = getattr(client, method)(url).status_code
    assert expected in {403, 404}
    for headers in CONDITIONS:
        answer = getattr(client, method)(url, **headers)
        assert answer.status_code == expected, headers
        assert PAPER[:40] not in answer.content
        anonymous = getattr(Client(), method)(url, **headers)
        assert (anonymous.status_code, anonymous.url.split("?")[0]) == (302, reverse("account_login")), headers


def test_a_reader_never_gets_a_part_nor_a_not_modified(file, as_role):
    """200 and the whole file: nothing of it is guessed by asking whether it is still the same."""
    url, reader, _ = file
    client = as_role(reader)
    whole = client.get(url).content
    for headers in CONDITIONS:
        answer = client.get(url, **headers)
        assert (answer.status_code, answer.content) == (200, whole), headers


def test_another_territory_does_not_even_know_it(territory, elsewhere, as_role):
    url, reader, _ = attachment(territory)
    answer = as_role(reader, territory=elsewhere).get(url)
    assert (answer.status_code, NOT_FOUND in answer.content.decode()) == (404, True)


def test_a_right_that_ends_ends_the_download_at_once(file, as_role):
    url, reader, _ = file
    client = as_role(reader)
    assert client.get(url).status_code == 200
    revoke(membership=Membership.objects.get(user=client.user), by=author())
    assert client.get(url).status_code in {302, 403, 404}
    client.user.is_active = False
    client.user.save()
    assert client.get(url).status_code == 302


def test_the_link_of_somebody_is_no_link_for_another(file, as_role):
    url, reader, stranger = file
    assert as_role(reader).get(url).status_code == 200
    assert as_role(stranger).get(url).status_code in {403, 404}


@pytest.mark.parametrize("guess", GUESSES)
def test_the_place_of_a_file_opens_nothing(guess, territory, as_role):
    paper = StatementFactory(territory=territory, published=True)
    name = paper.pdf.name or "statements/2026/etat.pdf"
    client = as_role(Role.ADMINISTRATOR)
    for path in (guess.format(name), guess.format(quote(name, safe="")), guess.format(f"..%2f{name}")):
        answer = client.get(path)
        assert answer.status_code in {404, 400}, path
        assert PDF.mime not in answer["Content-Type"]


def test_no_address_leads_to_the_folder_of_files():
    assert settings.MEDIA_URL in {"", "/"}
    assert "media" not in str(settings.STATICFILES_DIRS)
    assert settings.FILE_UPLOAD_PERMISSIONS == 0o600
    assert settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS == 0o700


def test_the_page_of_a_paper_never_says_where_it_is_kept(territory, as_role):
    paper = StatementFactory(territory=territory, published=True)
    page = as_role(Role.FACILITATOR).get(reverse("reporting:statement", args=[paper.pk])).content.decode()
    assert paper.pdf.name
    assert paper.pdf.name not in page
    assert Statement._meta.get_field("pdf").upload_to not in page
