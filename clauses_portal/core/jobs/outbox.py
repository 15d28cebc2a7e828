from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clauses_portal.core.waking import wake

# A job that no worker took, or that a killed worker left, is sent again after this.
PATIENCE = timedelta(seconds=60)


def publish_on_commit(job):
    """Send the job to a worker once its row is committed. With the broker stopped, the sweeper will."""
    transaction.on_commit(lambda: send(job))


def send(job):
    """Send the id of a job; False, and no exception, when the broker is away."""
    if not wake(job.task, job.pk, otherwise=f"{job.task} {job.pk} attendra"):
        return False
    with transaction.atomic():  # after a commit nothing is claimed any more, and the row may be a protected one
        type(job).objects.filter(pk=job.pk).update(sent_on=timezone.now())
    return True


def resend_forgotten(model):
    """Send again the jobs of this model that nobody finished in time; returns how many were sent."""
    late = timezone.now() - PATIENCE
    forgotten = model.objects.waiting().filter(Q(sent_on__isnull=True) | Q(sent_on__lt=late))
    return sum(send(job) for job in forgotten.order_by("pk"))
