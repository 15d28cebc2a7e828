"""Columns every table writes the same way."""

from django.conf import settings
from django.db import models


def author_field(label, *, required=False, **options):
    """Who did it: the `_by` beside an `_at`; its account cannot be deleted while the row is there."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=not required,
        related_name="+",
        verbose_name=label,
        **options,
    )


def moment_field(label, *, required=False, **options):
    """When it was done: the `_at` beside a `_by`."""
    return models.DateTimeField(label, null=True, blank=not required, **options)
