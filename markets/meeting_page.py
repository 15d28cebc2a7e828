"""What the page of a meeting shows, and what may be done there at this moment."""

from django.utils import timezone

from facilitators.enums import Permission
from markets.enums import MeetingKind, MeetingState
from markets.meeting_papers import ASKS
from markets.models import Company, Meeting
from markets.presenters import abilities
from markets.services.meetings import may_be_recorded
from markets.services.minutes import why_not


def page_of_meeting(meeting, user):
    """Context of the page of a Meeting, for this account."""
    may_manage = abilities(Meeting.objects, user, meeting.pk, Permission.MANAGE_MEETINGS)["manage_meetings"]
    guests = list(meeting.guests.select_related("company"))
    papers = list(meeting.papers.defer("content").select_related("produced_by"))
    is_ahead = meeting.state == MeetingState.PLANNED and meeting.begins_on >= timezone.now()
    return {
        "meeting": meeting,
        "guests": guests,
        "hires": meeting.hires.select_related("rome"),
        "papers": papers,
        "last_version": papers[0].version if papers else 0,
        "asks": [] if meeting.kind == MeetingKind.PARTNERS else [(label, getattr(meeting, n)) for n, label in ASKS],
        "may_manage": may_manage,
        "may_change": may_manage and meeting.state != MeetingState.CANCELLED,
        "may_cancel": may_manage and meeting.state == MeetingState.PLANNED,
        "may_record": may_manage and may_be_recorded(meeting),
        "to_invite": sum(1 for guest in guests if guest.email and not guest.invited_on) if is_ahead else 0,
        "not_ready": why_not(meeting) if may_manage else "",
    }


def companies_of(meeting):
    """Companies of the lot of a meeting that are still there; none for a territory."""
    if meeting.lot_id is None:
        return Company.objects.none()
    return Company.objects.filter(awards__in=meeting.lot.awards.live()).distinct()
