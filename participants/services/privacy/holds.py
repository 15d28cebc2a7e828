"""What keeps a file from being anonymised: a litigation, a European audit (RGPD art. 17.3)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from participants.models import Participant, ParticipantHold

RELEASED = "Cette mesure est déjà levée."
PAST = "Cette date est déjà passée."
ANONYMISED = "Cette fiche est anonymisée : il n’y a plus rien à garder."


@transaction.atomic
def place_hold(*, participant, kind, reason, by, until=None):
    """Keep the file of a person until `until`, or until somebody releases it (None). Returns the ParticipantHold.

    Raises ValidationError (no reason, a European audit without its end, a day gone by), Conflict once anonymised.
    """
    person = lock(Participant.objects, participant.pk)
    if person.anonymised_on:
        raise Conflict(ANONYMISED)
    if until and until < timezone.localdate():
        raise ValidationError({"until": PAST})
    hold = ParticipantHold(participant=person, kind=kind, reason=reason.strip(), until=until)
    hold.placed_at, hold.placed_by = timezone.now(), by
    validated_save(hold, by=by)
    record(JournalAction.RETENTION, by=by, of=hold, territory=person.territory_id)
    return hold


@transaction.atomic
def release_hold(*, hold, by):
    """End a hold: the retention rule applies again. Raises Conflict when it is done already."""
    row = lock(ParticipantHold.objects.select_related("participant"), hold.pk)
    if row.released_at:
        raise Conflict(RELEASED)
    row.released_at, row.released_by = timezone.now(), by
    validated_save(row, by=by)
    record(JournalAction.RETENTION, by=by, of=row, territory=row.participant.territory_id)
    return row
