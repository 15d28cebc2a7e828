"""A produced document and a grid in force no longer change, whoever writes: the triggers of the database."""

import pytest

from markets.models import ContractDocument, Criterion
from tests.factories.preparation import ContractDocumentFactory, CriteriaGridFactory, CriterionFactory
from tests.support.sql import execute, refused

pytestmark = pytest.mark.django_db
FROZEN = "23R01"


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
def test_a_criterion_of_a_grid_in_force_never_changes_even_from_raw_sql(sql):
    criterion = CriterionFactory()
    with refused(FROZEN):
        execute(sql)
    assert Criterion.objects.get().weight == criterion.weight


def test_a_criterion_of_a_grid_in_force_never_changes_even_from_the_orm():
    criterion = CriterionFactory()
    criterion.label = "Autre"
    for change in (criterion.save, criterion.delete, lambda: Criterion.objects.update(weight=20)):
        with refused(FROZEN):
            change()


def test_a_criterion_does_not_leave_a_grid_in_force():
    criterion, draft = CriterionFactory(), CriteriaGridFactory(valid_from=None)
    with refused(FROZEN):
        execute("UPDATE markets_criterion SET grid_id = %s WHERE id = %s", draft.pk, criterion.pk)


def test_a_criterion_of_a_draft_is_free_to_change_and_go():
    CriterionFactory()
    draft = CriterionFactory(grid__valid_from=None)
    execute("UPDATE markets_criterion SET weight = 20 WHERE id = %s", draft.pk)
    Criterion.objects.get(pk=draft.pk).delete()
    assert Criterion.objects.count() == 1
