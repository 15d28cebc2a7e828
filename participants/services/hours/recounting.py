"""Deciding again the fate of hours: a validation granted, the dates of a lot moved, a rule changed."""

from django.db import transaction

from clauses_portal.core.services import lock
from participants.enums import ContractType
from participants.models import HoursEntry, Participant
from participants.services.hours import prehire
from participants.services.hours.fates import READ_WITH, fate_of, granted_by_person
from participants.services.hours.months import closed_quarters, is_frozen
from participants.services.hours.writing import Shifts, revise


@transaction.atomic
def recount(*, participant, by):
    """Decide again the fate of a person's hours in the months still open. Call it when her validations change."""
    lock(Participant.objects, participant.pk)
    recount_entries(HoursEntry.objects.filter(participant=participant), by=by)


@transaction.atomic
def recount_lot(*, lot_id, by=None):
    """Decide again the fate of the hours of a lot in the months still open: its dates moved, or its rule changed."""
    persons = Participant.objects.filter(contracts__lot=lot_id).order_by().values("pk")
    list(Participant.objects.filter(pk__in=persons).order_by("pk").select_for_update(of=("self",)))
    recount_entries(HoursEntry.objects.filter(lot=lot_id), by=by)


def recount_entries(rows, *, by, granted=None):
    """Recount the entries of open months among these rows; corrections stay what they were decided.

    `granted`: {person id: days} instead of what the database says. The persons are locked by the caller.
    """
    own = rows.filter(contract__contract_type=ContractType.PREHIRE_TRAINING).order_by()
    awards = set(own.values_list("contract__award", flat=True))
    entries = rows.typed().exclude(contract__contract_type=ContractType.PREHIRE_TRAINING)
    entries = list(entries.select_related(READ_WITH).select_for_update(of=("self",)).order_by("pk"))
    closed = closed_quarters({entry.territory_id for entry in entries})
    known = granted_by_person({entry.participant_id for entry in entries}) | (granted or {})
    shifts = Shifts()
    for entry in entries:
        if not is_frozen(entry, closed):
            revise(entry, fate_of(entry, granted=known.get(entry.participant_id, [])), shifts, by=by)
    prehire.settle(awards, shifts, by=by, granted=granted)
    shifts.apply()
