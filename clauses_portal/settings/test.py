"""The test suite: real PostgreSQL, real Valkey, fast password hashing, everything else as in production."""

import os

from clauses_portal.settings.base import *  # noqa: F403
from clauses_portal.settings.base import BASE_DIR, TEMPLATES
from clauses_portal.settings.local import database, redis_url

DEBUG = False
SECRET_KEY = "tests-only-never-a-secret-" + "x" * 32
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# A cache of its own for each process: emptying it in one must not take the sessions of the other.
CACHE_NUMBER = 5 + int(WORKER[2:]) % 10 if WORKER[:2] == "gw" and WORKER[2:].isdigit() else 3
DATABASES = {"default": database() | {"CONN_MAX_AGE": 0}}
CACHES = {
    "default": {
        "BACKEND": "clauses_portal.core.cache.FailSafeCache",
        "LOCATION": redis_url(CACHE_NUMBER),
        "KEY_PREFIX": f"tests-{WORKER}",
    }
}
CELERY_BROKER_URL = redis_url(4)
CELERY_TASK_DEFAULT_QUEUE = f"tests-{WORKER}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served from their sources: the suite needs no collectstatic.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ACCOUNT_RATE_LIMITS = False
SIGN_IN_LIMITS = {}
MFA_RATE_LIMITS = False
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "VARIABLE_INCONNUE[%s]"
MEDIA_ROOT = BASE_DIR / ".run" / "test-media"
