"""A meeting is planned with its usual guests, moved, cancelled or held."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.versions import Stale, version_of
from facilitators.enums import Role
from facilitators.permissions import grant
from markets.enums import Attendance, GuestKind, MeetingState
from markets.models import CompanyContact, Meeting, MeetingGuest, PlannedHire
from markets.services.meetings import (
    add_guest,
    announce_hires,
    cancel_meeting,
    change_meeting,
    plan_meeting,
    record_meeting,
    remove_guest,
    withdraw_hires,
)
from markets.services.referents import assign
from tests.factories.accounts import UserFactory
from tests.factories.companies import CompanyContactFactory
from tests.factories.markets import AwardFactory
from tests.factories.meetings import MeetingFactory, MeetingGuestFactory, PlannedHireFactory, paris

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def named(user, first_name, last_name):
    user.first_name, user.last_name = first_name, last_name
    user.save()
    return user


def guests_of(meeting):
    return {(guest.kind, guest.name) for guest in meeting.guests.all()}


def facilitator(territory, first_name="Inès"):
    user = named(UserFactory(), first_name, "Bérenger")
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def test_a_meeting_is_of_the_territory_of_its_lot(meeting, lot, ada):
    assert (meeting.territory, meeting.state, meeting.created_by) == (lot.territory, MeetingState.PLANNED, ada)


def test_the_guests_are_those_of_the_lot(lot, territory, ada):
    substitute = facilitator(territory, "Zoé")
    facilitator(territory, "Ailleurs")
    assign(lot=lot, referent=facilitator(territory), substitute=substitute, by=ada)
    officer, agent, stranger = (named(UserFactory(), name, "Le Goff") for name in ("Karim", "Moussa", "Yann"))
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=agent, role=Role.DIRECTORATE_AGENT, directorate=lot.market.operation.directorate, by=None)
    grant(user=stranger, role=Role.DIRECTOR, by=None)
    assert guests_of(MeetingFactory(lot=lot)) == {
        (GuestKind.BUYER, "Karim Le Goff"),
        (GuestKind.BUYER, "Moussa Le Goff"),
        (GuestKind.FACILITATOR, "Inès Bérenger"),
        (GuestKind.FACILITATOR, "Zoé Bérenger"),
        (GuestKind.COMPANY, "Camille Martin"),
    }


def test_without_a_referent_the_facilitators_of_the_territory_are_invited(lot, territory, elsewhere):
    facilitator(territory)
    facilitator(elsewhere, "Ailleurs")
    assert (GuestKind.FACILITATOR, "Inès Bérenger") in guests_of(MeetingFactory(lot=lot))
    assert (GuestKind.FACILITATOR, "Ailleurs Bérenger") not in guests_of(MeetingFactory(lot=lot))


def test_contacts_who_left_and_companies_that_left_are_not_invited(lot):
    gone = CompanyContactFactory(company=lot.awards.get().company, name="Partie")
    CompanyContact.objects.filter(pk=gone.pk).update(left_on=date(2026, 9, 1))
    former = AwardFactory(lot=lot, role="member", hours_minimum=10)
    CompanyContactFactory(company=former.company, name="Liquidée")
    type(former).objects.filter(pk=former.pk).update(ended_on=date(2026, 9, 1), end_reason="liquidation")
    assert guests_of(MeetingFactory(lot=lot)) == {(GuestKind.COMPANY, "Camille Martin")}


def test_an_address_that_bounced_is_left_for_one_to_correct(lot):
    CompanyContact.objects.update(bounced_on=paris("2026-09-01 10:00"))
    assert MeetingFactory(lot=lot).guests.get().email == ""


def test_those_who_came_last_time_are_proposed_again_once(lot, meeting, site_manager):
    follow_up = MeetingFactory(lot=lot, kind="follow_up", begins_on=paris("2026-10-22 09:30"))
    assert guests_of(follow_up) == {(GuestKind.COMPANY, "Camille Martin"), (GuestKind.SITE_MANAGER, site_manager.name)}


def test_partners_of_a_territory_come_back_to_its_next_cellule(territory, elsewhere):
    first = MeetingFactory(partners=True, territory=territory)
    MeetingGuestFactory(meeting=first, kind=GuestKind.PARTNER, name="Mission locale")
    assert guests_of(MeetingFactory(partners=True, territory=territory)) == {(GuestKind.PARTNER, "Mission locale")}
    assert guests_of(MeetingFactory(partners=True, territory=elsewhere)) == set()


def test_one_person_with_two_roles_is_invited_once(lot, ada):
    grant(user=ada, role=Role.MISSION_OFFICER, by=None)
    grant(user=ada, role=Role.FACILITATOR, territory=lot.territory, by=None)
    assert [guest.email for guest in MeetingFactory(lot=lot).guests.all()].count(ada.email) == 1


def test_a_site_meeting_without_a_lot_is_refused(territory, ada):
    alone = Meeting(
        kind="first_site", territory=territory, title="Suivi", begins_on=paris("2026-09-22 09:30"), place="x"
    )
    with pytest.raises(ValidationError, match="porte sur un lot"):
        plan_meeting(meeting=alone, by=ada)


def test_a_change_raises_the_version_of_the_invitation(meeting, ada):
    meeting.place = "Mairie"
    change_meeting(meeting=meeting, by=ada)
    assert Meeting.objects.get().sequence == 1
    change_meeting(meeting=Meeting.objects.get(), by=ada)
    assert Meeting.objects.get().sequence == 1


def test_two_people_do_not_overwrite_each_other(meeting, ada):
    seen = version_of(meeting)
    meeting.place = "Mairie"
    change_meeting(meeting=meeting, seen=seen, by=ada)
    with pytest.raises(Stale, match="lieu"):
        change_meeting(meeting=meeting, seen=seen, by=ada)


def test_a_cancelled_meeting_changes_no_more(meeting, ada):
    cancel_meeting(meeting=meeting, by=ada)
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
    for act in (
        lambda: change_meeting(meeting=meeting, by=ada),
        lambda: cancel_meeting(meeting=meeting, by=ada),
        lambda: record_meeting(meeting=meeting, attendance={}, by=ada),
        lambda: add_guest(meeting=meeting, guest=MeetingGuest(kind="partner", name="Zoé"), by=ada),
        lambda: announce_hires(meeting=meeting, hire=PlannedHire(number=1), by=ada),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_meeting_is_written_down_from_its_day_on(meeting, ada):
    with pytest.raises(DomainError, match="pas encore eu lieu"):
        record_meeting(meeting=meeting, attendance={}, by=ada)
    later = MeetingFactory(lot=meeting.lot, begins_on=paris("2026-09-15 18:00"))
    later.decisions = "Deux maçons en octobre."
    guest = later.guests.get()
    record_meeting(meeting=later, attendance={guest.pk: Attendance.EXCUSED}, by=ada)
    later = Meeting.objects.get(pk=later.pk)
    assert (later.state, later.decisions) == (MeetingState.HELD, "Deux maçons en octobre.")
    assert later.guests.get().attendance == Attendance.EXCUSED


def test_what_was_written_down_is_corrected_and_not_overwritten(held, ada):
    seen = version_of(held)
    held.decisions = "Rien."
    record_meeting(meeting=held, attendance={}, seen=seen, by=ada)
    with pytest.raises(Stale, match="décisions"):
        record_meeting(meeting=held, attendance={}, seen=seen, by=ada)


def test_a_meeting_held_does_not_move_to_the_future(held, ada):
    held.begins_on = paris("2026-09-20 09:00")
    with pytest.raises(DomainError, match="à venir"):
        change_meeting(meeting=held, by=ada)
    with pytest.raises(Conflict):
        cancel_meeting(meeting=held, by=ada)


def test_somebody_who_came_without_being_invited_was_there(held, ada):
    guest = add_guest(meeting=held, guest=MeetingGuest(kind="safety", name="Zoé"), by=ada)
    assert guest.attendance == Attendance.PRESENT
    with pytest.raises(Conflict, match="pointée"):
        remove_guest(guest=guest, by=ada)


def test_nobody_is_taken_off_the_list_of_a_meeting_that_is_over(held, ada):
    with pytest.raises(Conflict, match="a eu lieu"):
        remove_guest(guest=held.guests.get(), by=ada)


def test_the_same_person_is_not_added_twice(meeting, site_manager, ada):
    again = MeetingGuest(kind="partner", name=site_manager.name, organisation=site_manager.organisation)
    with pytest.raises(ValidationError, match="déjà invitée"):
        add_guest(meeting=meeting, guest=again, by=ada)


def test_hires_announced_are_noted_and_withdrawn(ada):
    hire = PlannedHireFactory()
    assert hire.meeting.hires.get().number == 2
    withdraw_hires(hire=hire, by=ada)
    assert not PlannedHire.objects.exists()


def test_what_waits_for_its_minutes(lot, meeting, held):
    forgotten = MeetingFactory(lot=lot, begins_on=paris("2026-09-01 09:00"))
    MeetingFactory(lot=lot, cancelled=True, begins_on=paris("2026-09-02 09:00"))
    now = paris("2026-09-15 10:00")
    assert list(Meeting.objects.to_minute(now)) == [forgotten, held]
    assert list(Meeting.objects.ahead(now)) == [meeting]
