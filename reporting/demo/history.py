"""Dating facts in the past: services stamp today, and the demonstration tells what happened before."""

from simple_history.utils import bulk_create_with_history

from reporting.demo.calendar import at


def backdate(row, day, **stamps):
    """Give a row, and all its history, the date it would have had. `stamps`: its own columns to rewrite."""
    if stamps:
        type(row).objects.filter(pk=row.pk).update(**stamps)
    row.history.update(history_date=at(day), **stamps)


def create_many(rows, *, by):
    """Validate the fields of new rows and create them with their history. Rows may carry `_history_date`.

    Raises ValidationError on the first row that is not right.
    """
    for row in rows:
        row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    return bulk_create_with_history(rows, type(rows[0]), default_user=by) if rows else []
