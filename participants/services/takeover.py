"""What another program followed until now, brought in as it stands: validations, hours, exits (C22, ADR 0020).

Only imports call this. The decisions were taken there, on their day; the constraints of the database are the same, the
hours are counted again by the rules of the portal, and nothing here is open to a form or to the interface.
"""

from copy import copy
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from participants.counting import ZERO
from participants.enums import HoursSource, ValidationState
from participants.models import EligibilityValidation, ExitSituation, Participant
from participants.services import hours
from participants.services.exits import situation_to_take_over
from participants.services.grant_rules import BEFORE_DECISION, check_dates
from participants.services.hours import prehire
from participants.services.hours.corrections import book, correction_of, standing_parts, total_of
from participants.services.hours.desk import Desk, new_entry
from participants.services.hours.fates import fate_of
from participants.services.hours.months import CLOSED, OUTSIDE_CONTRACT, days_of_month, refuse_to_come, was_sent
from participants.services.hours.splitting import MORE_THAN_DECLARED
from participants.services.hours.writing import Shifts, check_hours, save_entry
from participants.services.persons import refuse_closed
from participants.services.validations import next_number

TAKEN_OVER = "Reprise : décidée le {day} dans {system}."
TO_COME = "La date de la décision est à venir."
NO_DECISION = "Une validation reprise porte la date de sa décision."
NO_REASON = "Des heures écartées portent leur motif."
OTHER_DAYS = "Des heures sont déjà enregistrées sur une partie de ces jours, autrement réparties."
# The transitions that lead to each state a validation may have been decided in.
DECIDED = {
    ValidationState.GRANTED: ("grant",),
    ValidationState.REFUSED: ("refuse",),
    ValidationState.REVOKED: ("grant", "revoke"),
}


@transaction.atomic
def take_over_validation(*, validation, state, decided_on, system, by):
    """Write a decision taken in the program `system` on the day `decided_on`: granted, refused or revoked there.

    `validation`: unsaved, or a request that waits here. The evidence was examined there and is not again; a granted one
    never takes effect before its decision (M10), never overlaps another (M9), and keeps to the 24 months unless it
    bears the reason of its extension. The hours it covers are recounted. Raises DomainError, ValidationError, Conflict.
    """
    refuse_closed(lock(Participant.objects, validation.participant_id))
    if decided_on is None:
        raise DomainError(NO_DECISION)
    if decided_on > timezone.localdate():
        raise DomainError(TO_COME)
    told = TAKEN_OVER.format(day=french.date(decided_on), system=system)
    validation.reason = f"{told} {validation.reason}".strip()
    if state == ValidationState.GRANTED:
        if validation.starts_on < decided_on:
            raise DomainError(BEFORE_DECISION)
        check_dates(validation)
        validation.decided_elsewhere_on = decided_on
    return _decided(validation, state, by)


def _decided(validation, state, by):
    now = timezone.now()
    if validation.requested_at is None:
        validation.requested_at, validation.requested_by = now, by
    for transition in DECIDED[state]:
        getattr(validation, transition)()
    if state != ValidationState.REFUSED:
        validation.number = next_number(timezone.localdate().year)
    validation.decided_at, validation.decided_by = now, by
    validated_save(validation, by=by)
    if state == ValidationState.GRANTED:
        hours.recount(participant=validation.participant, by=by)
    return validation


def take_over_exit(*, participant, award, horizon, situation, source, observed_on, by, job_title=""):
    """Record a situation that another program knew, whether the portal asks for it or not; returns the row.

    Raises DomainError when the person has no contract over on this award, ValidationError on a date that is not between
    the end of the contract and today.
    """
    with transaction.atomic():
        lock(Participant.objects, participant.pk)
        row = situation_to_take_over(participant.pk, award.pk, horizon, observed_on)
        row.situation, row.source, row.observed_on = situation, source, observed_on
        row.job_title = job_title
        row.asked_at, row.asked_by = timezone.now(), by
        return validated_save(row, by=by)


def known_exit(participant, award, horizon):
    """The situation followed for this person on this award, or None."""
    return ExitSituation.objects.filter(participant=participant, award=award, horizon=horizon).first()


def standing_validation(participant, category, starts_on):
    """The validation of this category from this day, whatever its state; a request may begin another day. Or None."""
    rows = EligibilityValidation.objects.filter(participant=participant, category=category, starts_on=starts_on)
    return rows.order_by("pk").first()


