"""Progress of a job under way: in the cache, because its transaction is not committed yet."""

from django.core.cache import cache

LIFETIME = 900


def _key(job):
    return f"{job._meta.label_lower}-{job.pk}"


def write_progress(job, step, done=None):
    """Publish the step a job has reached, and how many steps are done (one more by default)."""
    job.step, job.done = step, job.done + 1 if done is None else done
    cache.set(_key(job), {"done": job.done, "total": job.total, "step": job.step}, LIFETIME)


def read_progress(job):
    """Give a waiting job the progress the worker last published."""
    if not job.is_over and (live := cache.get(_key(job))):
        job.done, job.total, job.step = live["done"], live["total"], live["step"]
    return job
