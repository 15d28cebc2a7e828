"""What every service does before it saves: validate everything, and name the author."""


def validated_save(instance, *, by):
    """Run every validator and constraint, then save with `by` as the history's author.

    Raises django.core.exceptions.ValidationError with French sentences, field by field.
    """
    instance.full_clean()
    instance._history_user = by
    instance.save()
    return instance


def lock(queryset, pk):
    """Return the row, locked until the end of the transaction."""
    return queryset.select_for_update(of=("self",)).get(pk=pk)
