"""How much a person works in a month, over all her contracts, employers and territories (invariant 3).

48 h a week leave 218 h in the longest month: more is kept with a warning; above 260 h nothing is kept. Hours set aside
(a double declaration, an absence) are not worked, and do not add up.
"""

from collections import defaultdict

from django.db import connection
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth

from clauses_portal.core.errors import DomainError
from clauses_portal.core.periods import month_range
from participants.counting import ZERO
from participants.matching import CERTAIN, Identity, match_keys, same_person_score
from participants.models import HoursEntry, Participant

WATCHED, MOST = 218, 260
TOO_MANY = (
    "Plus de 218 h dans le mois pour cette personne, tous contrats, employeurs et territoires réunis : "
    "vérifiez la durée légale du travail."
)
FAR_TOO_MANY = (
    "Heures refusées : plus de 260 h dans le mois pour cette personne, tous contrats, employeurs et territoires "
    "réunis. Cherchez une double déclaration."
)
NAMES = ("participant__first_name", "participant__last_name", "participant__birth_date", "participant__birth_name")


def lock_identities(persons):
    """Until the end of the transaction, nobody else adds up the hours of these persons, whatever their file.

    Files of one identity share their birth date: that is what is locked, in order.
    """
    births = sorted({person.birth_date.toordinal() for person in persons})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('hours of a birth date'), day) FROM unnest(%s) day", [births]
        )


class Workload:
    """Hours worked by some persons in some months, all their files together, kept up to date as one writes."""

    def __init__(self, persons, months):
        self.persons = {person.pk: person for person in persons}
        self.worked = defaultdict(lambda: ZERO)
        for file, month, hours in _worked(persons, months):
            for person in persons:
                if _is(person, file):
                    self.worked[person.pk, month] += hours

    def check(self, participant_id, month, difference):
        """What a difference (h, any sign) would make: a warning, « » when all is well.

        Raises DomainError when the month would become too heavy; lightening it is never refused.
        """
        total = self.worked[participant_id, month] + difference
        if total > MOST and difference > 0:
            raise DomainError(FAR_TOO_MANY)
        return TOO_MANY if total > WATCHED else ""

    def add(self, participant_id, month, difference):
        """Hours (h, any sign) that were written, for all the files of the person."""
        for pk in self._files_of(participant_id):
            self.worked[pk, month] += difference

    def _files_of(self, participant_id):
        person = self.persons[participant_id]
        return [pk for pk, other in self.persons.items() if pk == participant_id or _same(person, other)]


def _worked(persons, months):
    """[((file id, id it is merged into, Identity), month, hours)] of the files that may be those of these persons."""
    first, last = month_range(min(months))[0], month_range(max(months))[1]
    rows = HoursEntry.objects.filter(participant__in=files_like(persons), starts_on__range=(first, last))
    rows = rows.order_by().annotate(worked_in=TruncMonth("starts_on"))
    rows = rows.values_list("participant_id", "participant__merged_into_id", *NAMES, "worked_in")
    for pk, merged_into, *names, month, hours in rows.annotate(hours=Sum(F("declared") - F("withheld"))):
        yield (pk, merged_into, Identity(*names)), month, hours


def files_like(persons):
    """Files that may be those of these persons: their own, those merged, those of the same names and birth date."""
    keys = {key for person in persons for key in match_keys(person) if key.startswith("n")}
    births = {person.birth_date for person in persons}
    own = {person.pk for person in persons} | {person.merged_into_id for person in persons} - {None}
    alike = Q(match_keys__overlap=sorted(keys), birth_date__in=births)
    return Participant.objects.filter(Q(pk__in=own) | Q(merged_into__in=own) | alike).order_by().values("pk")


def _is(person, file):
    pk, merged_into, identity = file
    own = {person.pk, person.merged_into_id} - {None}
    return pk in own or merged_into in own or _same(person, identity)


def _same(person, other):
    return person.birth_date == other.birth_date and same_person_score(person, other).score == CERTAIN
