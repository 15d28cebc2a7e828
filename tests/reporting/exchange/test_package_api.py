"""Packages by key: deposited, tried, recorded; asked for, taken away (C22, A16)."""

import io
import json
import zipfile

import pytest

from clauses_portal.core.jobs import run
from facilitators.enums import KeyDirection, KeyScope
from markets.models import Market
from reporting.models import DataImport, PackageExport
from reporting.services import packages
from tests.factories.markets import LotFactory
from tests.support.exchanged import both_ways, forget_everything, package_of, repacked, worked

pytestmark = pytest.mark.django_db
ZIP = "application/zip"


@pytest.fixture
def depositor(as_key):
    return as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)


@pytest.fixture
def received(today, territories, convention, settings):
    """The package of one calibrated lot, in a portal that has forgotten it."""
    settings.SITE_URL = "https://portail-un.example"
    commune = territories[0].communes.first()
    LotFactory(territory=territories[0], calibrated=True, market__operation__communes=[commune])
    content = package_of(both_ways(territories), convention.structure, KeyDirection.TO_FACILITATOR)
    forget_everything()
    settings.SITE_URL = "https://portail-deux.example"
    return content


def deposit(key, content):
    return key.post("/api/v1/packages", content, content_type=ZIP)


def test_a_package_is_deposited_tried_and_recorded(received, depositor):
    answer = deposit(depositor, received)
    assert answer.status_code == 202, answer.json()
    path = f"/packages/{answer.json()['id']}"
    worked(DataImport.objects.get())
    told = depositor.read(path).json()
    assert (told["state"], told["phase"], told["counts"]["lots"]) == ("done", "trial", {"new": 1})
    assert depositor.write(f"{path}/record", {}).status_code == 202
    worked(DataImport.objects.get())
    told = depositor.read(path).json()
    assert (told["phase"], told["refused"], told["counts"]["lots"]) == ("recording", [], {"recorded": 1})
    assert Market.objects.get().history.first().history_user == depositor.account
    again = deposit(depositor, received)
    assert (again.status_code, again.json()["code"]) == (409, "already_imported")
    assert again.json()["detail"].startswith("Ce fichier a déjà été importé le 15/09/2026")


def test_a_package_of_the_other_direction_is_refused(received, as_key):
    other = as_key(KeyScope.WRITE_PERSONS)
    answer = deposit(other, received)
    assert (answer.status_code, answer.json()["detail"]) == (422, packages.OTHER_WAY)
    assert not DataImport.objects.exists()


def test_a_key_without_the_right_gets_its_lines_refused(received, as_key):
    reader = as_key(KeyScope.READ_MARKETS, direction=KeyDirection.TO_FACILITATOR)
    deposit(reader, received)
    worked(DataImport.objects.get())
    told = reader.read(f"/packages/{DataImport.objects.get().pk}").json()
    assert {outcome for counts in told["counts"].values() for outcome in counts} == {"refused"}
    assert not Market.objects.exists()


def test_a_body_that_is_not_a_package_stores_nothing(received, depositor):
    assert deposit(depositor, b"PK nothing").status_code == 422
    assert depositor.write("/packages", {}).status_code == 400
    assert not DataImport.objects.exists()


def test_the_import_of_another_key_does_not_exist(received, depositor, as_key):
    number = deposit(depositor, received).json()["id"]
    other = as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)
    assert other.read(f"/packages/{number}").status_code == 404
    assert other.write(f"/packages/{number}/record", {}).status_code == 404


def test_a_package_is_asked_for_and_taken_away(today, territories, as_key):
    LotFactory(territory=territories[0])
    reader = as_key(KeyScope.READ_MARKETS, direction=KeyDirection.TO_FACILITATOR)
    asked = reader.write("/packages/exports", {"direction": KeyDirection.TO_FACILITATOR})
    assert asked.status_code == 202, asked.json()
    path = f"/packages/exports/{asked.json()['id']}"
    assert reader.read(f"{path}/download").status_code == 422
    run(PackageExport, asked.json()["id"], allowed=packages.may_still_ask, work=packages.produce_package)
    told = reader.read(path).json()
    assert (told["state"], told["available"], told["counts"]["lots"]) == ("done", True, 1)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(reader.read(f"{path}/download").streaming_content)))
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["key"] == {"id": reader.key.pk, "prefix": reader.key.prefix}
    assert reader.text not in str(manifest)


def test_the_same_lines_in_another_file_are_all_known(received, depositor):
    for content in (received, repacked(received)):
        deposit(depositor, content)
        tried = worked(DataImport.objects.latest("pk"))
        depositor.write(f"/packages/{tried.pk}/record", {})
        worked(tried)
    told = depositor.read(f"/packages/{tried.pk}").json()
    assert {outcome for counts in told["counts"].values() for outcome in counts} == {"same"}
    assert Market.objects.count() == 1
