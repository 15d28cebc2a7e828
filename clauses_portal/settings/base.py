"""What every environment shares. No secret here: dev and test invent theirs, prod demands them."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE

from clauses_portal.settings.logs import *  # noqa: F403
from clauses_portal.settings.office import *  # noqa: F403
from clauses_portal.settings.schedule import *  # noqa: F403
from clauses_portal.settings.storages import file_storage

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
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 16},
    },
    {"NAME": "clauses_portal.accounts.passwords.LongestValidator"},
    {"NAME": "clauses_portal.accounts.passwords.ExpectedWordsValidator"},
    {"NAME": "clauses_portal.accounts.passwords.GuessableValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
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
# Wrong passwords (number, seconds) that are read from one address, for one account, and for it in a day (A20).
SIGN_IN_LIMITS = {
    "address": (env.int("WRONG_SIGN_INS_PER_ADDRESS", default=20), 15 * 60),
    "account": (5, 15 * 60),
    "day": (100, 24 * 3600),
}
# Reset mails an account, and a visitor, may ask for; wrong present passwords of a session that changes its own.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/h/ip,3/h/key", "change_password": "5/15m/user"}
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

# ProConnect: the address of the provider (« https://…/api/v2 ») opens it; without one it appears nowhere.
PROCONNECT_ISSUER = env.str("PROCONNECT_ISSUER", default="").rstrip("/")
# Ways of signing in at the provider (« amr ») that are worth our second factor.
PROCONNECT_SECOND_FACTORS = {"mfa"}
# Gives the account of somebody whom an invitation waits for: (request, address) to User or None.
PROCONNECT_NEWCOMER = "facilitators.proconnect.newcomer"
OIDC_RP_CLIENT_ID = env.str("PROCONNECT_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.str("PROCONNECT_CLIENT_SECRET", default="")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid email"
OIDC_AUTHENTICATION_CALLBACK_URL = "proconnect_return"
OIDC_TIMEOUT = 10  # seconds

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
            *("screen-wake-lock", "serial", "sync-xhr", "usb", "xr-spatial-tracking"),
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
if PROCONNECT_ISSUER:  # where signing out leads too
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
        "{0.scheme}://{0.netloc}".format(urlsplit(PROCONNECT_ISSUER))
    )

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": file_storage(env.str("FILE_STORAGE_URL", default="")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = BASE_DIR / ".run" / "media"
# Read by the account of the portal alone, and by no address: MEDIA_URL stays unset.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "clauses_portal.core.uploads.TidyUploadHandler",
]

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

DEMO = False
# A mail server that does not answer is away (seconds).
EMAIL_TIMEOUT = 10
# Where the links of a mail lead; its host also names this portal in the packages it exchanges (docs/paquet.md).
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

# Who says what an account may see of the protected rows (docs/adr/0024).
CLAIMS = "facilitators.second_lock.claims_of"
# What the database protects itself, and the role it protects it from: the one of web and worker processes.
PROTECTED_TABLES = "clauses_portal.protected_tables"
APPLICATION_ROLE = env.str("APPLICATION_ROLE", default="portal_app")

# Who sends the mails of the sign-in pages.
OUTBOX = "facilitators.mail.queue_mail"
# Who keeps the logos that documents carry (docs/adr/0009).
LOGOS = "reporting.services.branding.logos_on"

# Where the antivirus answers (clamd): « tcp://antivirus:3310 » or « unix:///run/clamav/clamd.sock »; empty, deposited
# files are not scanned and each one says so. Seconds it may stay silent.
ANTIVIRUS_URL = env.str("ANTIVIRUS_URL", default="")
ANTIVIRUS_TIMEOUT = 20
