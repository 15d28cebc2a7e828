"""The demonstration and the developer's machine: same code as production, services embedded."""

from clauses_portal.settings.base import *  # noqa: F403
from clauses_portal.settings.base import env
from clauses_portal.settings.local import database, redis_url

DEBUG = env.bool("DEBUG", default=False)
DEMO = True
# The demonstration opens with a password: its accounts are invented, and shared.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
WEBHOOK_SCHEMES = ("https", "http")
SECRET_KEY = "demonstration-only-never-a-secret-" + "x" * 32
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

DATABASES = {"default": database()}
CACHES = {
    "default": {
        "BACKEND": "clauses_portal.core.cache.FailSafeCache",
        "LOCATION": redis_url(1),
        "KEY_PREFIX": "portal",
    }
}
CELERY_BROKER_URL = redis_url(0)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEMO_ACCOUNTS = "reporting.demo.accounts.DEMO_ACCOUNTS"
