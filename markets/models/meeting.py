"""Meetings: the first one of a site, the next ones, the « cellule opérationnelle » (C9, C15)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.papers import Paper
from clauses_portal.core.states import StateByTransition
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.enums import Attendance, GuestKind, MeetingKind, MeetingState
from markets.models.company import Company
from markets.models.market import Lot
from markets.models.references import RomeCode


class MeetingQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "lot__market__operation__directorate"

    def ahead(self, now):
        """Meetings planned from `now` on, the nearest first."""
        return self.filter(state=MeetingState.PLANNED, begins_on__gte=now).order_by("begins_on")

    def to_minute(self, now):
        """Meetings that began before `now` and whose minutes nobody produced, the oldest first."""
        minutes = MeetingMinutes.objects.filter(meeting=OuterRef("pk"))
        begun = self.exclude(state=MeetingState.CANCELLED).filter(begins_on__lt=now)
        return begun.filter(~Exists(minutes)).order_by("begins_on")

    def past(self, now):
        """Meetings that began before `now`, the last one first."""
        return self.filter(begins_on__lt=now)


class Meeting(StateByTransition):
    """A meeting on a lot or, for a cellule opérationnelle, on a territory. The four asks of C9 are its checklist."""

    kind = models.CharField("nature", max_length=10, choices=MeetingKind)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="meetings", verbose_name="territoire"
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name="lot"
    )
    title = models.CharField("objet", max_length=200, validators=[validate_one_line])
    begins_on = models.DateTimeField("date et heure")
    minutes_long = models.PositiveSmallIntegerField("durée (minutes)", default=60)
    place = models.CharField("lieu", max_length=250, validators=[validate_one_line])
    state = FSMField("état", max_length=10, choices=MeetingState, default=MeetingState.PLANNED, protected=True)
    asked_job_sheets = models.BooleanField("fiches de poste demandées", default=False)
    asked_terms = models.BooleanField("modalités de mise en œuvre précisées", default=False)
    asked_follow_up = models.BooleanField("fiches de suivi des heures remises", default=False)
    asked_lasting_jobs = models.BooleanField("retour à l’emploi durable valorisé", default=False)
    stated_validation_rule = models.BooleanField("règle de validation préalable rappelée", default=False)
    statement_day = models.PositiveSmallIntegerField("jour de remise du relevé mensuel", null=True, blank=True)
    payroll_contact = models.CharField("contact paie", max_length=200, blank=True, validators=[validate_one_line])
    discussion = models.TextField("échanges", blank=True, max_length=8000, validators=[validate_plain_text])
    decisions = models.TextField("décisions", blank=True, max_length=4000, validators=[validate_plain_text])
    next_meeting_on = models.DateField("prochaine réunion le", null=True, blank=True)
    sequence = models.PositiveSmallIntegerField("version de l’invitation", default=0, editable=False)
    created_at = moment_field("créée le", required=True)
    created_by = author_field("créée par", required=True)
    history = HistoricalRecords()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        ordering = ["-begins_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_on_a_lot_or_partners",
                condition=Q(kind=MeetingKind.PARTNERS) | Q(lot__isnull=False),
                violation_error_message="Une réunion de chantier ou de suivi porte sur un lot.",
            ),
            models.CheckConstraint(
                name="meeting_statement_day",
                condition=Q(statement_day__isnull=True) | Q(statement_day__gte=1, statement_day__lte=28),
                violation_error_message="Le jour de remise est compris entre 1 et 28.",
            ),
            models.CheckConstraint(
                name="meeting_length",
                condition=Q(minutes_long__gte=5, minutes_long__lte=600),
                violation_error_message="Une réunion dure de 5 à 600 minutes.",
            ),
            both_or_none("meeting", "created"),
        ]
        indexes = [models.Index(fields=["territory", "begins_on"], name="meeting_by_territory")]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.title}"

    @property
    def ends_on(self):
        """The moment it is planned to end."""
        return self.begins_on + timedelta(minutes=self.minutes_long)

    @transition(field=state, source=MeetingState.PLANNED, target=MeetingState.HELD)
    def hold(self):
        """It took place: attendance is known and the minutes can be produced."""

    @transition(field=state, source=MeetingState.PLANNED, target=MeetingState.CANCELLED)
    def cancel(self):
        """It will not take place: those invited are told."""


class MeetingGuestQuerySet(ScopedQuerySet):
    territory_path = "meeting__territory"
    directorate_path = "meeting__lot__market__operation__directorate"


class MeetingGuest(models.Model):
    """Somebody invited to a meeting, and whether she came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="guests", verbose_name="réunion")
    kind = models.CharField("qualité", max_length=12, choices=GuestKind)
    name = models.CharField("nom", max_length=150, validators=[validate_one_line])
    organisation = models.CharField("organisme", max_length=200, blank=True, validators=[validate_one_line])
    email = models.EmailField("adresse électronique", blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="compte",
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entreprise"
    )
    invited_on = models.DateTimeField("invitation envoyée le", null=True, blank=True)
    attendance = models.CharField("présence", max_length=8, choices=Attendance, default=Attendance.UNKNOWN)
    objects = MeetingGuestQuerySet.as_manager()

    class Meta:
        verbose_name = "invité"
        ordering = ["meeting", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "name", "organisation"],
                name="guest_once",
                violation_error_message="Cette personne est déjà invitée.",
            )
        ]

    def __str__(self):
        return self.name


class PlannedHireQuerySet(ScopedQuerySet):
    territory_path = "meeting__territory"
    directorate_path = "meeting__lot__market__operation__directorate"


class PlannedHire(models.Model):
    """What a company announces at a meeting: how many people, for which trade, from when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="hires", verbose_name="réunion")
    rome = models.ForeignKey(RomeCode, on_delete=models.PROTECT, related_name="+", verbose_name="métier")
    number = models.PositiveSmallIntegerField("nombre de postes")
    starts_on = models.DateField("à partir du", null=True, blank=True)
    objects = PlannedHireQuerySet.as_manager()

    class Meta:
        verbose_name = "recrutement annoncé"
        verbose_name_plural = "recrutements annoncés"
        ordering = ["meeting", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hire_number_credible",
                condition=Q(number__gte=1, number__lte=500),
                violation_error_message="Le nombre de postes est compris entre 1 et 500.",
            )
        ]

    def __str__(self):
        return f"{self.number} × {self.rome}"


class MeetingMinutesQuerySet(ScopedQuerySet):
    territory_path = "meeting__territory"
    directorate_path = "meeting__lot__market__operation__directorate"


class MeetingMinutes(Paper):
    """The minutes of a meeting as they were sent; a correction is a new version."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="papers", verbose_name="réunion")
    version = models.PositiveSmallIntegerField("version", default=1)
    objects = MeetingMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ["meeting", "-version"]
        constraints = [
            both_or_none("meetingminutes", "produced"),
            models.UniqueConstraint(
                F("meeting"),
                F("version"),
                name="minutes_version_once",
                violation_error_message="Cette version du compte rendu existe déjà.",
            ),
        ]
