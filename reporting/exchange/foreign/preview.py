"""What a person is shown of a foreign file before its trial: what is to be matched, and its first lines as read."""

from dataclasses import dataclass

from clauses_portal.core import french
from clauses_portal.core.text import search_key
from reporting.exchange.foreign.cells import as_text, day_of
from reporting.exchange.foreign.fields import MARKET
from reporting.exchange.foreign.places import Awards
from reporting.exchange.foreign.reading import read_rows
from reporting.exchange.foreign.trying import months_in, source_of
from reporting.exchange.foreign.values import MOST_VALUES, Choice, choices_of, values_to_match
from reporting.exchange.tables import DAY

FIRST_LINES = 20


@dataclass(frozen=True)
class Preview:
    """`titles` of the columns, and the first `lines`: (number in the file, [text of each column])."""

    titles: list
    lines: list


def to_match(run, table):
    """({Field: ([Choice], [(value, label)])}, [Choice] of the texts that name no market) of a file received."""
    mapping = run.mapping
    matched = values_to_match(table, mapping.table, mapping.columns, mapping.values)
    return {field: (found, choices_of(field)) for field, found in matched.items()}, _markets(run, table)


def _markets(run, table):
    """Texts of the column of markets that name none in the reach of the author, with what was said of them."""
    at = run.mapping.columns.get(MARKET.name)
    if at is None:
        return []
    known, awards, found = run.mapping.values.get(MARKET.name, {}), Awards(run.asked_by), {}
    for row in table.rows:
        text = as_text(row[at])
        key = search_key(text)
        if key and key not in found and not awards.knows(text):
            found[key] = Choice(key, text, known.get(key, ""), key in known)
    return list(found.values())[:MOST_VALUES]


def all_known(matched):
    """Did a person already say what every value means?"""
    return all(choice.known for found, _ in matched.values() for choice in found)


def preview_of(run, table):
    """The `Preview` of a file received, with its columns of months."""
    source, months = source_of(run, table), months_in(run, table)
    names = [name for name in source.fields if name in source.columns]
    titles = [source.fields[name].label for name in names]
    titles += [f"Heures de {month:%m/%Y}" for month in months.values()]
    few = type(table)(**vars(table) | {"rows": table.rows[:FIRST_LINES], "lines": table.lines[:FIRST_LINES]})
    labels = {name: dict(choices_of(source.fields[name]) or ()) for name in names}
    lines = []
    for row in read_rows(few, source):
        cells = [_shown(source.fields[name], row.texts.get(name, ""), labels[name]) for name in names]
        lines.append((row.line, cells + [as_text(row.hours.get(at, (None, None))[1]) for at in months]))
    return Preview(titles, lines)


def _shown(field, text, labels):
    """A day as people write it, a value of a list under its label."""
    if field.column.kind == DAY and (day := day_of(text)):
        return french.date(day)
    return labels.get(text, text)
