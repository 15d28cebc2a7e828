"""What every service does before it saves: validate everything, and name the author."""

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction


def validated_save(instance, *, by):
    """As `checked_save`, with `by` as the history's author."""
    instance._history_user = by
    return checked_save(instance)


def checked_save(instance):
    """Run every validator and constraint, then save.

    The database checks the constraints as it writes; only what it refuses is asked again, to name what is wrong.
    Raises django.core.exceptions.ValidationError with French sentences, field by field.
    """
    check_fields(instance)
    try:
        with transaction.atomic():
            instance.save()
    except (IntegrityError, DataError):
        instance.validate_constraints()
        raise
    return instance


def save_columns(instance, *, by, **changes):
    """Save these columns alone, with `by` as the history's author: what is written needs no validator, it is ours."""
    for name, value in changes.items():
        setattr(instance, name, value)
    instance._history_user = by
    instance.save(update_fields=list(changes))
    return instance


def check_fields(instance):
    """Run every validator, the constraints left to the database. Raises ValidationError, field by field."""
    try:
        instance.full_clean(validate_constraints=False)
    except ValidationError:
        instance.full_clean()  # says everything that is wrong, not the fields alone
        raise


def lock(queryset, pk):
    """Return the row, locked until the end of the transaction."""
    return queryset.select_for_update(of=("self",)).get(pk=pk)
