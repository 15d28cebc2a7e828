"""What the portal writes in its log, and what it does not (clauses_portal/core/logs.py)."""

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
