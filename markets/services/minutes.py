"""The minutes of a meeting: produced once, kept as they were sent; a correction is a new version (C9)."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from clauses_portal.core.papers import freeze
from clauses_portal.core.services import lock
from facilitators.mail import queue_mail
from markets.enums import Attendance, MeetingState
from markets.meeting_papers import minutes_pdf, stem
from markets.models import Meeting, MeetingMinutes
from markets.services.invitations import link

NOT_HELD = "Saisissez d’abord ce qui s’est dit et qui était là : le compte rendu se produit ensuite."
NOT_SEEN = "Pointez d’abord la présence de chaque invité."


@transaction.atomic
def produce_minutes(*, meeting, after, by):
    """Produce the next version of the minutes and send it to each guest who has an address. Returns the MeetingMinutes.

    `after` is the last version its author saw, 0 for none. Raises DomainError when the meeting was not written down or
    somebody's attendance is unknown, Conflict when another version was produced meanwhile.
    """
    meeting = lock(Meeting.objects.select_related("lot__market__operation", "territory"), meeting.pk)
    refusal = why_not(meeting)
    if refusal:
        raise DomainError(refusal)
    if last_version(meeting) != after:
        raise Conflict(CHANGED_MEANWHILE)
    minutes = MeetingMinutes(meeting=meeting, version=after + 1, number=f"{stem(meeting, 'CR')}-v{after + 1}")
    content = minutes_pdf(meeting, number=minutes.number, author=by, at=timezone.now())
    freeze(minutes, content, by=by)
    _send(minutes, content, by)
    return minutes


def why_not(meeting):
    """The sentence that says why the minutes cannot be produced yet, « » when they can."""
    if meeting.state != MeetingState.HELD:
        return NOT_HELD
    return NOT_SEEN if meeting.guests.filter(attendance=Attendance.UNKNOWN).exists() else ""


def last_version(meeting):
    """Number of the last version of the minutes, 0 when there is none."""
    return meeting.papers.values_list("version", flat=True).order_by("-version").first() or 0


def _send(minutes, content, by):
    """One mail a guest, the paper attached. The text says nothing of what it holds (A31)."""
    meeting = minutes.meeting
    day = f"{timezone.localtime(meeting.begins_on):%d/%m/%Y}"
    again = " (corrigé)" if minutes.version > 1 else ""
    subject = f"Compte rendu{again} : {meeting.get_kind_display()} du {day}"
    for guest in meeting.guests.exclude(email=""):
        context = {
            "guest": guest,
            "meeting": meeting,
            "day": day,
            "is_correction": minutes.version > 1,
            "link": link(meeting) if guest.account_id else "",
            "by": by,
        }
        body = render_to_string("emails/meeting_minutes.txt", context)
        attachment = (f"{minutes.number}.pdf", "application/pdf", content)
        queue_mail(recipient=guest.email, subject=subject, body=body, attachment=attachment)
