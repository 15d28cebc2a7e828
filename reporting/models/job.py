from django.conf import settings
from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from reporting.enums import JobState
from reporting.models.statement import Statement


class ExportJobQuerySet(ScopedQuerySet):
    territory_path = "statement__territory"
    directorate_path = "statement__market__operation__directorate"
    view_permission = Permission.VIEW_STATEMENTS

    def visible_to(self, user):
        """A job is for whoever asked it."""
        return self.filter(asked_by=user)

    def within(self, territory_ids):
        statements = Statement.objects.filter(Statement.objects.within(territory_ids))
        return Q(statement__in=statements)

    def waiting(self):
        """Jobs a worker still has to do: the outbox (security.md §4.3)."""
        return self.filter(state__in=[JobState.ASKED, JobState.RUNNING])


class ExportJob(models.Model):
    """A document asked for: the outbox row the worker claims, and the progress people see."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="jobs", verbose_name="état demandé"
    )
    publish = models.BooleanField("publier", default=False)
    from_console = models.BooleanField("demandé en ligne de commande", default=False)
    asked_at = models.DateTimeField("demandé le", null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="demandé par"
    )
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.ASKED)
    done = models.PositiveSmallIntegerField("étapes faites", default=0)
    total = models.PositiveSmallIntegerField("étapes", default=4)
    step = models.CharField("étape en cours", max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("transmis au travailleur le", null=True, blank=True)
    finished_on = models.DateTimeField("fini le", null=True, blank=True)
    error = models.CharField("erreur", max_length=300, blank=True)
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

    @property
    def is_over(self):
        return self.state in {JobState.DONE, JobState.REFUSED, JobState.FAILED}
