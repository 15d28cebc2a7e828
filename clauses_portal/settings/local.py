"""Shared by dev and test: services come from the environment or, failing that, from the embedded ones."""

from clauses_portal.embedded import service_urls
from clauses_portal.settings.base import DATABASE_OPTIONS, env


def database(name_suffix=""):
    """Return the DATABASES entry for the URL in force, with the project's options."""
    config = env.db_url_config(service_urls()["DATABASE_URL"])
    return {**config, **DATABASE_OPTIONS}


def redis_url(number):
    """Return the broker or cache URL on database `number` of the Redis/Valkey in force."""
    return service_urls()["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"
