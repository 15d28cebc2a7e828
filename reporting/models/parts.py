from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.models import Company
from reporting.enums import FileKind
from reporting.models.statement import Statement


class OfStatementQuerySet(ScopedQuerySet):
    """Rows that go where their statement goes."""

    territory_path = "statement__territory"
    directorate_path = "statement__directorate"
    view_permission = Permission.VIEW_STATEMENTS

    def within(self, territory_ids):
        return self._of(Statement.objects.all().within(territory_ids))

    def run_by(self, directorate_ids):
        return self._of(Statement.objects.all().run_by(directorate_ids))

    def _of(self, condition):
        return Q(statement__in=Statement.objects.filter(condition))


class StatementComment(models.Model):
    """What the Département says of a draft, and what the facilitator answers (C19)."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="remarks", verbose_name="état")
    text = models.TextField("commentaire", max_length=2000, validators=[validate_plain_text])
    written_at = moment_field("écrit le", required=True)
    written_by = author_field("écrit par", required=True)
    objects = OfStatementQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        ordering = ["pk"]
        constraints = [both_or_none("statementcomment", "written")]

    def __str__(self):
        return f"Commentaire sur {self.statement.number}"


class StatementFileQuerySet(OfStatementQuerySet):
    def visible_to(self, user):
        """The restricted version is for those who see the amounts where the statement is (C27)."""
        seen = super().visible_to(user)
        return seen.exclude(kind=FileKind.RESTRICTED) | seen.actionable_by(user, Permission.VIEW_AMOUNTS)


class StatementFile(models.Model):
    """A file published with a statement; frozen with it (a trigger)."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="files", verbose_name="état")
    kind = models.CharField("nature", max_length=10, choices=FileKind)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entreprise"
    )
    name = models.CharField("nom du fichier", max_length=150)
    mime = models.CharField("type", max_length=100)
    content = models.BinaryField("contenu")
    size = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    objects = StatementFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier d’un état"
        verbose_name_plural = "fichiers d’un état"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "kind", "company"],
                nulls_distinct=False,
                name="statement_file_once",
                violation_error_message="Ce fichier existe déjà.",
            ),
            models.CheckConstraint(
                name="statement_file_of_a_company",
                condition=Q(kind=FileKind.COMPANY, company__isnull=False)
                | (~Q(kind=FileKind.COMPANY) & Q(company__isnull=True)),
                violation_error_message="La version pour l’entreprise, et elle seule, nomme une entreprise.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def format(self):
        """« PDF », « XLSX »: as its name ends."""
        return self.name.rpartition(".")[2].upper()


class RatiosQuerySet(OfStatementQuerySet):
    view_permission = Permission.VIEW_AMOUNTS


class StatementRatios(models.Model):
    """Ratios in euros of an annual report: confidential, in their own table (C27; domain.md §9.12)."""

    statement = models.OneToOneField(
        Statement, on_delete=models.PROTECT, related_name="ratios", verbose_name="bilan annuel"
    )
    data = models.JSONField("ratios figés")
    objects = RatiosQuerySet.as_manager()

    class Meta:
        verbose_name = "ratios confidentiels"
        verbose_name_plural = "ratios confidentiels"

    def __str__(self):
        return f"Ratios {self.statement_id}"
