from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.jobs.models import JobQuerySet
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from reporting.models.batch import ProductionBatch
from reporting.models.statement import Statement


class ExportJobQuerySet(JobQuerySet, ScopedQuerySet):
    territory_path = "statement__territory"
    directorate_path = "statement__directorate"
    view_permission = Permission.VIEW_STATEMENTS

    def visible_to(self, user):
        """A job is for whoever asked it, as long as she may see what it makes."""
        return super().visible_to(user).filter(asked_by=user)

    def within(self, territory_ids):
        """Where its statement is, be it of a territory or of a market."""
        statements = Statement.objects.all()
        return Q(statement__in=statements.filter(statements.within(territory_ids)))

    def run_by(self, directorate_ids):
        statements = Statement.objects.all()
        return Q(statement__in=statements.filter(statements.run_by(directorate_ids)))


class ExportJob(Job):
    """A document asked for: the outbox row the worker claims, and the progress people see."""

    task = "reporting.tasks.produce_statement"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="jobs", verbose_name="état demandé")
    publish = models.BooleanField("publier", default=False)
    batch = models.ForeignKey(
        ProductionBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="lot de productions",
    )
    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "production"
        ordering = ["-pk"]
        constraints = [
            both_or_none("exportjob", "asked"),
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(state__in=[JobState.ASKED, JobState.RUNNING]),
                name="one_job_at_a_time",
                violation_error_message="Une demande identique est en cours.",
            ),
        ]

    def __str__(self):
        return f"Production : {self.statement}"
