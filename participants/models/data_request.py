"""What persons ask about their data, what holds their files, and the copies they are given (RGPD; domain.md §8)."""

from django.db import models
from django.db.models import Case, F, Func, Q, When
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from participants.enums import DataRequestKind, DataRequestOutcome, HoldKind
from participants.models.participant import Participant

ANSWER_MONTHS, EXTENDED_MONTHS = 1, 3


def _months_after(column, months):
    """Expression: the day so many months after a column; a month from 31 January ends in February (règl. 1182/71)."""
    template = f"((%(expressions)s + interval '{months} month')::date)"
    return Func(F(column), template=template, output_field=models.DateField())


class DataRequestQuerySet(ScopedQuerySet):
    view_permission = Permission.RECORD_DATA_REQUESTS

    def open(self):
        """Requests nobody answered."""
        return self.filter(answered_at__isnull=True)

    def late(self, day):
        """Requests still open after their day."""
        return self.open().filter(due_on__lt=day)


class DataRequest(models.Model):
    """A person asks about her data: answered within a month, two more when it is complex (RGPD art. 12.3)."""

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="data_requests", verbose_name="territoire"
    )
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_requests",
        verbose_name="personne",
    )
    requester = models.CharField(
        "demandeur sans fiche",
        max_length=160,
        blank=True,
        validators=[validate_one_line],
        help_text="Nom et prénom, quand aucune fiche n’est trouvée.",
    )
    kind = models.CharField("droit exercé", max_length=13, choices=DataRequestKind)
    received_on = models.DateField("reçue le")
    details = models.TextField("ce qui est demandé", blank=True, max_length=2000, validators=[validate_plain_text])
    identity_checked = models.BooleanField("identité vérifiée", default=False)
    extended_on = models.DateField("délai prolongé le", null=True, blank=True, editable=False)
    extension_reason = models.CharField(
        "motif de la prolongation", max_length=300, blank=True, editable=False, validators=[validate_one_line]
    )
    due_on = models.GeneratedField(
        expression=Case(
            When(extended_on__isnull=True, then=_months_after("received_on", ANSWER_MONTHS)),
            default=_months_after("received_on", EXTENDED_MONTHS),
            output_field=models.DateField(),
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name="réponse due le",
    )
    outcome = models.CharField("suite", max_length=8, choices=DataRequestOutcome, blank=True)
    answer = models.TextField("réponse donnée", blank=True, max_length=2000, validators=[validate_plain_text])
    recorded_at = moment_field("enregistrée le", required=True, editable=False)
    recorded_by = author_field("enregistrée par", required=True, editable=False)
    answered_at = moment_field("répondue le", editable=False)
    answered_by = author_field("répondue par", editable=False)
    history = HistoricalRecords(excluded_fields=["due_on", "requester", "details", "answer"])
    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande sur des données"
        verbose_name_plural = "demandes sur des données"
        ordering = ["-received_on", "-pk"]
        constraints = [
            both_or_none("datarequest", "recorded"),
            both_or_none("datarequest", "answered"),
            models.CheckConstraint(
                name="data_request_of_somebody",
                condition=Q(participant__isnull=False, requester="") | (Q(participant__isnull=True) & ~Q(requester="")),
                violation_error_message="Choisissez la fiche de la personne, ou écrivez son nom si elle n’en a pas.",
            ),
            models.CheckConstraint(
                name="data_request_extension_explained",
                condition=Q(extended_on__isnull=True, extension_reason="")
                | (Q(extended_on__isnull=False) & ~Q(extension_reason="")),
                violation_error_message="Un délai se prolonge avec son motif.",
            ),
            models.CheckConstraint(
                name="data_request_answer_whole",
                condition=Q(answered_at__isnull=True, outcome="")
                | (Q(answered_at__isnull=False) & ~Q(outcome="") & ~Q(answer="")),
                violation_error_message="Une réponse porte sa date, sa suite et son texte.",
            ),
            models.CheckConstraint(
                name="data_request_identity_first",
                condition=Q(identity_checked=True) | ~Q(outcome__in=["granted", "partly"]),
                violation_error_message="Vérifiez l’identité de la personne avant de lui répondre.",
            ),
        ]
        indexes = [
            # serves the clock of the requests that wait
            models.Index(fields=["due_on"], condition=Q(answered_at__isnull=True), name="data_request_open")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, reçue le {self.received_on:%d/%m/%Y}"


class ParticipantHoldQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.DECIDE_DATA_REQUESTS

    def in_force(self, day):
        """Holds nobody released and whose day has not come."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), released_at__isnull=True)


class ParticipantHold(models.Model):
    """A file that must be kept: a litigation until it is judged, a European audit until a day (RGPD art. 17.3)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="holds", verbose_name="personne"
    )
    kind = models.CharField("nature", max_length=10, choices=HoldKind)
    reason = models.CharField("motif", max_length=300, validators=[validate_one_line])
    until = models.DateField("jusqu’au", null=True, blank=True)
    placed_at = moment_field("posée le", required=True)
    placed_by = author_field("posée par", required=True)
    released_at = moment_field("levée le")
    released_by = author_field("levée par")
    history = HistoricalRecords()
    objects = ParticipantHoldQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure de conservation"
        verbose_name_plural = "mesures de conservation"
        ordering = ["-pk"]
        constraints = [
            both_or_none("participanthold", "placed"),
            both_or_none("participanthold", "released"),
            models.CheckConstraint(
                name="hold_explained",
                condition=~Q(reason=""),
                violation_error_message="Une mesure de conservation porte son motif.",
            ),
            models.CheckConstraint(
                name="hold_of_the_fse_ends",
                condition=~Q(kind=HoldKind.FSE) | Q(until__isnull=False),
                violation_error_message="Une conservation pour le FSE porte sa date de fin.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.participant}"


class AccessExportQuerySet(JobQuerySet, ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.RECORD_DATA_REQUESTS

    def visible_to(self, user):
        """A copy is for whoever asked it, as long as she may ask it."""
        return super().visible_to(user).filter(asked_by=user)

    def to_erase(self, now):
        """Copies that expired and still hold their file."""
        return self.filter(content__isnull=False, expires_on__lte=now)


class AccessExport(Job):
    """The copy of everything the portal holds on a person, for her (RGPD art. 15): made once, kept a few days."""

    task = "participants.tasks.gather_access_export"

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="access_exports", verbose_name="personne"
    )
    content = models.BinaryField("archive ZIP", null=True, blank=True)
    expires_on = models.DateTimeField("téléchargeable jusqu’au", null=True, blank=True, editable=False)
    objects = AccessExportQuerySet.as_manager()

    class Meta:
        verbose_name = "copie des données d’une personne"
        verbose_name_plural = "copies des données d’une personne"
        ordering = ["-pk"]
        constraints = [
            both_or_none("accessexport", "asked"),
            models.CheckConstraint(
                name="access_export_expires",
                condition=Q(content__isnull=True) | Q(expires_on__isnull=False),
                violation_error_message="Une copie de données a une date d’expiration.",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "participant"],
                condition=Q(state__in=[JobState.ASKED, JobState.RUNNING]),
                name="one_access_export_at_a_time",
                violation_error_message="Une demande identique est en cours.",
            ),
        ]

    def __str__(self):
        return f"Copie n° {self.pk}"
