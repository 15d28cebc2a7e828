"""Production: every value comes from the environment, and a missing one stops the start with its name."""

from clauses_portal.settings.base import *  # noqa: F403
from clauses_portal.settings.base import DATABASE_OPTIONS, LOGGING, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SITE_URL = CSRF_TRUSTED_ORIGINS[0] if ALLOWED_HOSTS else ""

DATABASES = {"default": {**env.db_url("DATABASE_URL"), **DATABASE_OPTIONS}}
# Milliseconds a statement and a wait for a lock may take: set for the web processes, which people wait for, and left
# out (0, no limit) for migrations and the worker.
TIMEOUT = env.int("STATEMENT_TIMEOUT_MS", default=0)
DATABASES["default"]["OPTIONS"] = {
    # A database that does not answer is away: threads do not pile up behind it (s).
    "connect_timeout": 5,
    "options": f"-c statement_timeout={TIMEOUT} -c lock_timeout={TIMEOUT // 3}",
}
REDIS_URL = env.str("REDIS_URL").rstrip("/")
CACHES = {
    "default": {
        "BACKEND": "clauses_portal.core.cache.FailSafeCache",
        "LOCATION": f"{REDIS_URL}/1",
        "KEY_PREFIX": "portal",
    }
}
CELERY_BROKER_URL = f"{REDIS_URL}/0"
MEDIA_ROOT = env.str("MEDIA_ROOT")

SERVER_EMAIL = DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
vars().update(env.email_url("EMAIL_URL"))

# Counters of wrong sign-ins are kept per visitor's address, which the reverse proxy tells.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

# Read by a program: one JSON object a line.
LOGGING["handlers"]["console"]["formatter"] = "json"
