"""Turning a refusal of the database into the sentence of the constraint that refused (security.md §6, 45)."""

from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, transaction

from clauses_portal.core.errors import DomainError

GENERIC = "Ces données se contredisent : rien n’a été enregistré."


@contextmanager
def refusals(sentences=None):
    """Run a block in a savepoint; raise DomainError with a French sentence when the database refuses it.

    `sentences`: {constraint name or SQLSTATE: sentence} for what no model constraint describes.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise DomainError(explain(error, sentences or {})) from error


def explain(error, sentences):
    """Return the sentence of the constraint named by this IntegrityError."""
    cause = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None)
    state = getattr(cause, "pgcode", None)
    known = sentences.get(name) or sentences.get(state) or _constraint_messages().get(name)
    return str(known or GENERIC)


def _constraint_messages():
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
