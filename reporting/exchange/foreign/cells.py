"""The cells of a foreign file written as a package writes them. What cannot be read goes as it is, to be refused."""

import datetime as dt
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.tables import as_date, as_flag, as_integer
from clauses_portal.core.text import tidy
from participants.hours_import.lines import as_hours
from reporting.exchange import tables

OLDEST = 1900


def as_text(value):
    """A cell as a person reads it; « » when it is blank."""
    if isinstance(value, dt.date):
        return french.date(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return tidy(value or "")


def as_written(kind, value):
    """The text of a cell in a package, for a column of this kind (`reporting.exchange.tables`)."""
    if value is None:
        return ""
    try:
        return READ.get(kind, as_text)(value)
    except ValueError:
        return as_text(value)


def as_day(value):
    """A date, births too. Raises ValueError with a French sentence."""
    return as_date(value, since=OLDEST)


def day_of(text):
    """The date of a text that `as_written` wrote; None when it was left as it could not be read, or blank."""
    try:
        return as_day(text)
    except ValueError:
        return None


def hours_text(hours):
    """« 7,5 » of a Decimal."""
    return f"{hours.normalize():f}".replace(".", ",")


def _codes(value):
    return " ".join(as_text(value).replace(",", " ").replace(";", " ").split())


READ = {
    tables.DAY: lambda value: as_day(value).isoformat(),
    tables.MONTH: lambda value: f"{as_day(value):%Y-%m}",
    tables.HOURS: lambda value: hours_text(as_hours(value)),
    tables.NUMBER: lambda value: str(as_integer(value)),
    tables.YES_NO: lambda value: "oui" if as_flag(value) else "non",
    tables.LONG_TEXT: lambda value: value if isinstance(value, str) else as_text(value),
    tables.CODES: _codes,
}
