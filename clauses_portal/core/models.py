"""What the kernel itself keeps: the antivirus verdict of each deposited content, and the pulse of each part."""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ScanState(models.TextChoices):
    AWAITED = "awaited", "En attente d’analyse"
    CLEAN = "clean", "Analysé : aucun virus"
    INFECTED = "infected", "Bloqué : virus trouvé"
    UNSCANNED = "unscanned", "Non analysé : aucun antivirus"


class FileScanQuerySet(models.QuerySet):
    def awaited(self):
        """Contents the antivirus has still to read."""
        return self.filter(state=ScanState.AWAITED)


class FileScan(models.Model):
    """What the antivirus said of a content, known by its SHA-256: the same file deposited twice is read once."""

    sha256 = models.CharField("empreinte", max_length=64, unique=True)
    state = models.CharField("analyse", max_length=10, choices=ScanState, default=ScanState.AWAITED)
    asked_on = models.DateTimeField("demandée le", db_default=Now(), editable=False)
    scanned_on = models.DateTimeField("analysé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    threat = models.CharField("menace", max_length=100, blank=True)
    # A row that keeps the content: where the antivirus reads it.
    object_kind = models.CharField("nature du dépôt", max_length=60, blank=True, db_default="")
    object_id = models.BigIntegerField("identifiant du dépôt", null=True, blank=True)
    objects = FileScanQuerySet.as_manager()

    class Meta:
        verbose_name = "analyse d’un fichier"
        verbose_name_plural = "analyses des fichiers"
        constraints = [
            models.CheckConstraint(
                name="file_scan_verdict_dated",
                condition=Q(state__in=[ScanState.AWAITED, ScanState.UNSCANNED], scanned_on__isnull=True)
                | Q(state__in=[ScanState.CLEAN, ScanState.INFECTED], scanned_on__isnull=False),
                violation_error_message="Un verdict porte sa date.",
            ),
            models.CheckConstraint(
                name="file_scan_threat_named",
                condition=Q(threat="") | Q(state=ScanState.INFECTED),
                violation_error_message="Une menace suppose un fichier infecté.",
            ),
        ]

    def __str__(self):
        return f"{self.sha256[:12]} : {self.get_state_display()}"

    @property
    def kind_label(self):
        """What was deposited, in French: « pièce de la consultation »."""
        return str(apps.get_model(self.object_kind)._meta.verbose_name) if self.object_kind else "fichier"


class Heartbeat(models.Model):
    """When a part of the portal was last alive: the clock, a worker, the antivirus, a backup, a drill."""

    name = models.CharField("partie", max_length=40, unique=True)
    beaten_on = models.DateTimeField("vue le")
    note = models.CharField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "signe de vie"
        verbose_name_plural = "signes de vie"

    def __str__(self):
        return self.name


class AuditedChange(models.Model):
    """A change of a validation, an amount or a method, written by the database itself: the portal cannot read it.

    Read by who owns the tables, when what the portal says is doubted (docs/adr/0024). `before`, `after`: the row.
    """

    at = models.DateTimeField("le")
    actor_id = models.BigIntegerField("compte", null=True)
    table_name = models.CharField("table", max_length=63)
    row_id = models.BigIntegerField("ligne")
    operation = models.CharField("opération", max_length=6)
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)

    class Meta:
        verbose_name = "changement constaté par la base"
        verbose_name_plural = "changements constatés par la base"
        indexes = [models.Index(fields=["table_name", "row_id", "at"], name="audited_change_by_row")]

    def __str__(self):
        return f"{self.table_name} {self.row_id} {self.operation}"
