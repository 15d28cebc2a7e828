"""Reference tables by key: the codes of every resource, for any key (C22)."""

import pytest

from facilitators.enums import KeyDirection, KeyScope
from markets.enums import AlertCategory
from markets.models import RomeCode
from participants.enums import ContractType
from tests.factories.participants import EligibilityCategoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(as_key):
    return as_key(KeyScope.READ_ALERTS, direction=KeyDirection.TO_FACILITATOR)


def test_every_small_table_is_read_at_once(reader, territory):
    category = EligibilityCategoryFactory()
    tables = reader.read("/references").json()
    assert {"id": territory.pk, "value": territory.code, "label": territory.name} in tables["territories"]
    told = next(row for row in tables["eligibility_categories"] if row["id"] == category.pk)
    assert (told["value"], told["evidence"]) == (category.code, category.evidence)
    assert [row["value"] for row in tables["contract_types"]] == ContractType.values
    assert {row["value"]: row["label"] for row in tables["alert_categories"]} == dict(AlertCategory.choices)


def test_an_occupation_is_searched_by_its_words(reader):
    RomeCode.objects.update_or_create(code="F1704", defaults={"label": "Préparation du gros œuvre"})
    found = reader.read("/references/rome", {"q": "preparation gros"}).json()
    assert found == {"items": [{"value": "F1704", "label": "Préparation du gros œuvre"}]}


@pytest.mark.parametrize("path", ["rome", "cpv", "communes"])
def test_a_search_is_bounded(reader, path):
    assert reader.read(f"/references/{path}", {"limit": 100}).status_code == 200
    for asked in ({"limit": 101}, {"limit": "x"}, {"q": "x" * 81}, {"q": "\0"}, {"ordering": "pk"}):
        answer = reader.read(f"/references/{path}", asked)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
