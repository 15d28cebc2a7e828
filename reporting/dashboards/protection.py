"""Persons told in aggregates: what small numbers become for those who may not follow persons (A30, domain.md §8)."""

from reporting.indicators import exits, people
from reporting.suppression import WITHHELD, is_small, suppress, suppress_list

# Parts of the persons hired: with what is left, each list adds up to their number.
LISTS = (
    (people.WOMEN, people.MEN),
    (people.QPV, people.QPV_UNKNOWN),
    (people.RSA, people.RSA_UNKNOWN),
)
SHARES = {people.WOMEN_SHARE: people.WOMEN, people.QPV_SHARE: people.QPV, people.RSA_SHARE: people.RSA}


def protect(values, tables, *, elsewhere):
    """({code: value}, {code: rows or None}): small numbers of persons and of situations hidden.

    `values` are those of the figures of the dashboard, `tables` its breakdowns of persons, [(label, number)];
    `elsewhere`: persons hired in the rest of what the reader reads, that a subtraction would give, None when she
    reads the whole. A breakdown that cannot be told at all is None.
    """
    values = dict(values)
    total = values[people.TOTAL.code]
    if elsewhere is not None and is_small(elsewhere):
        _withhold(values, [people.TOTAL.code, *(part.code for parts in LISTS for part in parts)])
        tables = dict.fromkeys(tables)
    else:
        for parts in LISTS:
            _protect_list(values, [part.code for part in parts], total)
        tables = {code: _table(rows) for code, rows in tables.items()}
        values[people.TOTAL.code] = suppress(total)
    values[people.AT_WORK.code] = suppress(values[people.AT_WORK.code])
    for share, part in SHARES.items():
        _follow(values, share.code, part.code)
    for figures in exits.BY_HORIZON.values():
        _protect_exits(values, figures)
    return values, tables


def _withhold(values, codes):
    for code in codes:
        values[code] = values[code] and WITHHELD


def _protect_list(values, codes, total):
    numbers = [values[code] for code in codes]
    told, _ = suppress_list([*numbers, total - sum(numbers)])
    if told is None:
        _withhold(values, codes)
    else:
        values.update(zip(codes, told, strict=False))


def _table(rows):
    told, _ = suppress_list([number for _, number in rows])
    return told and [(label, value) for (label, _), value in zip(rows, told, strict=True)]


def _follow(values, share, part):
    """A share gives its part back: it is told when its part is."""
    if not isinstance(values[part], int):
        values[share] = WITHHELD


def _protect_exits(values, figures):
    due, known, unknown, positive = (figures[name].code for name in ("due", "known", "unknown", "positive"))
    numbers = [values[positive], values[known] - values[positive], values[unknown]]
    told, total = suppress_list(numbers)
    secret = told is None or any(not isinstance(number, int) for number in told)
    if told is None:
        _withhold(values, [known, unknown, positive])
    else:
        values[positive], values[unknown] = told[0], told[2]
        if not all(isinstance(number, int) for number in told[:2]):
            values[known] = values[known] and WITHHELD
    values[due] = total
    if secret:
        _withhold(values, [figures[name].code for name in ("unknown_share", "rate_known", "rate_all")])
