"""Templates the Département edits, and the documents produced from them for a lot (C8, C11)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.permissions import OfficeQuerySet, ScopedQuerySet
from markets.enums import DocumentKind
from markets.models.market import Lot


class DocumentTemplateQuerySet(OfficeQuerySet):
    view_permission = Permission.MANAGE_TEMPLATES

    def valid(self):
        """Versions that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def current(self, kind):
        """The version in use of a kind of document: the last one that was not withdrawn."""
        return self.valid().filter(kind=kind).order_by("-version").first()


class DocumentTemplate(Deposited, models.Model):
    """A version of a Word template with named fields, checked when it was given; the first ones are shipped."""

    kind = models.CharField("pièce", max_length=10, choices=DocumentKind)
    version = models.PositiveSmallIntegerField("version")
    note = models.CharField("objet de cette version", max_length=200, blank=True, validators=[validate_one_line])
    file_name = models.CharField("nom du fichier", max_length=150, validators=[validate_one_line])
    content = models.BinaryField("contenu (DOCX)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_at = moment_field("déposé le")
    uploaded_by = author_field("déposé par")
    withdrawn_at = moment_field("retiré le")
    withdrawn_by = author_field("retiré par")
    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "modèle de pièce"
        verbose_name_plural = "modèles de pièces"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"],
                name="template_version_once",
                violation_error_message="Un autre modèle vient d’être déposé : recommencez.",
            ),
            both_or_none("documenttemplate", "uploaded"),
            both_or_none("documenttemplate", "withdrawn"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, version {self.version}"

    @property
    def deposited_digest(self):
        """« » for a template that is shipped with the portal."""
        return self.sha256 if self.uploaded_at else ""


class ContractDocumentQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def without_files(self):
        """The files left in the table, their sizes read (`docx_size`, `pdf_size`, in bytes)."""
        return self.defer("docx", "pdf").annotate(docx_size=Length("docx"), pdf_size=Length("pdf"))


class ContractDocument(models.Model):
    """A document produced for a lot, as Word and PDF, kept as it was produced: a new one is a new version."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="documents", verbose_name="lot")
    kind = models.CharField("pièce", max_length=10, choices=DocumentKind)
    version = models.PositiveSmallIntegerField("version")
    template = models.ForeignKey(
        DocumentTemplate, on_delete=models.PROTECT, related_name="documents", verbose_name="modèle"
    )
    hours = models.PositiveIntegerField("heures")
    docx = models.BinaryField("fichier Word")
    pdf = models.BinaryField("fichier PDF")
    sha256 = models.CharField("empreinte SHA-256 du PDF", max_length=64)
    produced_at = moment_field("produite le", required=True)
    produced_by = author_field("produite par", required=True)
    objects = ContractDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce produite"
        verbose_name_plural = "pièces produites"
        ordering = ["lot", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "kind", "version"],
                name="contract_document_version_once",
                violation_error_message="Cette version de la pièce existe déjà.",
            ),
            both_or_none("contractdocument", "produced"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, version {self.version}"


class DocumentJobQuerySet(JobQuerySet, ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"
    view_permission = Permission.PRODUCE_DOCUMENTS


class DocumentJob(Job):
    """The production of the four documents of a lot by a worker."""

    task = "markets.tasks.produce_documents"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="document_jobs", verbose_name="lot")
    objects = DocumentJobQuerySet.as_manager()

    class Meta:
        verbose_name = "production de pièces"
        verbose_name_plural = "productions de pièces"
        ordering = ["-pk"]
        constraints = [
            both_or_none("documentjob", "asked"),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(state__in=["asked", "running"]),
                name="one_production_at_a_time",
                violation_error_message="Les pièces de ce lot sont déjà en cours de production.",
            ),
        ]

    def __str__(self):
        return f"Pièces de {self.lot}"
