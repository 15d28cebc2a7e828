"""Who may be the same person: shown here, told without a name elsewhere (security.md A8; domain.md §12 n° 10)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.second_lock import beyond_scope
from facilitators.models import Convention
from participants.matching import likely_duplicates
from participants.models import EligibilityValidation, Participant
from participants.services.eligibility import keys_of, same_identity

MOST = 200  # files that share a key: beyond, the key says nothing


@dataclass(frozen=True)
class Elsewhere:
    """What may be said of the same identity in another territory: that it exists, until when, whom to call."""

    valid_until: date | None
    structures: tuple[str, ...]

    def __str__(self):
        """The one sentence, whatever the file holds."""
        until = f"validée jusqu’au {french.date(self.valid_until)}" if self.valid_until else "sans validation en cours"
        call = f" Appelez la structure qui la suit : {', '.join(self.structures)}." if self.structures else ""
        return (
            f"Une personne du même nom et de la même date de naissance est suivie dans un autre territoire, {until}."
            f"{call}"
        )


def likely_here(person, territories):
    """[(other person, Match)] of the files of these territories that may be hers, the likeliest first."""
    files = Participant.objects.current().filter(territory__in=territories, match_keys__overlap=keys_of(person))
    files = files.exclude(pk=person.pk).select_related("territory", "commune").order_by("pk")
    return likely_duplicates(person, files[:MOST])


def exact_elsewhere(person, territories):
    """`Elsewhere` when this very identity has a file out of these territories, else None."""
    known = {territory.pk for territory in territories}
    today = timezone.localdate()
    with beyond_scope("dire qu’une fiche existe ailleurs, sans la montrer"):
        files = [other for other in same_identity(person) if other.territory_id not in known]
        granted = EligibilityValidation.objects.granted().filter(participant__in=files, ends_on__gte=today)
        last = granted.aggregate(last=Max("ends_on"))["last"]
    return Elsewhere(last, _structures({other.territory_id for other in files}, today)) if files else None


def _structures(territory_ids, day):
    """« Structure (téléphone) » of those under convention in these territories on `day`."""
    conventions = Convention.objects.in_force(day).filter(territories__in=territory_ids)
    rows = conventions.order_by("structure__name").values_list("structure__name", "structure__phone").distinct()
    return tuple(f"{name} ({phone})" if phone else name for name, phone in rows)
