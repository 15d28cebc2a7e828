"""What every service does before it saves: validate everything, and name the author."""

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import BooleanField, CheckConstraint, Q
from django.db.models.functions import Coalesce


def validated_save(instance, *, by):
    """Run every validator and constraint, then save with `by` as the history's author.

    The database checks the constraints as it writes; only what it refuses is asked again, to name what is wrong.
    Raises django.core.exceptions.ValidationError with French sentences, field by field.
    """
    _clean(instance)
    instance._history_user = by
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


def validate(instance):
    """As `full_clean`, its check constraints asked to the database together: one question instead of one each.

    Only when something is wrong are they asked one by one, to name what. Raises ValidationError.
    """
    _clean(instance)
    if _some_check_fails(instance) or _is_double(instance):
        instance.validate_constraints()


def _clean(instance):
    try:
        instance.full_clean(validate_constraints=False)
    except ValidationError:
        instance.full_clean()  # says everything that is wrong, not the fields alone
        raise


def _is_double(instance):
    """True when a constraint that looks at the other rows refuses this one."""
    others = [constraint for constraint in instance._meta.constraints if not isinstance(constraint, CheckConstraint)]
    try:
        for constraint in others:
            constraint.validate(type(instance), instance)
    except ValidationError:
        return True
    return False


def _some_check_fails(instance):
    """False when every check constraint holds for certain; True too when the database could not tell."""
    checks = [constraint for constraint in instance._meta.constraints if isinstance(constraint, CheckConstraint)]
    if not checks:
        return False
    # NULL passes, as in a CHECK of the database
    every = Q(*(Q(Coalesce(Q(check.condition), True, output_field=BooleanField())) for check in checks))
    values = instance._get_field_expression_map(meta=instance._meta)
    named = {name for check in checks for name in check.condition.referenced_base_fields}
    # only what the conditions name: each value is a column of the question
    return (~every).check({name: value for name, value in values.items() if name in named})


def lock(queryset, pk):
    """Return the row, locked until the end of the transaction."""
    return queryset.select_for_update(of=("self",)).get(pk=pk)
