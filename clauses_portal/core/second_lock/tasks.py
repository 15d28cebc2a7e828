"""Tasks of the portal itself see everything; the job of a person, what she may see (`jobs.worker`)."""

from celery import Task

from clauses_portal.core.second_lock import EVERYTHING, acting


class PortalTask(Task):
    abstract = True

    def __call__(self, *args, **kwargs):
        with acting(EVERYTHING, standing=True):
            return super().__call__(*args, **kwargs)
