"""A26: what was done stays written: neither changed nor removed, by the code or by a colleague in a hurry."""

import pytest
from django.conf import settings
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError

from clauses_portal.accounts.models import User
from tests.factories.markets import LotFactory
from tests.support.sql import execute

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    """The database as web and worker processes have it."""
    with transaction.atomic():
        execute(f"SET LOCAL ROLE {connection.ops.quote_name(settings.APPLICATION_ROLE)}")
        yield
        transaction.set_rollback(True)


def histories():
    return sorted(name for name in connection.introspection.table_names() if "_historical" in name)


@pytest.mark.parametrize("attack", ["DELETE FROM {}", "UPDATE {} SET history_id = 1", "TRUNCATE {}"])
def test_no_history_is_changed_nor_removed_by_the_application(application, attack):
    tables = histories()
    assert len(tables) > 20
    for table in tables:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute(attack.format(connection.ops.quote_name(table)))


def test_a_history_is_not_removed_by_the_code(application):
    lot = LotFactory._meta.model
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        lot.history.all().delete()


def test_an_account_that_acted_is_never_removed():
    """Every link to an account holds it back: it is closed, and what it did keeps its author."""
    for relation in User._meta.related_objects:
        if relation.related_model.__name__.startswith("Historical"):
            assert relation.on_delete in {models.PROTECT, models.DO_NOTHING}, relation
