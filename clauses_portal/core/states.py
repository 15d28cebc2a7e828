"""Rows whose `state` moves by transitions alone (django-fsm, drawn by `state_diagrams`)."""

from django.db import models


class StateByTransition(models.Model):
    """A model with a protected `state`: validation leaves it aside, as it would write it back."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        """As usual, the state left aside: only its transitions write it."""
        super().clean_fields({*(exclude or ()), "state"})
