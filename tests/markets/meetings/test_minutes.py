"""The minutes: the project's checks on the paper, frozen, sent, a new version when corrected."""

import hashlib
import io
from datetime import date

import pikepdf
import pytest
from django.db import DatabaseError, transaction

from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.pdf import checks, letterhead
from facilitators.models import OutgoingMail
from markets.enums import Attendance
from markets.meeting_papers import attendance_pdf, minutes_context, minutes_pdf
from markets.models import MeetingMinutes
from markets.services.meetings import record_meeting
from markets.services.minutes import produce_minutes
from tests.factories.meetings import (
    MeetingFactory,
    MeetingGuestFactory,
    MeetingMinutesFactory,
    PlannedHireFactory,
    paris,
)
from tests.support.pages import tidy
from tests.support.papers import parts_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
AT = paris("2026-09-15 10:00")


def text_of(content):
    return tidy(parts_of(content)["text"])


@pytest.fixture
def told(held, ada):
    """A meeting written down in full, everybody seen."""
    MeetingGuestFactory(meeting=held, name="Zoé Œrlemans", organisation="Sud SPS", kind="safety", email="")
    PlannedHireFactory(meeting=held, rome__code="F1703", rome__label="Maçonnerie", starts_on=date(2026, 10, 5))
    held.asked_job_sheets = held.stated_validation_rule = True
    held.statement_day, held.payroll_contact = 5, "Mme Paie"
    held.discussion, held.decisions = "Deux équipes d’insertion sont possibles.", "Fiche de poste avant le 1er octobre."
    held.next_meeting_on = date(2026, 11, 3)
    attendance = {guest.pk: Attendance.PRESENT for guest in held.guests.all()}
    return record_meeting(meeting=held, attendance=attendance, by=ada)


@pytest.mark.parametrize("funding", ["2021-2027", "none"])
def test_the_minutes_pass_the_checks_of_the_project(told, ada, funding):
    told.lot.market.operation.funding_period = funding
    head = letterhead([logos_on(date(2026, 9, 15))[0]], funding)
    content = minutes_pdf(told, number="CR-2026-00001-v1", author=ada, at=AT)
    assert checks.check(content, letterhead=head) == []


def test_the_sheet_to_sign_passes_the_checks_of_the_project(told):
    head = letterhead([logos_on(date(2026, 9, 15))[0]], told.lot.market.operation.funding_period)
    content = attendance_pdf(told, at=AT)
    assert checks.check(content, letterhead=head) == []
    assert "Zoé Œrlemans" in text_of(content)


def test_the_minutes_say_what_was_asked_announced_and_decided(told, ada):
    text = text_of(minutes_pdf(told, number="CR-2026-00001-v1", author=ada, at=AT))
    for words in (
        "Première réunion de chantier",
        "Camille Martin",
        "1 000 h",
        "Fiches de poste",
        "Non abordé",
        "Maçonnerie",
        "05/10/2026",
        "le 5 du mois suivant",
        "Mme Paie",
        "Deux équipes d’insertion",
        "Fiche de poste avant le 1er octobre.",
        "03/11/2026",
        "Ada Auteur",
    ):
        assert words in text, text


def test_each_of_the_asks_of_the_convention_is_answered(told):
    asked = dict(minutes_context(told, number="CR-1", author="Ada").asks)
    assert asked == {
        "Fiches de poste": "Oui",
        "Modalités de mise en œuvre de la clause": "Non abordé",
        "Fiches de suivi des heures réalisées": "Non abordé",
        "Retour à l’emploi durable": "Non abordé",
        "Validation préalable des personnes par le facilitateur": "Oui",
    }


def test_a_cellule_operationnelle_has_neither_lot_nor_asks(territory, ada):
    meeting = MeetingFactory(partners=True, territory=territory, held=True)
    context = minutes_context(meeting, number="CR-1", author=ada)
    assert (context.hours, context.asks) == ([], [])
    assert "Marché" not in dict(context.facts)
    content = minutes_pdf(meeting, number="CR-1", author=ada, at=AT)
    assert checks.check(content, letterhead=letterhead([logos_on(date(2026, 9, 15))[0]], "none")) == []


def test_the_minutes_are_kept_and_sent_as_they_are(told, ada):
    minutes = produce_minutes(meeting=told, after=0, by=ada)
    content = bytes(MeetingMinutes.objects.get().content)
    assert (minutes.number, minutes.version) == (f"CR-2026-{told.pk:05d}-v1", 1)
    assert minutes.sha256 == hashlib.sha256(content).hexdigest()
    (written,) = OutgoingMail.objects.all()
    assert written.recipient == "camille@entreprise.example"
    assert written.subject == "Compte rendu : Première réunion de chantier du 10/09/2026"
    assert (written.attachment_name, bytes(written.attachment)) == (f"{minutes.number}.pdf", content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")


def test_a_correction_is_a_new_version_and_the_former_one_stays(told, ada):
    first = MeetingMinutesFactory(meeting=told)
    told.decisions = "Fiche de poste avant le 15 octobre."
    record_meeting(meeting=told, attendance={}, by=ada)
    second = produce_minutes(meeting=told, after=1, by=ada)
    assert (second.version, second.number.endswith("-v2")) == (2, True)
    assert bytes(MeetingMinutes.objects.get(pk=first.pk).content) == b"%PDF-1.7"
    assert OutgoingMail.objects.get().subject.startswith("Compte rendu (corrigé) : ")
    assert "remplace" in OutgoingMail.objects.get().body


def test_a_button_pressed_twice_makes_one_version(told, ada):
    MeetingMinutesFactory(meeting=told)
    with pytest.raises(Conflict):
        produce_minutes(meeting=told, after=0, by=ada)


def test_what_was_sent_changes_no_more(told):
    minutes = MeetingMinutesFactory(meeting=told)
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingMinutes.objects.filter(pk=minutes.pk).update(content=b"%PDF-1.8")


def test_minutes_wait_for_the_meeting_and_for_the_attendance(meeting, held, ada):
    with pytest.raises(DomainError, match="Saisissez d’abord"):
        produce_minutes(meeting=meeting, after=0, by=ada)
    with pytest.raises(DomainError, match="Pointez d’abord"):
        produce_minutes(meeting=held, after=0, by=ada)
