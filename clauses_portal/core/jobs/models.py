from django.db import models

from clauses_portal.core.fields import author_field, moment_field


class JobState(models.TextChoices):
    ASKED = "asked", "Demandé"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    REFUSED = "refused", "Refusé"
    FAILED = "failed", "Échec"


class JobQuerySet(models.QuerySet):
    def waiting(self):
        """Jobs a worker still has to do: the outbox."""
        return self.filter(state__in=[JobState.ASKED, JobState.RUNNING])


class Job(models.Model):
    """What every long work keeps about itself. A subclass names its task, which settings route to a queue."""

    task = ""

    from_console = models.BooleanField("demandé en ligne de commande", default=False)
    asked_at = moment_field("demandé le", required=True)
    asked_by = author_field("demandé par", required=True)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.ASKED)
    done = models.PositiveIntegerField("étapes faites", default=0)
    total = models.PositiveIntegerField("étapes", default=4)
    step = models.CharField("étape en cours", max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_on = models.DateTimeField("transmis au travailleur le", null=True, blank=True)
    finished_on = models.DateTimeField("fini le", null=True, blank=True)
    error = models.CharField("erreur", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_over(self):
        return self.state in {JobState.DONE, JobState.REFUSED, JobState.FAILED}
