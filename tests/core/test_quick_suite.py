"""What makes the suite quick changes nothing of what it starts from."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, CreateModel, RunSQL
from django.db.migrations.state import ProjectState

from markets.models import ObjectiveEntry
from tests.factories.accounts import UserFactory
from tests.factories.participants import HoursEntryFactory
from tests.support.emptying import empty, filled
from tests.support.quick_migrations import InARow, grouped

KEY = ("id", models.BigAutoField(primary_key=True))
OPERATIONS = [
    CreateModel("Owner", [KEY]),
    CreateModel("Thing", [KEY], options={"constraints": []}),
    AddField("Thing", "size", models.IntegerField(default=1)),
    AddField("Thing", "owner", models.ForeignKey("core.Owner", models.CASCADE)),
    AddConstraint("Thing", models.CheckConstraint(condition=models.Q(size__gt=0), name="some")),
    RunSQL("SELECT 1"),
    AddField("Owner", "name", models.TextField(default="")),
]


def after(operations):
    """The models after these operations, as a migration would see them."""
    state = ProjectState()
    _ = state.apps
    for operation in operations:
        operation.state_forwards("core", state)
    thing, owner = (state.apps.get_model("core", name) for name in ("Thing", "Owner"))
    return {
        "owned": thing._meta.get_field("owner").related_model is owner,
        "fields": [[field.name for field in model._meta.get_fields()] for model in (thing, owner)],
        "constraints": thing._meta.constraints,
    }


def test_operations_in_a_row_leave_the_same_models():
    assert after(grouped(OPERATIONS)) == after(OPERATIONS)
    assert after(OPERATIONS)["owned"]


def test_operations_stay_in_their_order():
    rows = grouped(OPERATIONS)
    assert [type(one) for one in rows] == [CreateModel, CreateModel, InARow, RunSQL, InARow]
    flat = [each for one in rows for each in (one.operations if isinstance(one, InARow) else [one])]
    assert flat == OPERATIONS


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_by_a_test_with_real_transactions():
    """Not even lines that are never deleted, nor rows whose keys are checked at once."""
    HoursEntryFactory(), UserFactory()
    assert ObjectiveEntry.objects.exists()
    permissions = Permission.objects.count()
    empty()
    with connection.cursor() as cursor:
        left = filled(cursor, connection.introspection.table_names(cursor))
    assert left == {"auth_permission", "django_content_type", "django_migrations"}
    assert Permission.objects.count() == permissions > 0
