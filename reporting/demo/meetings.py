"""Meetings of each territory: one whose minutes were sent, one to write down, those to come (C9, C15)."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from facilitators.models import OutgoingMail
from markets.enums import Attendance, GuestKind, LotState, MeetingKind
from markets.models import Meeting, MeetingGuest, PlannedHire, RomeCode
from markets.services.invitations import invite
from markets.services.meetings import add_guest, announce_hires, plan_meeting, record_meeting
from markets.services.minutes import produce_minutes
from reporting.demo.calendar import at

BASE = "Base vie du chantier"
DISCUSSION = (
    "Le conducteur de travaux présente l’avancement du chantier et les effectifs des trois prochains mois.\n\n"
    "Le facilitateur rappelle que la fiche de suivi se remplit dès le premier jour travaillé."
)
DECISIONS = "L’entreprise transmet une fiche de poste sous quinze jours.\nLe facilitateur propose trois candidats."
# Days from today, and the hour.
MINUTED, TO_MINUTE, AHEAD, PARTNERS = (-6, 9), (-2, 14), (8, 9), (12, 14)


def hold_meetings(world, sites):
    """Plan, invite, write down and minute as people do. Nobody is written to by a demonstration."""
    for code, group in groupby(sorted(sites, key=_territory), key=_territory):
        _of_territory(world, code, list(group))
    OutgoingMail.objects.to_send().update(sent_on=timezone.now(), attempts=1)


def _territory(site):
    return site.lot.territory.code


def _of_territory(world, code, sites):
    by = world.facilitators[code]
    going_on = [site.lot for site in sites if site.state == LotState.RUNNING]
    awarded = [site.lot for site in sites if site.state == LotState.AWARDED]
    for lot in going_on[:1]:
        meeting = _plan(world, MeetingKind.FOLLOW_UP, MINUTED, by, lot=lot)
        _write_down(meeting, by)
        produce_minutes(meeting=meeting, after=0, by=by)
    for lot in going_on[1:2]:
        _plan(world, MeetingKind.FOLLOW_UP, TO_MINUTE, by, lot=lot)
    for lot in awarded[:1]:
        invite(meeting=_plan(world, MeetingKind.FIRST_SITE, AHEAD, by, lot=lot), by=by)
    territory = world.territories[code]
    _plan(world, MeetingKind.PARTNERS, PARTNERS, by, territory=territory)


def _plan(world, kind, moment, by, **place):
    days, hour = moment
    lot = place.get("lot")
    meeting = Meeting(kind=kind, title=lot.title[:200] if lot else "Postes à pourvoir et candidats", **place)
    meeting.begins_on = at(world.calendar.today + timedelta(days=days), hour)
    meeting.minutes_long, meeting.place = 90, BASE if lot else "Maison de l’emploi"
    plan_meeting(meeting=meeting, by=by)
    for guest in _others(meeting):
        add_guest(meeting=meeting, guest=guest, by=by)
    world.made["réunions"] += 1
    return meeting


def _others(meeting):
    """Those the portal cannot know by itself."""
    if meeting.lot is None:
        return [
            MeetingGuest(kind=GuestKind.PARTNER, name="Conseillère référente", organisation="Mission locale"),
            MeetingGuest(kind=GuestKind.PARTNER, name="Conseiller entreprises", organisation="France Travail"),
        ]
    company = meeting.lot.awards.select_related("company").first().company
    return [
        MeetingGuest(kind=GuestKind.SITE_MANAGER, name="Architecte du projet", organisation="Maîtrise d’œuvre"),
        MeetingGuest(
            kind=GuestKind.COMPANY, name="Conducteur de travaux", organisation=str(company)[:200], company=company
        ),
    ]


def _write_down(meeting, by):
    occupation = meeting.lot.occupations.first() or RomeCode.objects.first()
    announce_hires(
        meeting=meeting,
        hire=PlannedHire(rome=occupation, number=2, starts_on=timezone.localdate() + timedelta(days=30)),
        by=by,
    )
    meeting.asked_job_sheets = meeting.asked_terms = meeting.asked_follow_up = meeting.stated_validation_rule = True
    meeting.statement_day, meeting.payroll_contact = 5, "Service paie de l’entreprise"
    meeting.discussion, meeting.decisions = DISCUSSION, DECISIONS
    attendance = {guest.pk: Attendance.PRESENT for guest in meeting.guests.all()}
    record_meeting(meeting=meeting, attendance=attendance, by=by)
