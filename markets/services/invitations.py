"""Invitations to a meeting: one e-mail a guest, with the event that her agenda takes in, moves or takes out (A31)."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.ical import Appointment, invitation_bytes
from clauses_portal.core.services import lock
from facilitators.mail import queue_mail
from markets.enums import MeetingState
from markets.models import Meeting

OVER = "Cette réunion n’est plus à venir : il n’est plus temps d’inviter."
NOBODY = "Aucune invitation à envoyer : chaque invité qui a une adresse l’a déjà reçue."
FIRST, MOVED, CANCELLED = "Invitation", "Réunion modifiée", "Réunion annulée"


@transaction.atomic
def invite(*, meeting, by):
    """Write to each guest who has an address and was not invited yet. Returns how many.

    Raises Conflict when the meeting is over or cancelled, DomainError when nobody is left to invite.
    """
    meeting = lock(Meeting.objects.select_related("lot__market", "territory"), meeting.pk)
    if meeting.state != MeetingState.PLANNED or meeting.begins_on < timezone.now():
        raise Conflict(OVER)
    guests = list(meeting.guests.filter(invited_on=None).exclude(email=""))
    if not guests:
        raise DomainError(NOBODY)
    _tell(meeting, guests, FIRST, by)
    meeting.guests.filter(pk__in=[guest.pk for guest in guests]).update(invited_on=timezone.now())
    return len(guests)


def tell_moved(meeting, *, by):
    """Send the new invitation to those who have the former one, while the meeting is ahead."""
    if meeting.begins_on >= timezone.now():
        guests = meeting.guests.filter(invited_on__isnull=False)
        _tell(meeting, guests, MOVED, by)
        guests.update(invited_on=timezone.now())


def tell_cancelled(meeting, *, by):
    """Tell those who were invited that a meeting ahead will not take place."""
    if meeting.begins_on >= timezone.now():
        _tell(meeting, meeting.guests.filter(invited_on__isnull=False), CANCELLED, by)


def withdraw_invitation(meeting, guest, *, by):
    """Take the meeting out of the agenda of one guest, if she had it."""
    if guest.invited_on and meeting.begins_on >= timezone.now():
        _tell(meeting, [guest], CANCELLED, by)


def _tell(meeting, guests, what, by):
    """One mail a guest. Its subject and text name the meeting, never a participant nor an amount."""
    moment = timezone.localtime(meeting.begins_on)
    subject = f"{what} : {meeting.get_kind_display()}, le {moment:%d/%m/%Y à %H:%M}"
    organizer = meeting.created_by
    for guest in guests:
        appointment = _appointment(meeting, guest, is_cancelled=what == CANCELLED)
        context = {
            "what": what,
            "is_cancelled": appointment.is_cancelled,
            "meeting": meeting,
            "guest": guest,
            "moment": moment,
            "organizer": organizer,
            "by": by,
            # a company has no account: the page would be closed to it
            "link": link(meeting) if guest.account_id else "",
        }
        queue_mail(
            recipient=guest.email,
            subject=subject,
            body=render_to_string("emails/meeting_invitation.txt", context),
            attachment=(
                "reunion.ics",
                f"text/calendar; method={appointment.method}; charset=UTF-8",
                invitation_bytes(appointment),
            ),
        )


def _appointment(meeting, guest, *, is_cancelled):
    """The event as an agenda reads it; the answers of guests go to whoever planned the meeting."""
    organizer = meeting.created_by
    return Appointment(
        uid=f"reunion-{meeting.pk}@clauses-sociales",
        sequence=meeting.sequence,
        begins_on=meeting.begins_on,
        ends_on=meeting.ends_on,
        summary=str(meeting),
        place=meeting.place,
        organizer=(str(organizer), organizer.email),
        guest=(guest.name, guest.email),
        last_changed=timezone.now(),
        is_cancelled=is_cancelled,
    )


def link(meeting):
    """Address of the page of a meeting, for a mail."""
    return settings.SITE_URL.rstrip("/") + reverse("markets:meeting", args=[meeting.pk])
