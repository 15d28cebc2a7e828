from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.jobs import Job
from clauses_portal.core.jobs.models import JobQuerySet
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet


class ImportRunQuerySet(JobQuerySet, ScopedQuerySet):
    view_permission = Permission.IMPORT_MARKETS

    def visible_to(self, user):
        """An import is for whoever asked it, as long as she may import."""
        return super().visible_to(user).filter(asked_by=user)

    def within(self, territory_ids):
        """An import belongs to no territory: it is for those who may import everywhere."""
        return Q(pk__in=[])


class ImportRun(Job):
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
