"""The yearly programme of a direction: its imports, the columns remembered, and the private calendar feeds (C5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.jobs import Job
from clauses_portal.core.jobs.models import JobQuerySet
from facilitators.enums import Permission
from facilitators.models import Directorate
from facilitators.permissions import ScopedQuerySet


class OfDirectorateQuerySet(ScopedQuerySet):
    territory_path = None
    directorate_path = "directorate"
    view_permission = Permission.MANAGE_MARKETS

    def within(self, territory_ids):
        """A programme belongs to a direction, not to a territory."""
        return Q(pk__in=[])


class ProgrammeImportQuerySet(JobQuerySet, OfDirectorateQuerySet):
    pass


class ProgrammeImport(Deposited, Job):
    """A spreadsheet of a direction's programme, tried first, then imported, with its report line by line."""

    task = "markets.tasks.import_programme"

    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, related_name="programme_imports", verbose_name="direction"
    )
    file_name = models.CharField("nom du fichier", max_length=150)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    mapping = models.JSONField("correspondance des colonnes", default=dict)
    dry_run = models.BooleanField("essai à blanc", default=True)
    report = models.JSONField("compte rendu", null=True, blank=True)
    objects = ProgrammeImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de programme"
        verbose_name_plural = "imports de programme"
        ordering = ["-pk"]
        constraints = [both_or_none("programmeimport", "asked")]

    def __str__(self):
        return f"Programme {self.file_name}"


class ColumnMapping(models.Model):
    """Which column is what in the files of a direction, remembered by their headers."""

    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, related_name="column_mappings", verbose_name="direction"
    )
    signature = models.CharField("en-têtes", max_length=64)
    mapping = models.JSONField("correspondance des colonnes")
    objects = OfDirectorateQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [
            models.UniqueConstraint(
                fields=["directorate", "signature"],
                name="mapping_once",
                violation_error_message="Ces colonnes sont déjà connues.",
            )
        ]

    def __str__(self):
        return f"Colonnes de {self.directorate}"


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The feeds of this person."""
        return self.filter(user=user)

    def live(self):
        return self.filter(revoked_on__isnull=True)


class CalendarFeed(models.Model):
    """A private link to one’s calendar: its secret is kept as a digest, and it can be revoked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds", verbose_name="compte"
    )
    digest = models.CharField("empreinte du secret", max_length=64, unique=True)
    created_on = models.DateTimeField("créé le", auto_now_add=True)
    read_on = models.DateTimeField("lu le", null=True, blank=True)
    revoked_on = models.DateTimeField("révoqué le", null=True, blank=True)
    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "flux d’agenda"
        verbose_name_plural = "flux d’agenda"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_on__isnull=True),
                name="one_live_feed_per_person",
                violation_error_message="Vous avez déjà un flux d’agenda.",
            )
        ]

    def __str__(self):
        return f"Agenda de {self.user}"
