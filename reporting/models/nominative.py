from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet


class NominativeListQuerySet(JobQuerySet, ScopedQuerySet):
    view_permission = Permission.LIST_BENEFICIARIES

    def visible_to(self, user):
        """A list is for whoever asked it, as long as she may ask it."""
        return super().visible_to(user).filter(asked_by=user)

    def journal(self, user):
        """Every list asked where this account may ask them, whoever did: to know who asked what, and why."""
        return self.actionable_by(user, self.view_permission)

    def available(self, now):
        """Lists that can still be downloaded."""
        return self.filter(state=JobState.DONE, expires_on__gt=now)

    def to_erase(self, now):
        """Lists that expired and still hold a file."""
        return self.filter(Q(pdf__isnull=False) | Q(xlsx__isnull=False), expires_on__lte=now)

    def without_files(self):
        """The sizes (bytes, None without a file) instead of the files: `pdf_size`, `xlsx_size`."""
        return self.defer("pdf", "xlsx").annotate(pdf_size=Length("pdf"), xlsx_size=Length("xlsx"))


class NominativeList(Job):
    """The RSA beneficiaries of the Département who worked in a period: asked for, kept a day, logged (C21).

    Never mailed. Its files are erased when it expires; who asked what and why stays.
    """

    task = "reporting.tasks.produce_nominative_list"

    number = models.CharField("numéro", max_length=40, unique=True, editable=False)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nominative_lists",
        verbose_name="territoire",
        help_text="Vide : tous les territoires.",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    reason = models.CharField("motif de la demande", max_length=300, validators=[validate_plain_text])
    persons = models.PositiveIntegerField("personnes", null=True, blank=True, editable=False)
    pdf = models.BinaryField("PDF", null=True, blank=True)
    xlsx = models.BinaryField("classeur", null=True, blank=True)
    expires_on = models.DateTimeField("téléchargeable jusqu’au", null=True, blank=True, editable=False)
    objects = NominativeListQuerySet.as_manager()

    class Meta:
        verbose_name = "liste nominative"
        verbose_name_plural = "listes nominatives"
        ordering = ["-pk"]
        constraints = [
            both_or_none("nominativelist", "asked"),
            models.CheckConstraint(
                name="nominative_list_dates_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
            models.CheckConstraint(
                name="nominative_list_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Une liste nominative se demande avec son motif.",
            ),
            models.CheckConstraint(
                name="nominative_list_files_expire",
                condition=Q(pdf__isnull=True, xlsx__isnull=True) | Q(expires_on__isnull=False),
                violation_error_message="Les fichiers d’une liste nominative ont une date d’expiration.",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "territory", "starts_on", "ends_on"],
                nulls_distinct=False,
                condition=Q(state__in=[JobState.ASKED, JobState.RUNNING]),
                name="one_nominative_list_at_a_time",
                violation_error_message="Une demande identique est en cours.",
            ),
        ]

    def __str__(self):
        return self.number


class ListDownloadQuerySet(ScopedQuerySet):
    territory_path = "asked_list__territory"
    view_permission = Permission.LIST_BENEFICIARIES


class ListDownload(models.Model):
    """Who took a nominative list away, and when: an append-only log."""

    asked_list = models.ForeignKey(
        NominativeList, on_delete=models.PROTECT, related_name="downloads", verbose_name="liste"
    )
    file = models.CharField("fichier", max_length=4, choices=[("pdf", "PDF"), ("xlsx", "XLSX")])
    downloaded_at = moment_field("téléchargée le", required=True)
    downloaded_by = author_field("téléchargée par", required=True)
    objects = ListDownloadQuerySet.as_manager()

    class Meta:
        verbose_name = "téléchargement d’une liste"
        verbose_name_plural = "téléchargements de listes"
        ordering = ["-pk"]
        constraints = [both_or_none("listdownload", "downloaded")]

    def __str__(self):
        return f"{self.asked_list} ({self.file})"
