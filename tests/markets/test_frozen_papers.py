"""A produced document and a grid in force no longer change, whoever writes: the triggers of the database."""

import pytest

from markets.models import ContractDocument, Criterion
from tests.factories.preparation import ContractDocumentFactory, CriteriaGridFactory, CriterionFactory
from tests.support.instructed import grid_in_force, weighted
from tests.support.sql import execute, refused

pytestmark = pytest.mark.django_db
FROZEN = "23R01"


@pytest.fixture
def frozen():
    """A criterion of a grid in force."""
    return grid_in_force(weighted("adequacy", 15)).criteria.get()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE markets_contractdocument SET hours = 1",
        "UPDATE markets_contractdocument SET docx = 'x'",
        "UPDATE markets_contractdocument SET sha256 = repeat('1', 64)",
        "DELETE FROM markets_contractdocument",
    ],
)
def test_a_produced_document_never_changes_even_from_raw_sql(sql):
    document = ContractDocumentFactory()
    with refused(FROZEN):
        execute(sql)
    assert ContractDocument.objects.get().hours == document.hours


def test_a_produced_document_never_changes_even_from_the_orm():
    document = ContractDocumentFactory()
    document.hours = 1
    for change in (document.save, document.delete, lambda: ContractDocument.objects.update(version=9)):
        with refused(FROZEN):
            change()


def test_a_new_version_of_a_document_may_be_added():
    document = ContractDocumentFactory()
    ContractDocumentFactory(lot=document.lot, template=document.template, kind=document.kind)
    assert document.lot.documents.count() == 2


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE markets_criterion SET weight = 20",
        "UPDATE markets_criterion SET floor = 1",
        "UPDATE markets_criterion SET position = 9",
        "DELETE FROM markets_criterion",
    ],
)
def test_a_criterion_of_a_grid_in_force_never_changes_even_from_raw_sql(sql, frozen):
    with refused(FROZEN):
        execute(sql)
    assert Criterion.objects.get().weight == frozen.weight


def test_a_criterion_of_a_grid_in_force_never_changes_even_from_the_orm(frozen):
    frozen.label = "Autre"
    for change in (frozen.save, frozen.delete, lambda: Criterion.objects.update(weight=20)):
        with refused(FROZEN):
            change()


def test_a_criterion_neither_leaves_nor_enters_a_grid_in_force(frozen):
    draft = CriterionFactory()
    move = "UPDATE markets_criterion SET grid_id = %s WHERE id = %s"
    with refused(FROZEN):
        execute(move, draft.grid_id, frozen.pk)
    with refused(FROZEN):
        execute(move, frozen.grid_id, draft.pk)
    with refused(FROZEN):
        CriterionFactory(grid=frozen.grid)


@pytest.mark.parametrize(
    "sql", ["UPDATE markets_criteriagrid SET valid_from = NULL", "DELETE FROM markets_criteriagrid"]
)
def test_a_grid_in_force_stays_so(sql):
    CriteriaGridFactory(in_force=True)
    with refused(FROZEN):
        execute(sql)


def test_a_criterion_of_a_draft_is_free_to_change_and_go():
    CriterionFactory()
    draft = CriterionFactory()
    execute("UPDATE markets_criterion SET weight = 20 WHERE id = %s", draft.pk)
    Criterion.objects.get(pk=draft.pk).delete()
    assert Criterion.objects.count() == 1
