"""Packages of data exchanged with another program, and foreign files read through a mapping (C22, domain.md §9.13)."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import KeyDirection, Permission
from facilitators.models import Structure
from facilitators.permissions import OfficeQuerySet
from reporting.enums import ExchangeOutcome, ExchangeTable

# The number of a line of the trial of a foreign file: that of the file, then a rank below this.
RANKS = 100


class ExchangeJobQuerySet(JobQuerySet, OfficeQuerySet):
    view_permission = Permission.EXCHANGE_DATA

    def visible_to(self, user):
        """An exchange is for whoever asked it, as long as she may exchange."""
        return super().visible_to(user).filter(asked_by=user)


class PackageExport(Job):
    """A package asked for: what its author may read of the territories of a structure, in one direction."""

    task = "reporting.tasks.export_package"

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure facilitatrice"
    )
    direction = models.CharField("sens de l’échange", max_length=15, choices=KeyDirection)
    starts_on = models.DateField("heures du", null=True, blank=True)
    ends_on = models.DateField("heures au", null=True, blank=True)
    file = models.FileField("paquet", upload_to="packages/%Y/", max_length=200, blank=True, editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True, editable=False)
    counts = models.JSONField("lignes par fichier", default=dict, editable=False)
    objects = ExchangeJobQuerySet.as_manager()

    class Meta:
        verbose_name = "paquet exporté"
        verbose_name_plural = "paquets exportés"
        ordering = ["-pk"]
        constraints = [
            both_or_none("packageexport", "asked"),
            dates_in_order("package_period_ordered", "starts_on", "ends_on", "La fin de la période précède son début."),
            models.UniqueConstraint(
                fields=["structure", "direction", "asked_by"],
                condition=Q(state__in=[JobState.ASKED, JobState.RUNNING]),
                name="one_package_at_a_time",
                violation_error_message="Une demande identique est en cours.",
            ),
        ]

    def __str__(self):
        return f"Paquet {self.get_direction_display()} – {self.structure}"


class DataImport(Deposited, Job):
    """A package, or a foreign file read through a mapping: tried first, then recorded, line by line."""

    task = "reporting.tasks.import_package"

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure facilitatrice"
    )
    system = models.CharField("logiciel d’origine", max_length=60, validators=[validate_one_line])
    mapping = models.ForeignKey(
        "SourceMapping", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lecture"
    )
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    manifest = models.JSONField("manifeste", default=dict)
    dry_run = models.BooleanField("essai à blanc", default=True)
    recorded_on = models.DateTimeField("enregistré le", null=True, blank=True)
    report = models.JSONField("compte rendu", null=True, blank=True)
    objects = ExchangeJobQuerySet.as_manager()

    class Meta:
        verbose_name = "import de données"
        verbose_name_plural = "imports de données"
        ordering = ["-pk"]
        constraints = [
            both_or_none("dataimport", "asked"),
            models.UniqueConstraint(
                fields=["structure", "sha256"],
                condition=Q(recorded_on__isnull=False),
                name="package_recorded_once",
                violation_error_message="Ce fichier a déjà été importé.",
            ),
        ]

    def __str__(self):
        return f"Import de {self.file_name}"

    @property
    def deposited_digest(self):
        """« » for a foreign file: its table is kept, as text of ours, and the file is not."""
        return "" if "foreign" in self.manifest else self.sha256

    @property
    def waits_for_matching(self):
        """A foreign file received, whose columns and values a person has not finished to match."""
        return "foreign" in self.manifest and self.report is None and self.is_over and not self.error


class ExchangeLine(models.Model):
    """What came of one line of an import; what was read of it is erased once the import is recorded."""

    source = models.ForeignKey(DataImport, on_delete=models.PROTECT, related_name="lines", verbose_name="import")
    table = models.CharField("fichier", max_length=20, choices=ExchangeTable)
    row = models.PositiveIntegerField("ligne")
    reference = models.CharField("référence", max_length=100, blank=True)
    data = models.JSONField("valeurs lues", default=dict)
    outcome = models.CharField("suite", max_length=10, choices=ExchangeOutcome)
    message = models.CharField("précision", max_length=400, blank=True)
    object_id = models.BigIntegerField("identifiant dans le portail", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "table", "row"],
                name="exchange_line_once",
                violation_error_message="Cette ligne est déjà lue.",
            ),
        ]
        indexes = [models.Index(fields=["source", "outcome"], name="exchange_line_by_outcome")]

    def __str__(self):
        return f"{self.get_table_display()}, ligne {self.file_row}"

    @property
    def file_row(self):
        """The line of the file: several lines of the trial may come of one line of a foreign file."""
        return self.row // RANKS if self.source.mapping_id else self.row


class SourceMapping(models.Model):
    """How a foreign program's file is read: which column is what, and what its values mean. Kept for the next file."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="mappings", verbose_name="structure facilitatrice"
    )
    system = models.CharField("logiciel d’origine", max_length=60, validators=[validate_one_line])
    table = models.CharField("ce que contient le fichier", max_length=20, choices=ExchangeTable)
    signature = models.CharField("empreinte des titres", max_length=64, editable=False)
    columns = models.JSONField("colonnes", default=dict)
    values = models.JSONField("valeurs", default=dict)
    saved_at = moment_field("enregistrée le", required=True)
    saved_by = author_field("enregistrée par", required=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "lecture d’un fichier"
        verbose_name_plural = "lectures de fichiers"
        ordering = ["system", "table"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "system", "table", "signature"],
                name="source_mapping_once",
                violation_error_message="Cette lecture est déjà enregistrée.",
            ),
            both_or_none("sourcemapping", "saved"),
        ]

    def __str__(self):
        return f"{self.system} – {self.get_table_display()}"
