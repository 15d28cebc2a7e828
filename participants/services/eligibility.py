"""One person through her files: same names, same birth date, whatever the territory (domain.md §12 n° 7, 8)."""

from django.db.models import Min

from clauses_portal.core.second_lock import beyond_scope
from participants.eligibility import Clock
from participants.matching import CERTAIN, match_keys, same_person_score
from participants.models import EmploymentContract, Participant


def same_identity(person):
    """[Participant] with territory: the other files, in any territory, of this exact identity."""
    alike = Participant.objects.current().filter(birth_date=person.birth_date, match_keys__overlap=keys_of(person))
    files = alike.exclude(pk=person.pk).select_related("territory").order_by("pk")
    with beyond_scope("compter ensemble les fiches d’une même personne, sans les montrer"):
        return [other for other in files if same_person_score(person, other).score == CERTAIN]


def clock_of(person):
    """The `Clock` of a person: her first contract in any territory (read by the services, told as months only)."""
    files = [person.pk, *(other.pk for other in same_identity(person))]
    first = EmploymentContract.objects.filter(participant__in=files).aggregate(first=Min("starts_on"))
    return Clock(first["first"])


def keys_of(person):
    """The keys of `participants.matching`, in a stable order."""
    return sorted(match_keys(person))
