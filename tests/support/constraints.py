"""One table of rows per constraint: what it accepts and what it refuses, each nullable column also left NULL."""

from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint


@dataclass
class Rule:
    """A constraint and its rows. Each row is what changes in `make`'s valid one; a callable value is called late.

    `existing` is a row saved first, for uniqueness. `seen_by_forms` is False when validation says no before the
    constraint is asked (a field that a form demands, a SIRET whose key is wrong) or with Django's own sentence.
    """

    name: str
    make: callable
    accepted: list = field(default_factory=lambda: [{}])
    refused: list = field(default_factory=list)
    existing: dict | None = None
    seen_by_forms: bool = True


def row_of(rule, world, changes):
    """An unsaved row of the rule with these changes."""
    return rule.make(world, **{name: value(world) if callable(value) else value for name, value in changes.items()})


def rows(rules, outcome):
    """pytest parameters: each (rule, changes) of this outcome, named after the constraint."""
    return [
        pytest.param(rule, changes, id=f"{rule.name}-{number}")
        for rule in rules
        for number, changes in enumerate(getattr(rule, outcome))
    ]


def assert_accepted(rule, world, changes):
    if rule.existing is not None:
        row_of(rule, world, rule.existing).save()
    row_of(rule, world, changes).save()


def assert_refused(rule, world, changes):
    """Refused by the database under this name, and by validation with the sentence of the constraint."""
    if rule.existing is not None:
        row_of(rule, world, rule.existing).save()
    with pytest.raises(ValidationError) as raised:
        row_of(rule, world, changes).full_clean()
    if rule.seen_by_forms:
        assert sentence_of(rule.name) in raised.value.messages
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row_of(rule, world, changes).save()
    assert refusal.value.__cause__.diag.constraint_name == rule.name


def sentence_of(name):
    """The French sentence of a constraint."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return constraint.get_violation_error_message()
    raise LookupError(name)


def constraints_of(app_label):
    """Names of the constraints of an app, without those that only serve as targets of composite keys."""
    return {
        constraint.name
        for model in apps.get_app_config(app_label).get_models()
        for constraint in model._meta.constraints
        if not _serves_a_composite_key(constraint)
    }


def _serves_a_composite_key(constraint):
    return isinstance(constraint, UniqueConstraint) and "id" in constraint.fields
