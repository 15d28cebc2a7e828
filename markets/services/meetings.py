"""Meetings: planned, moved, cancelled, held with what was asked there (C9, C15; domain.md §9.5)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import checked_save, lock, validated_save
from clauses_portal.core.versions import refuse_stale
from markets.enums import Attendance, MeetingState
from markets.models import Meeting, MeetingGuest, PlannedHire
from markets.services.invitations import tell_cancelled, tell_moved, withdraw_invitation
from markets.services.meeting_guests import proposed_guests

CANCELLED = "Cette réunion est annulée : elle ne change plus."
NOT_PLANNED = "Cette réunion a eu lieu ou est annulée."
NOT_YET = "Cette réunion n’a pas encore eu lieu."
IN_THE_FUTURE = "Cette réunion a eu lieu : sa date ne peut pas être à venir."
SAW_HER = "Cette personne est pointée : elle reste au compte rendu."
# What an invitation tells: when one of these changes, those who have it are told.
TOLD = ("title", "kind", "begins_on", "minutes_long", "place")


@transaction.atomic
def plan_meeting(*, meeting, by):
    """Plan an unsaved Meeting of a lot, or of a territory, with the guests it usually has. Nobody is told yet.

    Raises ValidationError when a field is wrong.
    """
    if meeting.lot is not None:
        meeting.territory_id = meeting.lot.territory_id
    meeting.created_at, meeting.created_by = timezone.now(), by
    validated_save(meeting, by=by)
    for guest in proposed_guests(meeting):
        checked_save(guest)
    return meeting


@transaction.atomic
def change_meeting(*, meeting, by, seen=None):
    """Save what was typed on a meeting; those who were invited receive the new invitation while it is ahead.

    Raises Conflict when it is cancelled, Stale when somebody changed it since `seen`, DomainError when a meeting that
    took place would be moved to the future.
    """
    before = lock(Meeting.objects, meeting.pk)
    refuse_stale(before, seen)
    if before.state == MeetingState.CANCELLED:
        raise Conflict(CANCELLED)
    if before.state == MeetingState.HELD and meeting.begins_on > timezone.now():
        raise DomainError(IN_THE_FUTURE)
    is_told = before.state == MeetingState.PLANNED and any(
        getattr(before, name) != getattr(meeting, name) for name in TOLD
    )
    meeting.sequence = before.sequence + is_told
    validated_save(meeting, by=by)
    if is_told:
        tell_moved(meeting, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting, by):
    """It will not take place: those who were invited are told. Raises Conflict when it was held, or cancelled."""
    meeting = lock(Meeting.objects, meeting.pk)
    if meeting.state != MeetingState.PLANNED:
        raise Conflict(NOT_PLANNED)
    meeting.cancel()
    meeting.sequence += 1
    validated_save(meeting, by=by)
    tell_cancelled(meeting, by=by)
    return meeting


@transaction.atomic
def record_meeting(*, meeting, attendance, by, seen=None):
    """Write down a meeting that took place: what was asked and decided, and who came. It is then held.

    `attendance` is {guest id: Attendance}. Raises DomainError before its day, Conflict when it is cancelled, Stale
    when somebody wrote it down meanwhile.
    """
    before = lock(Meeting.objects, meeting.pk)
    refuse_stale(before, seen)
    if before.state == MeetingState.CANCELLED:
        raise Conflict(CANCELLED)
    if not may_be_recorded(before):
        raise DomainError(NOT_YET)
    if before.state == MeetingState.PLANNED:
        meeting.hold()
    validated_save(meeting, by=by)
    for guest in meeting.guests.select_for_update(of=("self",)):
        if guest.pk in attendance:
            guest.attendance = attendance[guest.pk]
            checked_save(guest)
    return meeting


def may_be_recorded(meeting):
    """Is it the day of the meeting, or later?"""
    day = timezone.localdate(meeting.begins_on)
    return meeting.state != MeetingState.CANCELLED and day <= timezone.localdate()


@transaction.atomic
def add_guest(*, meeting, guest, by):
    """Add an unsaved MeetingGuest; at a meeting that took place, she was there. Raises Conflict when cancelled."""
    meeting = lock(Meeting.objects, meeting.pk)
    if meeting.state == MeetingState.CANCELLED:
        raise Conflict(CANCELLED)
    guest.meeting = meeting
    if meeting.state == MeetingState.HELD:
        guest.attendance = Attendance.PRESENT
    checked_save(guest)
    return guest


@transaction.atomic
def remove_guest(*, guest, by):
    """Take a guest off the list; the one who was invited is told. Raises Conflict once the meeting is over."""
    meeting = lock(Meeting.objects, guest.meeting_id)
    guest = lock(MeetingGuest.objects, guest.pk)
    if guest.attendance != Attendance.UNKNOWN:
        raise Conflict(SAW_HER)
    if meeting.state != MeetingState.PLANNED:
        raise Conflict(NOT_PLANNED)
    withdraw_invitation(meeting, guest, by=by)
    guest.delete()


@transaction.atomic
def announce_hires(*, meeting, hire, by):
    """Note an unsaved PlannedHire that a company announced. Raises Conflict when the meeting is cancelled."""
    meeting = lock(Meeting.objects, meeting.pk)
    if meeting.state == MeetingState.CANCELLED:
        raise Conflict(CANCELLED)
    hire.meeting = meeting
    checked_save(hire)
    return hire


@transaction.atomic
def withdraw_hires(*, hire, by):
    """Take off hires noted by mistake; minutes already produced keep them."""
    lock(Meeting.objects, hire.meeting_id)
    PlannedHire.objects.filter(pk=hire.pk).delete()
