"""The programme as a frieze: one line per market, one column per month, what happens in each. Pure."""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from clauses_portal.core.periods import Quarter, month_end, month_start

MARKS = (
    ("planned_publication_on", "publication", "P"),
    ("planned_tenders_on", "remise des offres", "O"),
    ("planned_notification_on", "notification", "N"),
)
MONTHS = 12


@dataclass(frozen=True)
class Mark:
    """A date in a month: `letter` shows it, `step` says it."""

    letter: str
    step: str
    day: object


@dataclass(frozen=True)
class Cell:
    """A month of a market: its marks, and whether it is carried out then."""

    marks: tuple[Mark, ...]
    running: bool


def months_from(first):
    """First days of the twelve months that begin with the month of `first`."""
    return [month_start(first) + relativedelta(months=rank) for rank in range(MONTHS)]


def quarters_of(months):
    """[(Quarter, number of its months)] in the order of the months, for the head of the frieze."""
    counts = {}
    for month in months:
        counts[Quarter.of(month)] = counts.get(Quarter.of(month), 0) + 1
    return list(counts.items())


def cells_of(market, months):
    """One `Cell` per month."""
    marks = [(getattr(market, field), step, letter) for field, step, letter in MARKS]
    return [
        Cell(
            tuple(Mark(letter, step, day) for day, step, letter in marks if day and month_start(day) == month),
            _is_running(market, month),
        )
        for month in months
    ]


def _is_running(market, month):
    starts_on, ends_on = market.starts_on, market.ends_on
    return bool(starts_on and ends_on and starts_on <= month_end(month) and ends_on >= month)
