"""Whom one invites without being told: the people of the lot, those of the territory, those who came last time."""

from django.utils import timezone

from facilitators.enums import Role
from facilitators.notifications import members
from markets.enums import GuestKind
from markets.models import CompanyContact, Meeting, MeetingGuest
from markets.services.referents import eligible, referent_of

OFFICE = "Département des Bouches-du-Rhône"


def proposed_guests(meeting):
    """Unsaved MeetingGuests of a meeting that has just been planned, each person once."""
    found = [*_office(meeting), *_facilitators(meeting)]
    found += _of_companies(meeting.lot) if meeting.lot else []
    found += _of_last_time(meeting)
    names, addresses, kept = set(), set(), []
    for guest in found:
        name, address = (guest.name, guest.organisation), guest.email.lower()
        if name not in names and (not address or address not in addresses):
            kept.append(guest)
        names.add(name)
        addresses.add(address)
    for guest in kept:
        guest.meeting = meeting
    return kept


def _office(meeting):
    """The mission officers, and the agents of the direction that carries the operation."""
    people = list(members(Role.MISSION_OFFICER))
    operation = meeting.lot.market.operation if meeting.lot else None
    agents = members(Role.DIRECTORATE_AGENT, directorate=operation.directorate_id) if operation else []
    return [
        *(_of_account(person, GuestKind.BUYER, OFFICE) for person in people),
        *(_of_account(agent, GuestKind.BUYER, operation.directorate.name) for agent in agents),
    ]


def _facilitators(meeting):
    """The référent of the lot and who stands in; without one, and for a territory, all its facilitators."""
    row = referent_of(meeting.lot, timezone.localdate()) if meeting.lot else None
    people = filter(None, (row.referent, row.substitute)) if row else eligible(meeting.territory)
    return [_of_account(person, GuestKind.FACILITATOR, meeting.territory.name) for person in people]


def _of_account(person, kind, organisation):
    name = person.get_full_name() or person.email
    return MeetingGuest(kind=kind, name=name, organisation=organisation, email=person.email, account=person)


def _of_companies(lot):
    """Contacts still there of the companies still on the lot. An address that bounced is left for one to correct."""
    live = lot.awards.live().values("company")
    contacts = CompanyContact.objects.filter(company__in=live, left_on=None).select_related("company")
    return [
        MeetingGuest(
            kind=GuestKind.COMPANY,
            name=contact.name,
            organisation=str(contact.company)[:200],
            email="" if contact.bounced_on else contact.email,
            company=contact.company,
        )
        for contact in contacts.order_by("company__name", "name")
    ]


def _of_last_time(meeting):
    """Those without an account nor a company (maître d’œuvre, SPS, partners) who were asked to the meeting before."""
    place = {"lot": meeting.lot} if meeting.lot else {"lot": None, "territory": meeting.territory}
    last = Meeting.objects.filter(**place).exclude(pk=meeting.pk).order_by("-begins_on", "-pk").first()
    former = MeetingGuest.objects.filter(meeting=last, account=None, company=None) if last else []
    return [
        MeetingGuest(kind=guest.kind, name=guest.name, organisation=guest.organisation, email=guest.email)
        for guest in former
    ]
