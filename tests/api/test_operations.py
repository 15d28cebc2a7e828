"""Operations by key: what the Département's program deposits, what the facilitator's reads (C5, C22)."""

import pytest

from facilitators.enums import KeyDirection, KeyScope
from operations.models import Operation
from tests.factories.facilitators import CommuneFactory, DirectorateFactory, TerritoryFactory
from tests.factories.operations import OperationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def depositor(as_key):
    return as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)


def sent(territory, **fields):
    communes = list(territory.communes.values_list("pk", flat=True))
    directorate = DirectorateFactory().code
    return {"reference": "OP-1", "title": "Collège neuf", "directorate": directorate, "communes": communes} | fields


def test_an_operation_is_deposited_and_read_again(depositor, territory):
    response = depositor.write("/operations", sent(territory, external_reference="ABC-7"))
    assert response.status_code == 201, response.json()
    read = depositor.read(f"/operations/{response.json()['id']}").json()
    assert read == response.json()
    assert (read["title"], read["external_reference"]) == ("Collège neuf", "ABC-7")
    assert Operation.objects.get().history.first().history_user == depositor.account


def test_an_unknown_field_is_refused(depositor, territory):
    response = depositor.write("/operations", sent(territory, is_staff=True))
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": "is_staff", "message": "Champ inconnu."}]
    assert not Operation.objects.exists()


def test_a_stale_version_is_refused(depositor, territory):
    row = depositor.write("/operations", sent(territory)).json()
    changed = depositor.change(f"/operations/{row['id']}", {"title": "Deux", "version": row["version"]})
    assert changed.status_code == 200
    assert changed.json()["version"] > row["version"]
    again = depositor.change(f"/operations/{row['id']}", {"title": "Trois", "version": row["version"]})
    assert (again.status_code, Operation.objects.get().title) == (409, "Deux")


def test_an_operation_elsewhere_does_not_exist(depositor, territory):
    outside = OperationFactory(communes=[CommuneFactory(territory=TerritoryFactory())])
    assert depositor.read("/operations").json()["items"] == []
    assert depositor.read(f"/operations/{outside.pk}").json() == depositor.read("/operations/99").json()


def test_a_repeated_request_is_done_once(depositor, territory):
    body = sent(territory)
    first = depositor.write("/operations", body, headers={"Idempotency-Key": "une"})
    second = depositor.write("/operations", body, headers={"Idempotency-Key": "une"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotent-Replay"] == "true"
    assert Operation.objects.count() == 1
