from django.db.models import CheckConstraint, F, Q


def both_or_none(model, stem, message="La date et l’auteur vont ensemble."):
    """Constraint: `<stem>_at` and `<stem>_by` are both there or both absent (when and who go together)."""
    return CheckConstraint(
        name=f"{model}_{stem}_pair",
        condition=Q(**{f"{stem}_at__isnull": True, f"{stem}_by__isnull": True})
        | Q(**{f"{stem}_at__isnull": False, f"{stem}_by__isnull": False}),
        violation_error_message=message,
    )


def in_order(first, last):
    """Condition: `last` does not precede `first`, where both are known."""
    return Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)})


def dates_in_order(name, first, last, message):
    """Constraint `name`: `last` does not precede `first`, where both are known; `message` is its French sentence."""
    return CheckConstraint(name=name, condition=in_order(first, last), violation_error_message=message)
