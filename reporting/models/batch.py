from django.db import models

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.jobs import Job, JobState
from clauses_portal.core.jobs.models import JobQuerySet
from facilitators.enums import Permission
from facilitators.permissions import OfficeQuerySet


class BatchQuerySet(JobQuerySet, OfficeQuerySet):
    view_permission = Permission.VIEW_STATEMENTS

    def visible_to(self, user):
        """A batch is for whoever asked it."""
        return super().visible_to(user).filter(asked_by=user)


class ProductionBatch(Job):
    """The papers of a quarter, asked for together: every territory, direction and market its author may produce."""

    task = "reporting.tasks.produce_batch"

    period_code = models.CharField("trimestre", max_length=16)
    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de productions"
        verbose_name_plural = "lots de productions"
        ordering = ["-pk"]
        constraints = [
            both_or_none("productionbatch", "asked"),
            models.UniqueConstraint(
                fields=["period_code", "asked_by"],
                condition=models.Q(state__in=[JobState.ASKED, JobState.RUNNING]),
                name="one_batch_at_a_time",
                violation_error_message="Une demande identique est en cours.",
            ),
        ]

    def __str__(self):
        return f"États du {self.period_code}"
