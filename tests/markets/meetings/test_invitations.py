"""Invitations: one mail a guest, an event that follows the meeting, nothing nominative."""

from datetime import timedelta

import icalendar
import pytest
import time_machine
from django.core import mail

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.mail import send_waiting
from facilitators.models import OutgoingMail
from facilitators.permissions import grant
from markets.models import CompanyContact, Meeting, MeetingGuest
from markets.services.invitations import NOBODY, invite
from markets.services.meetings import cancel_meeting, change_meeting, plan_meeting, remove_guest
from tests.factories.accounts import author
from tests.factories.meetings import MeetingFactory, MeetingGuestFactory, paris
from tests.support.smtp import mail_server
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def event(outgoing):
    """(method, event) of the invitation a mail carries."""
    calendar = icalendar.Calendar.from_ical(bytes(outgoing.attachment))
    return calendar["method"], calendar.walk("VEVENT")[0]


def to(address):
    """The last mail written to this address."""
    return OutgoingMail.objects.filter(recipient=address).first()


@pytest.fixture
def invited(meeting, site_manager, ada):
    invite(meeting=meeting, by=ada)
    return Meeting.objects.get()


def test_each_guest_with_an_address_is_written_to_once(meeting, site_manager, ada):
    MeetingGuestFactory(meeting=meeting, name="Sans Adresse", email="")
    assert invite(meeting=meeting, by=ada) == 2
    addresses = OutgoingMail.objects.order_by("recipient").values_list("recipient", flat=True)
    assert list(addresses) == ["camille@entreprise.example", "paul@atelier.example"]
    with pytest.raises(DomainError, match="Aucune invitation"):
        invite(meeting=meeting, by=ada)
    assert MeetingGuest.objects.filter(invited_on=None).get().name == "Sans Adresse"


def test_the_invitation_says_when_and_where(invited, ada):
    written = to("paul@atelier.example")
    assert written.subject == "Invitation : Première réunion de chantier, le 22/09/2026 à 09:30"
    assert "Lieu : Base vie, 12 rue de l’Été, Aix-en-Provence" in written.body
    assert "22/09/2026 à 09:30" in written.body
    method, meeting = event(written)
    assert (method, meeting["sequence"], meeting["uid"]) == ("REQUEST", 0, f"reunion-{invited.pk}@clauses-sociales")
    assert meeting.start == paris("2026-09-22 09:30")
    assert meeting.end == paris("2026-09-22 11:00")
    assert meeting["organizer"] == f"mailto:{ada.email}"
    assert [meeting["attendee"]] == ["mailto:paul@atelier.example"]


def test_nobody_reads_the_address_of_another(invited):
    written = to("paul@atelier.example")
    assert "camille" not in written.body + bytes(written.attachment).decode()


def test_only_those_who_have_an_account_are_given_the_address_of_the_page(lot, ada):
    grant(user=ada, role=Role.MISSION_OFFICER, by=None)
    meeting = MeetingFactory(lot=lot)
    invite(meeting=meeting, by=ada)
    assert f"/reunions/{meeting.pk}/" in to(ada.email).body
    assert "/reunions/" not in to("camille@entreprise.example").body


def test_a_change_of_date_invites_again_those_who_were(invited, ada):
    MeetingGuestFactory(meeting=invited, name="Pas encore invitée", email="zoe@example.test")
    invited.begins_on = paris("2026-09-29 14:00")
    change_meeting(meeting=invited, by=ada)
    written = to("paul@atelier.example")
    assert written.subject == "Réunion modifiée : Première réunion de chantier, le 29/09/2026 à 14:00"
    method, meeting = event(written)
    assert (method, meeting["sequence"]) == ("REQUEST", 1)
    assert meeting.start == paris("2026-09-29 14:00")
    assert to("zoe@example.test") is None


def test_what_an_invitation_does_not_tell_sends_nothing(invited, ada):
    invited.payroll_contact = "Mme Paie"
    change_meeting(meeting=invited, by=ada)
    assert OutgoingMail.objects.count() == 2


def test_a_cancellation_takes_it_out_of_the_agendas(invited, ada):
    cancel_meeting(meeting=invited, by=ada)
    written = to("camille@entreprise.example")
    assert written.subject.startswith("Réunion annulée : ")
    method, meeting = event(written)
    assert (method, meeting["status"], meeting["sequence"]) == ("CANCEL", "CANCELLED", 1)


def test_who_is_taken_off_the_list_is_told(invited, ada):
    remove_guest(guest=invited.guests.get(email="paul@atelier.example"), by=ada)
    assert event(to("paul@atelier.example"))[0] == "CANCEL"
    assert OutgoingMail.objects.filter(recipient="camille@entreprise.example").count() == 1


def test_who_was_not_invited_leaves_without_a_mail(meeting, site_manager, ada):
    remove_guest(guest=site_manager, by=ada)
    assert not OutgoingMail.objects.exists()


def test_nobody_is_invited_to_what_is_over(meeting, held, ada):
    for over in (held, MeetingFactory(lot=meeting.lot, cancelled=True)):
        with pytest.raises(Conflict):
            invite(meeting=over, by=ada)
    with time_machine.travel("2026-09-23T10:00+02:00"), pytest.raises(Conflict):
        invite(meeting=meeting, by=ada)


def test_nobody_is_told_of_what_is_over(invited, ada):
    count = OutgoingMail.objects.count()
    with time_machine.travel("2026-09-23T10:00+02:00"):
        invited.place = "Mairie"
        change_meeting(meeting=invited, by=ada)
        cancel_meeting(meeting=invited, by=ada)
    assert OutgoingMail.objects.count() == count


def test_planning_tells_nobody(lot, ada):
    blank = Meeting(kind="follow_up", lot=lot, title="Suivi", begins_on=paris("2026-09-22 09:30"), place="Base vie")
    plan_meeting(meeting=blank, by=ada)
    assert not OutgoingMail.objects.exists()


def test_the_mail_that_leaves_is_an_invitation(invited):
    assert send_waiting() == 2
    message = mail.outbox[0].message()
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/calendar", "text/calendar"]


def test_an_address_that_refuses_the_invitation_shows_on_the_contact(invited, settings):
    with mail_server(settings) as server:
        server.refusals["camille@entreprise.example"] = "550 5.1.1 no such user"
        send_waiting()
    contact = CompanyContact.objects.get(email="camille@entreprise.example")
    assert contact.bounced_on - paris("2026-09-15 10:00") < timedelta(minutes=1)
    assert contact.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_by_two_people_writes_once(lot):
    meeting, by = MeetingFactory(lot=lot), author()
    sent, refused = sort_out(race(*[lambda: invite(meeting=meeting, by=by)] * 2))
    assert (sent, [str(refusal) for refusal in refused]) == ([1], [NOBODY])
    assert OutgoingMail.objects.count() == 1
