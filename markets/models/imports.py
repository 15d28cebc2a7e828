from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_siret
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet


class DecpWatchQuerySet(ScopedQuerySet):
    view_permission = Permission.IMPORT_MARKETS

    def open(self):
        """Watches nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def within(self, territory_ids):
        """A watch belongs to no territory: it is for those who may import everywhere."""
        return Q(pk__in=[])


class DecpWatch(models.Model):
    """The published data of a buyer, read again every night under the rights of whoever asked (domain.md §11)."""

    buyer_siret = models.CharField("acheteur (SIRET)", max_length=14, validators=[validate_siret])
    started_at = moment_field("demandée le", required=True)
    started_by = author_field("demandée par", required=True)
    ended_at = moment_field("arrêtée le")
    ended_by = author_field("arrêtée par")
    asked_on = models.DateTimeField("dernière lecture", null=True, blank=True, editable=False)
    sha256 = models.CharField("dernière empreinte", max_length=64, blank=True, editable=False)
    failure = models.CharField("dernier échec", max_length=300, blank=True, editable=False)
    objects = DecpWatchQuerySet.as_manager()

    class Meta:
        verbose_name = "réimport programmé"
        verbose_name_plural = "réimports programmés"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer_siret"],
                condition=Q(ended_at__isnull=True),
                name="decp_watched_once",
                violation_error_message="Les données de cet acheteur sont déjà relues chaque nuit.",
            ),
            both_or_none("decpwatch", "started"),
            both_or_none("decpwatch", "ended"),
        ]

    def __str__(self):
        return f"Réimport des données de {self.buyer_siret}"


class ImportRunQuerySet(JobQuerySet, ScopedQuerySet):
    view_permission = Permission.IMPORT_MARKETS

    def visible_to(self, user):
        """An import is for whoever asked it, as long as she may import."""
        return super().visible_to(user).filter(asked_by=user)

    def within(self, territory_ids):
        """An import belongs to no territory: it is for those who may import everywhere."""
        return Q(pk__in=[])


class ImportRun(Deposited, Job):
    """A file of procurement data given to import, and the line by line report of what came of it."""

    task = "markets.tasks.import_file"

    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    dry_run = models.BooleanField("essai à blanc", default=True)
    buyer_siret = models.CharField("acheteur (SIRET)", max_length=14, blank=True)
    report = models.JSONField("compte rendu", null=True, blank=True)
    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        ordering = ["-pk"]
        constraints = [both_or_none("importrun", "asked")]

    def __str__(self):
        return f"Import de {self.file_name}"
