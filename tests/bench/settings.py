"""Settings of the bench: production's code and caches, the services in force, a database of its own.

What is compared elsewhere is compared with persistent connections, cached templates and `DEBUG` off, as in
production. Only static files differ: their plain names, so that the bench needs no collectstatic.
"""

from clauses_portal.settings.base import *  # noqa: F403
from clauses_portal.settings.local import database, redis_url

DATABASE = "portal_bench"
DEBUG = False
SECRET_KEY = "bench-only-never-a-secret-" + "x" * 32
ALLOWED_HOSTS = ["localhost"]
DATABASES = {"default": database() | {"NAME": DATABASE}}
CACHES = {
    "default": {
        "BACKEND": "clauses_portal.core.cache.FailSafeCache",
        "LOCATION": redis_url(5),
        "KEY_PREFIX": "bench",
    }
}
CELERY_BROKER_URL = redis_url(6)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = False
