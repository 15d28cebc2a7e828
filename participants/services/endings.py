"""Validations that will soon end, with nothing that follows them: to be renewed, or extended, in time (A08)."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from participants.models import EligibilityValidation

SOON = timedelta(days=60)


def ending_soon(validations, day):
    """Of these validations, those granted that end within 60 days of `day`, unless another carries on after."""
    following = EligibilityValidation.objects.granted().filter(
        participant=OuterRef("participant"), ends_on__gt=OuterRef("ends_on")
    )
    return validations.ending(day, day + SOON).filter(~Exists(following)).order_by("ends_on", "pk")