class HoursTakeover:
    """Hours of several contracts (ids) and months brought in one transaction. Call `close` at the end.

    Each line is written within `refusals(hours.REFUSALS)`: a line the database refuses leaves the others.
    """

    def __init__(self, contract_ids, months, by):
        self.desk, self.by = Desk(contract_ids, months), by
        self.shifts, self.versions = Shifts(), None

    def close(self):
        """Move the totals."""
        self.shifts.apply()

    def write(self, *, contract_pk, nature, days, declared, withheld=ZERO, withheld_reason=""):
        """Write the hours (h) of these (first, last) days of one month: a whole month, or one part of it.

        `withheld`: those the facilitator set aside, for a RejectionReason. They count by the rules of today. Returns
        the HoursEntry. Raises Conflict (month sent, other days stand), DomainError, ValidationError as `record_month`.
        """
        month = days[0].replace(day=1)
        sheet = self._open(contract_pk, nature, month, days)
        entry = self._part(sheet, days)
        before = entry.declared, entry.counted, entry.declared - entry.withheld
        if not 0 <= withheld <= declared:
            raise DomainError(MORE_THAN_DECLARED)
        if withheld and not withheld_reason:
            raise ValidationError({"withheld_reason": NO_REASON})
        staged, weight = Shifts(), declared - withheld - before[2]
        entry.withheld, entry.withheld_reason = withheld, withheld_reason if withheld else ""
        check_hours(entry, declared)
        if declared:
            self.desk.refuse_taken_over(sheet.contract, days[0])
        self.desk.workload.check(entry.participant_id, month, weight)
        granted = self.desk.granted[entry.participant_id]
        save_entry(entry, self._fate(entry, granted), staged, by=self.by, before=before[:2])
        self._settle(sheet, staged)
        self.shifts.take(staged)
        parts = [part for part in sheet.parts if part.pk != entry.pk]
        self.desk.keep(replace(sheet, parts=sorted([*parts, entry], key=lambda part: part.starts_on)), weight)
        return entry

    def correct(self, *, contract_pk, nature, days, declared, booked_in, reason):
        """Book a régularisation of the other program: `declared` hours (h, any sign) in the month `booked_in`.

        Returns it, or None when the days counted otherwise here and nothing is left to correct. Raises as `write`.
        """
        month = days[0].replace(day=1)
        sheet = self._sheet(contract_pk, nature, month, days)
        refuse_to_come(booked_in)
        self._refuse_sent(sheet, booked_in)
        if not reason.strip():
            raise ValidationError({"reason": "Indiquez le motif de la régularisation."})
        total = total_of(standing_parts(sheet).get(days, []))[0] + declared
        staged = Shifts()
        correction = correction_of(sheet, days, reason, self.desk, total, booked_in=booked_in)
        if correction is None:
            return None
        correction.source = HoursSource.IMPORT
        book(correction, staged, by=self.by)
        self._settle(sheet, staged)
        self.shifts.take(staged)
        self.desk.keep(replace(sheet, corrections=[*sheet.corrections, correction]), correction.declared)
        return correction

    def _open(self, contract_pk, nature, month, days):
        sheet = self._sheet(contract_pk, nature, month, days)
        refuse_to_come(days[0])
        self._refuse_sent(sheet, days[0])
        return sheet

    def _sheet(self, contract_pk, nature, month, days):
        sheet = self.desk.sheet(contract_pk, month, nature)
        first, last = days_of_month(sheet.contract, month)
        if not first <= days[0] <= days[1] <= last:
            raise DomainError(OUTSIDE_CONTRACT)
        return sheet

    def _refuse_sent(self, sheet, day):
        territory = sheet.contract.territory_id
        if was_sent(territory, day, {(territory, start) for start in sheet.contract.closed}):
            raise Conflict(CLOSED)

    def _part(self, sheet, days):
        """The entry of these days, new unless it stands. Raises Conflict when others share a day with it."""
        for entry in sheet.parts:
            if (entry.starts_on, entry.ends_on) == days:
                return copy(entry)
            if entry.starts_on <= days[1] and entry.ends_on >= days[0]:
                raise Conflict(OTHER_DAYS)
        self.versions = self.desk.last_versions() if self.versions is None else self.versions
        version = 0 if sheet.parts else self.versions[sheet.contract.pk, sheet.nature, sheet.month]
        entry = new_entry(sheet, HoursSource.IMPORT, version)
        entry.starts_on, entry.ends_on = days
        return entry

    def _fate(self, entry, granted):
        return fate_of(entry, granted=granted, allowance=prehire.allowance_of(entry))

    def _settle(self, sheet, shifts):
        if prehire.is_capped(sheet.contract):
            prehire.settle({sheet.contract.award_id}, shifts, by=self.by)
