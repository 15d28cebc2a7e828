"""Persons: kept short, tidy, without double."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.services import validated_save
from clauses_portal.core.text import search_key, tidy

NAMES = ("first_name", "last_name", "birth_name", "address")


@transaction.atomic
def save_person(*, person, by):
    """Create or change a person: names in composed form, search key renewed.

    Raises ValidationError when the person is already followed in this territory, or is not born yet.
    """
    for name in NAMES:
        setattr(person, name, tidy(getattr(person, name)))
    person.search_name = search_key(person.last_name, person.birth_name, person.first_name)
    if person.birth_date and person.birth_date > timezone.localdate():
        raise ValidationError({"birth_date": "Cette date de naissance n’est pas crédible."})
    return validated_save(person, by=by)
