"""Settings of the drill: production's code, storage and limits, on servers of its own (`make drill`)."""

from clauses_portal.embedded.state import RUN
from clauses_portal.settings.base import *  # noqa: F403
from clauses_portal.settings.local import database, redis_url

DEBUG = False
SECRET_KEY = "drill-only-never-a-secret-" + "x" * 32
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": database() | {"OPTIONS": {"connect_timeout": 5}}}
CACHES = {
    "default": {
        "BACKEND": "clauses_portal.core.cache.FailSafeCache",
        "LOCATION": redis_url(1),
        "KEY_PREFIX": "drill",
    }
}
CELERY_BROKER_URL = redis_url(0)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "clauses_portal.core.storage.DurableStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = RUN / "media"
SECOND_FACTOR_REQUIRED = False
# The drill asks again as fast as it can.
API_REQUESTS_PER_MINUTE = 10**9
