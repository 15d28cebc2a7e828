"""Persons: kept short, tidy, without double."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.text import search_key, tidy
from clauses_portal.core.versions import refuse_stale
from participants.matching import CERTAIN
from participants.models import Participant
from participants.services.duplicates import likely_here
from participants.services.eligibility import keys_of

NAMES = ("first_name", "last_name", "birth_name", "address")
MERGED = "Cette fiche a été réunie à une autre : agissez sur la fiche gardée."
ARCHIVED = "Cette fiche n’est plus active : elle est archivée ou anonymisée."
LIMITED = "À la demande de la personne, ses données sont seulement conservées : rien ne peut être modifié."

ALREADY_FOLLOWED = "Une personne de ce nom et de cette date de naissance est déjà suivie ici."


class AlreadyFollowed(Conflict):
    """The person has a file in this territory; `existing` is its identifier."""

    def __init__(self, existing):
        super().__init__(ALREADY_FOLLOWED)
        self.existing = existing


def refuse_double(person):
    """Raise AlreadyFollowed when a file of her territory has these names and this birth date.

    For programs, that cannot compare two files as a person does; the other territories are not looked at (A8).
    """
    for other, match in likely_here(person, [person.territory]):
        if match.score == CERTAIN:
            raise AlreadyFollowed(other.pk)


@transaction.atomic
def save_person(*, person, by, seen=None, wanted_jobs=None):
    """Create or change a person: names in composed form, keys renewed; a neighbourhood code means that she lives there.

    `wanted_jobs`: [RomeCode], untouched when None. `seen`: the version that was read. Raises ValidationError when the
    person is already followed in this territory or is not born yet, Stale, Conflict on a merged file.
    """
    if person.pk:
        saved = lock(Participant.objects, person.pk)
        refuse_stale(saved, seen)
        refuse_closed(saved)
    renew_keys(person)
    if person.birth_date and person.birth_date > timezone.localdate():
        raise ValidationError({"birth_date": "Cette date de naissance n’est pas crédible."})
    validated_save(person, by=by)
    if wanted_jobs is not None:
        person.wanted_jobs.set(wanted_jobs)
    return person


def renew_keys(person):
    """Tidy what is typed of a person, and write again what is derived from it."""
    for name in NAMES:
        setattr(person, name, tidy(getattr(person, name)))
    person.search_name = search_key(person.last_name, person.birth_name, person.first_name)
    person.match_keys = keys_of(person)
    person.qpv_code = person.qpv_code.strip().upper()
    if person.qpv_code and person.lives_in_qpv is None:
        person.lives_in_qpv = True


@transaction.atomic
def record_notice(*, person, how, by):
    """Record that the person was told today what becomes of her data, and how (`InformationMeans`; domain.md §8)."""
    person = lock(Participant.objects, person.pk)
    refuse_closed(person)
    mark_informed(person, how, by)
    return validated_save(person, by=by)


def mark_informed(person, how, by):
    """Write on the instance who informed the person, when and how."""
    person.informed_how, person.informed_at, person.informed_by = how, timezone.now(), by


def refuse_closed(person):
    """Raise Conflict when this file is only a trace, is no longer active, or may only be kept (RGPD art. 18)."""
    if person.merged_into_id:
        raise Conflict(MERGED)
    if person.anonymised_on or person.archived_on:
        raise Conflict(ARCHIVED)
    if person.limited_on:
        raise Conflict(LIMITED)
