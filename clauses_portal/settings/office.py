"""What the office decides: thresholds of the trade, sources of data, delays. Each has its variable."""

import json
from ipaddress import ip_network

import environ

env = environ.Env()

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

# When a nominative reading is unusual (domain.md §5.10, A26): persons read in a day, above `persons` and `times` the
# daily average of the account over `usual_days`; `at_night` persons between the hours `night_from` and `night_until`;
# `elsewhere` persons of a territory where the reader, who has a portfolio, has no lot.
READING_WATCH = {
    "persons": 200,
    "times": 4,
    "usual_days": 30,
    "at_night": 10,
    "night_from": 22,
    "night_until": 6,
    "elsewhere": 10,
} | json.loads(env.str("READING_WATCH", default="") or "{}")

# Months that a file is active after the last contact, then archived; that the people of a company stay after its last
# market (domain.md §8). Nothing is archived nor anonymised at night until the office says so, in agreement with its
# data protection officer and the Archives départementales. Sheets joined to declarations are erased once seen.
RETENTION_MONTHS = {"active": 24, "archived": 24, "contacts": 36}
RETENTION_SCHEDULED = env.bool("RETENTION_SCHEDULED", default=False)
EVIDENCE_KEPT = env.bool("EVIDENCE_KEPT", default=False)

# Calls without answer after which the situation of a person may be noted « inconnue » (domain.md §5.5).
EXIT_CALL_ATTEMPTS = env.int("EXIT_CALL_ATTEMPTS", default=3)
