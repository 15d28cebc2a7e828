"""The logos the administrator gives, from the screen to the statement."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clauses_portal.core.pdf import UnreadableLogo, checks
from facilitators.enums import Role
from markets.models import Lot
from reporting.enums import LogoOwner
from reporting.models import BrandingLogo
from reporting.services.branding import add_logo
from reporting.statements.documents import logos_on, render_statement
from reporting.statements.parts import funding_period, head_of
from reporting.statements.quarterly import build_snapshot
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory, StructureFactory
from tests.factories.markets import LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.reporting import StatementFactory

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
        (picture()[:60], "abîmé ou incomplet"),
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


def test_a_logo_given_twice_the_same_day_is_corrected():
    wrong, right = picture(size=(10, 10)), picture(size=(20, 10))
    give(picture(size=(5, 5)), date(2026, 1, 1))
    give(wrong, date(2026, 9, 1))
    give(right, date(2026, 9, 1))
    assert bytes(logos_on(date(2026, 9, 1))[0].image) == right
    days = BrandingLogo.objects.order_by("valid_from").values_list("valid_from", "valid_until")
    assert list(days) == [(date(2026, 1, 1), date(2026, 8, 31)), (date(2026, 9, 1), None)]


def test_a_logo_of_an_earlier_day_stops_where_the_next_begins():
    give(day=date(2026, 9, 1))
    assert give(day=date(2026, 3, 1)).valid_until == date(2026, 8, 31)


def test_the_paper_of_a_territory_carries_the_logo_of_its_structure(territory, elsewhere):
    structure = ConventionFactory(territories=[territory], signed_on=date(2026, 1, 1)).structure
    ConventionFactory(territories=[elsewhere], signed_on=date(2026, 1, 1))
    add_logo(
        owner=LogoOwner.STRUCTURE,
        structure=structure,
        content=picture(),
        alt="Pôle insertion",
        valid_from=date(2026, 1, 1),
        by=author(),
    )
    here, there = StatementFactory(territory=territory), StatementFactory(territory=elsewhere)
    for statement, alts in (
        (here, ["Logo Département", "Logo Métropole", "Pôle insertion"]),
        (there, ["Logo Département", "Logo Métropole"]),
    ):
        statement.snapshot = build_snapshot(statement, dated_on=date(2026, 7, 10))
        head = head_of(statement.snapshot)
        assert [logo.alt for logo in head.logos] == alts
        assert checks.check(render_statement(statement, author=None), letterhead=head) == []


def test_a_structure_is_chosen_on_the_page(as_role):
    structure = StructureFactory()
    client = as_role(Role.ADMINISTRATOR)
    assert post(client, picture(), owner=f"structure-{structure.pk}").status_code == 302
    logo = BrandingLogo.objects.get()
    assert (logo.owner, logo.structure) == (LogoOwner.STRUCTURE, structure)
    assert structure.name in client.get(reverse("reporting:logos")).content.decode()


@pytest.mark.parametrize(
    ("periods", "day", "expected"),
    [
        ([], date(2026, 7, 10), "2021-2027"),
        ([], date(2020, 7, 10), "2014-2020"),
        (["2014-2020"], date(2026, 7, 10), "2014-2020"),
        (["2014-2020", "2021-2027", "none"], date(2026, 7, 10), "2021-2027"),
    ],
)
def test_the_european_block_is_that_of_the_operations_then_of_the_day(periods, day, expected):
    for period in periods:
        LotFactory(market__operation=OperationFactory(funding_period=period))
    assert funding_period(Lot.objects.all(), day) == expected
