"""Lines of one market put together: what they say of the market, what each says of its lot. Pure."""

from dataclasses import dataclass, field, replace

from clauses_portal.core.french import NBSP
from clauses_portal.core.text import search_key
from markets.programme.columns import LABELS

# What a market says once, whatever the number of its lines: the first line that tells it is believed.
TOLD_ONCE = (
    "title",
    "market_number",
    "kind",
    "procedure",
    "cpv",
    "market_amount",
    "planned_publication_on",
    "planned_tenders_on",
    "planned_notification_on",
    "operation_title",
)
# What a market is known by.
NUMBER, TITLE, AMBIGUOUS = "number", "title", "ambiguous"


@dataclass
class Group:
    """The lines of one market, and `told`: {column: value} of the market. `notes`: {position: sentences}.

    `is_ambiguous`: without a number, while the file gives several to this object.
    """

    lines: list
    told: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)
    is_ambiguous: bool = False

    @property
    def reference(self):
        return self.lines[0].operation_reference

    @property
    def communes(self):
        """Places of all its lines, as written."""
        return tuple(dict.fromkeys(place for line in self.lines for place in line.communes))

    def notes_of(self, line):
        return (*line.notes, *self.notes.get(line.position, ()))


def group_lines(lines):
    """[Group] in the order of the file. A market is its operation and its number or, failing that, its object."""
    groups = {}
    for key, line in zip(_keys(lines), lines, strict=True):
        groups.setdefault(key, Group([], is_ambiguous=key[1] == AMBIGUOUS)).lines.append(line)
    titles = {}
    for (operation, *_), group in groups.items():
        _believe_the_first(group)
        _name_lots(group)
        # an operation has one title too, whatever the number of its markets
        group.told["operation_title"] = titles.setdefault(operation, "") or group.told.get("operation_title", "")
        titles[operation] = group.told["operation_title"]
    return list(groups.values())


def _keys(lines):
    """The key of each line: a line without a number joins the one number its object has in the operation, if any."""
    numbers = {}
    for line in lines:
        if line.market_number:
            named = (search_key(line.operation_reference), search_key(line.title))
            numbers.setdefault(named, set()).add(search_key(line.market_number))
    for line in lines:
        operation, title = search_key(line.operation_reference), search_key(line.title)
        known = numbers.get((operation, title), set())
        number = search_key(line.market_number) or (next(iter(known)) if len(known) == 1 else "")
        if number:
            yield operation, NUMBER, number
        else:
            yield operation, AMBIGUOUS if known else TITLE, title


def _believe_the_first(group):
    for line in group.lines:
        other = [LABELS[name] for name in TOLD_ONCE if _is_contradicted(group.told, line, name)]
        if other:
            named = ", ".join(f"«{NBSP}{label}{NBSP}»" for label in other)
            group.notes[line.position] = (f"{named}{NBSP}: une ligne précédente du même marché est suivie",)


def _is_contradicted(told, line, name):
    """Keep what a line tells of its market when no line above it has; True when one has told something else."""
    value = getattr(line, name)
    if not value:
        return False
    kept = told.setdefault(name, value)
    return kept != value and search_key(str(kept)) != search_key(str(value))


def _name_lots(group):
    """Several objects under one number, and no lot is named: these objects are those of the lots."""
    whole = [line for line in group.lines if not line.names_a_lot]
    if len({search_key(line.title) for line in whole}) > 1:
        group.lines = [line if line.names_a_lot else replace(line, lot_title=line.title) for line in group.lines]
