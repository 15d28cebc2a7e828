"""Long work: a row is asked for, a worker claims it, people watch it (security.md §4.3).

The row is the message: the broker only wakes a worker, and may lose everything.
"""

from clauses_portal.core.jobs.models import Job, JobState
from clauses_portal.core.jobs.outbox import publish_on_commit, resend_forgotten
from clauses_portal.core.jobs.progress import read_progress
from clauses_portal.core.jobs.tasks import job_task
from clauses_portal.core.jobs.worker import run

__all__ = ["Job", "JobState", "job_task", "publish_on_commit", "read_progress", "resend_forgotten", "run"]
