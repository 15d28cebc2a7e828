"""What a rule found: a fact to report, named so that it is never reported twice."""

from dataclasses import dataclass
from datetime import date

from markets.enums import AlertCategory, AlertSeverity


@dataclass(frozen=True)
class Fact:
    """A fact a rule found. `key` names it for ever (« A03:12:2026-08 »): it begins with its category.

    `description` says it in French, without the name of a person; `path` is the page where one acts.
    """

    key: str
    category: AlertCategory
    severity: AlertSeverity
    territory_id: int
    description: str
    lot_id: int | None = None
    company_id: int | None = None
    path: str = ""
    due_on: date | None = None
