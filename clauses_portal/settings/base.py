"""What every environment shares. No secret here: dev and test invent theirs, prod demands them."""

import json
from ipaddress import ip_network
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_filters",
    "django_fsm",
    "crispy_forms",
    "crispy_bootstrap5",
    "clauses_portal.core",
    "clauses_portal.accounts",
    "facilitators",
    "operations",
    "markets",
    "participants",
    "reporting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clauses_portal.core.middleware.HealthMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "clauses_portal.core.request_log.RequestLogMiddleware",
    "clauses_portal.accounts.middleware.JournalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clauses_portal.accounts.sessions.SessionLimitsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clauses_portal.accounts.gate.GateMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "clauses_portal.core.middleware.PrivatePagesMiddleware",
    "facilitators.second_lock.SecondLockMiddleware",
    "facilitators.api.middleware.KeyUseMiddleware",
    "clauses_portal.core.deadlocks.DeadlockMiddleware",
]

ROOT_URLCONF = "clauses_portal.urls"
WSGI_APPLICATION = "clauses_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "clauses_portal.navigation.frame",
            ],
            "builtins": [
                "clauses_portal.core.templatetags.french",
                "clauses_portal.core.templatetags.ui",
            ],
        },
    }
]

# Every request and every task works in one transaction: outside one, simple-history can lose the
# history of a change that was committed (docs/adr/0005).
DATABASE_OPTIONS = {
    "ENGINE": "clauses_portal.core.database",
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 16},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clauses_portal.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A forgotten password of an unknown address sends nothing: the mail would lead to a sign-up that does not exist.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# A sensitive act asks who one is again after so many seconds (docs/connexion.md).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300

# Everybody signs in with a second factor; only the demonstration opens with a password (docs/adr/0023).
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)
# Seals the secrets of second factors; SECRET_KEY does without it.
MFA_ENCRYPTION_KEY = env.str("MFA_ENCRYPTION_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
MFA_ADAPTER = "clauses_portal.accounts.mfa_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Clauses sociales 13"
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Wrong codes an account may try (A20).
MFA_RATE_LIMITS = {"code": "5/15m/key"}
MFA_FORMS = {
    "authenticate": "clauses_portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "clauses_portal.accounts.forms.ConfirmationForm",
    "authenticate_webauthn": "clauses_portal.accounts.forms.PasskeyFactorForm",
    "login_webauthn": "clauses_portal.accounts.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "clauses_portal.accounts.forms.PasskeyConfirmationForm",
}

GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None
GUARDIAN_AUTO_PREFETCH = False

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# A session ends after an hour without a request, and ten hours after the sign-in (security.md §6, 43).
SESSION_IDLE_SECONDS = 3600
SESSION_LONGEST_SECONDS = SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clauses_portal.core.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Nothing of the visitor's device is asked for, but the passkey she signs in with.
PERMISSIONS_POLICY = {
    **dict.fromkeys(
        (
            *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
            *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
            *("screen-wake-lock", "serial", "sync-xhr", "usb", "web-share", "xr-spatial-tracking"),
        ),
        [],
    ),
    "publickey-credentials-get": "self",
    "publickey-credentials-create": "self",
}
# What a page says next stays on the server: a cookie of messages would travel in the clear of the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # never inline: what a page must carry itself has the nonce of its answer
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "media-src": ["'none'"],
        "frame-src": ["'none'"],
        "worker-src": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "clauses_portal.core.storage.DurableStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = BASE_DIR / ".run" / "media"

CRISPY_ALLOWED_TEMPLATE_PACKS = ("bootstrap5",)
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["clauses_portal.core.api.parsing.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["facilitators.api.authentication.KeyAuthentication"],
    # Deny by default: a view says what it asks for.
    "DEFAULT_PERMISSION_CLASSES": ["clauses_portal.core.api.permissions.Nobody"],
    "DEFAULT_PAGINATION_CLASS": "clauses_portal.core.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["facilitators.api.filters.DeclaredFilters"],
    "DEFAULT_SCHEMA_CLASS": "facilitators.api.schema.ResourceSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "clauses_portal.core.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portail des clauses sociales – interface d’échange",
    "DESCRIPTION": "Échanges entre le Département et les structures facilitatrices, par clé d’accès (convention, C22).",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "facilitators.api.schema.add_problem",
        "clauses_portal.api_docs.document.complete",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
}
# Requests a key may make in a minute; wrong keys one address may try in a minute before it is told to wait (A20).
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=300)
WRONG_KEYS_PER_MINUTE = env.int("WRONG_KEYS_PER_MINUTE", default=10)

CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "clauses_portal.core.tasks.*": {"queue": "default"},
    "facilitators.tasks.*": {"queue": "default"},
    "reporting.tasks.produce_*": {"queue": "pdf"},
    "reporting.tasks.import_*": {"queue": "imports"},
    "reporting.tasks.export_*": {"queue": "imports"},
    "reporting.tasks.*": {"queue": "default"},
    "markets.tasks.import_*": {"queue": "imports"},
    "participants.tasks.import_*": {"queue": "imports"},
    "participants.tasks.*": {"queue": "default"},
    "markets.tasks.produce_*": {"queue": "pdf"},
    "markets.tasks.*": {"queue": "default"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_CONCURRENCY = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A request never waits for a broker that is down: the job row is swept up later (docs/adr/0004).
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULER = "clauses_portal.core.jobs.clock:WatchfulClock"
# What the clock has watched at each of its rounds.
PULSE_WATCH = "facilitators.portal_state.watch"
CELERY_BEAT_SCHEDULE = {
    # A sign of life nobody took in time says nothing any more: it expires.
    **{
        f"sign-of-life-{queue}": {
            "task": "clauses_portal.core.tasks.sign_of_life",
            "schedule": 60.0,
            "options": {"queue": queue, "expires": 60},
        }
        for queue in ("default", "pdf", "imports")
    },
    "republish-forgotten-statements": {"task": "reporting.tasks.republish_forgotten_jobs", "schedule": 30.0},
    "prepare-drafts": {"task": "reporting.tasks.prepare_drafts", "schedule": crontab(hour=6, minute=10)},
    "watch-papers": {"task": "reporting.tasks.watch_papers", "schedule": crontab(hour=1, minute=40)},
    "erase-expired-lists": {"task": "reporting.tasks.erase_expired_lists", "schedule": 600.0},
    "erase-old-packages": {"task": "reporting.tasks.erase_old_packages", "schedule": 3600.0},
    "republish-forgotten-imports": {"task": "markets.tasks.republish_forgotten_jobs", "schedule": 30.0},
    "remind-awaited-opinions": {
        "task": "markets.tasks.remind_awaited_opinions",
        "schedule": crontab(hour=6, minute=30),
    },
    "raise-alerts": {"task": "participants.tasks.raise_alerts", "schedule": crontab(hour=4, minute=10)},
    "raise-closing-alerts": {
        "task": "reporting.tasks.raise_closing_alerts",
        "schedule": crontab(hour=4, minute=25),
    },
    "suggest-closing-versions": {
        "task": "reporting.tasks.suggest_closing_versions",
        "schedule": crontab(hour=5, minute=10),
    },
    "open-exits": {"task": "participants.tasks.open_exits", "schedule": crontab(hour=4, minute=40)},
    "recount-moved-lots": {"task": "participants.tasks.recount_moved_lots", "schedule": 300.0},
    "recount-lots-of-the-week": {
        "task": "participants.tasks.recount_lots_of_the_week",
        "schedule": crontab(hour=2, minute=20),
    },
    "report-silences": {"task": "participants.tasks.report_silences", "schedule": crontab(hour=6, minute=40)},
    "republish-forgotten-statements-of-hours": {
        "task": "participants.tasks.republish_forgotten_jobs",
        "schedule": 30.0,
    },
    "remind-companies": {"task": "participants.tasks.remind_companies", "schedule": crontab(hour=8, minute=15)},
    "check-companies": {"task": "markets.tasks.check_companies", "schedule": crontab(hour=3, minute=20)},
    "watch-published-data": {
        "task": "markets.tasks.watch_published_data",
        "schedule": crontab(hour=3, minute=40),
    },
    # Also sent at once when a mail is written; this round takes what the broker lost and what must be tried again.
    "send-mails": {"task": "facilitators.tasks.send_mails", "schedule": 60.0},
    # Also asked for at once when an event is told; this round tries again what did not arrive.
    "send-webhooks": {"task": "facilitators.tasks.send_webhooks", "schedule": 60.0},
    "forget-messages": {"task": "facilitators.tasks.forget_messages", "schedule": crontab(hour=1, minute=10)},
    "warn-of-key-expiry": {"task": "facilitators.tasks.warn_of_key_expiry", "schedule": crontab(hour=6, minute=50)},
    "forget-repeated-requests": {
        "task": "facilitators.tasks.forget_repeated_requests",
        "schedule": crontab(hour=1, minute=20),
    },
    # Also asked for at once when a file is deposited; this round takes what waited for an antivirus that was away.
    "scan-files": {"task": "facilitators.tasks.scan_files", "schedule": 60.0},
    "ask-forgotten-scans": {
        "task": "facilitators.tasks.ask_forgotten_scans",
        "schedule": crontab(day_of_month=1, hour=2, minute=10),
    },
    "mail-notifications": {"task": "facilitators.tasks.mail_notifications", "schedule": crontab(hour=7, minute=30)},
}

DEMO = False
# A mail server that does not answer is away (seconds).
EMAIL_TIMEOUT = 10
# Where the links of a mail lead; its host also names this portal in the packages it exchanges (docs/paquet.md).
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
# A report of an error holds neither what was sent nor what was computed (security.md, A29).
DEFAULT_EXCEPTION_REPORTER = "clauses_portal.core.error_reports.PlaceAlone"
DEFAULT_EXCEPTION_REPORTER_FILTER = "clauses_portal.core.error_reports.NothingPersonal"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "clauses_portal.core.logs.NoSecretFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "clauses_portal.core.logs.JsonFormatter"},
    },
    "filters": {"without_values": {"()": "clauses_portal.core.logs.WithoutValues"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_values"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("pikepdf", "fontTools", "weasyprint")}
    | {"django.server": {"handlers": ["console"], "propagate": False}},
}

# May the facilitators of a territory see the calculation method of their own lots and propose hours with it?
# The convention lets them take part (art. 2-2); the office may close it (security.md §2.1).
FACILITATORS_SEE_METHOD = env.bool("FACILITATORS_SEE_METHOD", default=True)
# Hours of a full-time year (Code du travail, art. L. 3121-41) and hours below which a clause is not worth writing:
# usual floors go from 70 to 300 h (domain.md §3.5).
ANNUAL_HOURS = env.int("ANNUAL_HOURS", default=1607)
CALIBRATION_FLOOR_HOURS = env.int("CALIBRATION_FLOOR_HOURS", default=70)

# The forecast of hires turns hours into persons: so many hours (h) each, on average (domain.md §3.3, ANRU).
HOURS_PER_HIRE = env.int("HOURS_PER_HIRE", default=400)

# A validation never takes effect before the day of its decision (M10). The office may open so many days backwards, with
# a reason and a second person (domain.md §4.3); 0: never.
RETROACTIVE_VALIDATION_DAYS = env.int("RETROACTIVE_VALIDATION_DAYS", default=0)

# Base address of the State's directory of companies, asked by the worker; empty, nothing leaves the portal and each
# company stays « non vérifié ».
COMPANY_DIRECTORY_URL = env.str("COMPANY_DIRECTORY_URL", default="")

# How programs are told of events (docs/avertissements.md): by https alone, at public addresses and in these networks
# of the house (« 10.20.0.0/16 »), for software that runs inside.
WEBHOOK_SCHEMES = ("https",)
WEBHOOK_NETWORKS_ALLOWED = [str(ip_network(text)) for text in env.list("WEBHOOK_NETWORKS_ALLOWED", default=[])]

# Where the essential data (DECP) of a buyer are published, with « {siret} » where the source filters by buyer; empty,
# nothing is read again at night.
DECP_SOURCE_URL = env.str("DECP_SOURCE_URL", default="")

# A link sent to a company opens for so many days. A month without a statement is reminded these days of the next one
# (domain.md §5.10, A03). So many wrong links an hour from one address, and the page answers « too many ».
COMPANY_LINK_DAYS = env.int("COMPANY_LINK_DAYS", default=45)
REMINDER_DAYS = tuple(env.list("REMINDER_DAYS", cast=int, default=[10, 20, 30]))
COMPANY_LINK_ATTEMPTS = env.int("COMPANY_LINK_ATTEMPTS", default=20)

# When the rules report (domain.md §5.10): days after the notification (A01), % of the time (A02), points behind the
# linear pace (A04), % of the time and % of its pace (A15), days before an end (A08, A24), refusals (A20), hours of a
# person in a month (A21), days for which an event is news (A09, A12), days
# without a closing report (A23).
ALERT_THRESHOLDS = {
    "posting_days": 30,
    "first_hire_percent": 25,
    "late_points": 20,
    "risk_percent": 75,
    "risk_pace_percent": 80,
    "eligibility_days": 60,
    "refusals": 3,
    "month_hours": 218,
    "convention_days": [180, 90],
    "event_days": 60,
    "closing_days": 30,
} | json.loads(env.str("ALERT_THRESHOLDS", default="") or "{}")

# Calls without answer after which the situation of a person may be noted « inconnue » (domain.md §5.5).
EXIT_CALL_ATTEMPTS = env.int("EXIT_CALL_ATTEMPTS", default=3)

# Who says what an account may see of the protected rows (docs/adr/0024).
CLAIMS = "facilitators.second_lock.claims_of"
# What the database protects itself, and the role it protects it from: the one of web and worker processes.
PROTECTED_TABLES = "clauses_portal.protected_tables"
APPLICATION_ROLE = env.str("APPLICATION_ROLE", default="portal_app")
# Who keeps the logos that documents carry (docs/adr/0009).
LOGOS = "reporting.services.branding.logos_on"

# Where the antivirus answers (clamd): « tcp://antivirus:3310 » or « unix:///run/clamav/clamd.sock »; empty, deposited
# files are not scanned and each one says so. Seconds it may stay silent.
ANTIVIRUS_URL = env.str("ANTIVIRUS_URL", default="")
ANTIVIRUS_TIMEOUT = 20
