"""What the kernel itself keeps: the antivirus verdict of each deposited content, and the pulse of each part."""

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
