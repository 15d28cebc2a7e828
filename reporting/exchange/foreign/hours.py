"""The hours of a line of follow-up: one month that the line names, or several in columns of their own."""

from clauses_portal.core.periods import month_range
from participants.hours_import.lines import as_hours
from reporting.enums import ExchangeTable as T
from reporting.exchange.foreign.cells import as_text, day_of
from reporting.exchange.foreign.fields import MONTH
from reporting.exchange.foreign.identity import digest
from reporting.exchange.foreign.lines import row_number

DECLARED, NATURE = f"{T.HOURS.value}__declarees", f"{T.HOURS.value}__nature"


def add_hours(row, contract, lines):
    """Add the hours of a Row to its contract, month by month; a zero, or a blank, says nothing."""
    nature = row.texts.get(NATURE, "")
    for rank, (month, cell) in _told(row).items():
        if hours := _read(cell):
            first, last = _days(month, contract)
            data = {"contrat": contract["reference"], "du": first.isoformat(), "au": last.isoformat()}
            data |= {"nature": nature, "reference": digest("h", contract["reference"], month, nature)}
            lines.add_hours(T.HOURS, row_number(row.line, rank), data, hours)


def _told(row):
    """{rank: (first day of the month, cell)}; 0 for the month the line names, else from 1."""
    told = {at + 1: pair for at, pair in row.hours.items()}
    month = day_of(row.texts.get(MONTH.name, ""))
    if month and row.texts.get(DECLARED):
        told[0] = month.replace(day=1), row.texts[DECLARED]
    return told


def _read(cell):
    """Hours (Decimal), or the text that cannot be read: the trial says so."""
    try:
        return as_hours(cell)
    except ValueError:
        return as_text(cell)


def _days(month, contract):
    """The days of the month within the contract; those of the month when it is outside: the trial says so."""
    first, last = month_range(month)
    begins, ends = day_of(contract.get("debut", "")), day_of(contract.get("fin", ""))
    within = max(first, begins or first), min(last, ends or last)
    return within if within[0] <= within[1] else (first, last)
