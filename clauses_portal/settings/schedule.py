"""What is done by the clock: each task, and when, in Paris time."""

from celery.schedules import crontab

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
    "erase-expired-copies": {"task": "participants.tasks.erase_expired_copies", "schedule": 600.0},
    "remind-of-data-requests": {
        "task": "participants.tasks.remind_of_data_requests",
        "schedule": crontab(hour=7, minute=10, day_of_week="mon-fri"),
    },
    "apply-retention": {"task": "participants.tasks.apply_retention", "schedule": crontab(hour=2, minute=50)},
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
    "forget-sessions": {"task": "facilitators.tasks.forget_sessions", "schedule": crontab(hour=1, minute=30)},
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
    "purge-journal": {"task": "facilitators.tasks.purge_journal", "schedule": crontab(hour=1, minute=30)},
    # A few minutes before midnight too: what the day held is read with it.
    "watch-readings": {"task": "participants.tasks.watch_readings", "schedule": crontab(minute="*/15")},
    "mail-notifications": {"task": "facilitators.tasks.mail_notifications", "schedule": crontab(hour=7, minute=30)},
}
