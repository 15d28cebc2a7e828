"""Two papers side by side, from their frozen data alone: what each figure was, and by how much it moved."""

import re
from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from reporting.indicators.definition import REGISTRY, Unit

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# What a snapshot holds beside its figures, and its long tables: they are in the papers themselves.
ASIDE = {
    *("schema", "version", "structure", "months", "definitions", "groups", "missing", "annex"),
    *("lots", "lots_total", "companies", "for_companies", "lines", "still_open", "by_company", "communes"),
}
HEADINGS = {
    "synthesis": "Synthèse",
    "rejected": "Heures rejetées, par motif",
    "people": "Personnes et contrats",
    "objective": "Objectif",
    "hours": "Heures",
    "contracts": "Contrats",
    "exits": "Situations à l’issue",
    "alerts": "Alertes",
    "penalties": "Pénalités",
}
# Figures whose name in a snapshot is not that of an indicator.
NAMES = {
    "markets": ("Marchés suivis", Unit.MARKETS),
    "lots": ("Lots suivis", Unit.LOTS),
    "late_lots": ("Lots en retard", Unit.LOTS),
    "declared_quarter": ("Heures déclarées au trimestre", Unit.HOURS),
    "counted_quarter": ("Heures comptabilisées au trimestre", Unit.HOURS),
    "rejected_quarter": ("Heures rejetées au trimestre", Unit.HOURS),
    "pending_quarter": ("Heures en attente au trimestre", Unit.HOURS),
    "counted_to_date": ("Heures comptabilisées sur les lots suivis", Unit.HOURS),
    "counted_ever": ("Heures comptabilisées depuis l’origine", Unit.HOURS),
    "remaining": ("Heures restant à faire", Unit.HOURS),
    "total": ("Personnes embauchées", Unit.PERSONS),
    "done": ("Part réalisée de l’objectif", Unit.PERCENT),
    "unknown_share": ("Part des situations inconnues", Unit.PERCENT),
    "rate_known": ("Taux de sorties dynamiques, situations connues", Unit.PERCENT),
    "rate_all": ("Taux de sorties dynamiques, toutes situations", Unit.PERCENT),
}
PREFIXES = ("", "persons_", "hours_", "hours_per_person_", "contracts_", "alerts_", "exits_end_")
UNITS = {Unit.HOURS: "h", Unit.PERCENT: "%", Unit.DAYS: "jours"}


@dataclass(frozen=True)
class Line:
    """A figure of two papers; None where one of them has it not."""

    label: str
    unit: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self):
        """What it gained, a figure told by one paper alone counting for nothing in the other."""
        return (self.after or 0) - (self.before or 0)

    @property
    def shown_difference(self):
        sign = "+" if self.difference > 0 else ""
        return sign + french.number(self.difference)


def compare(before, after):
    """[(heading, [Line])] of two snapshots of the same kind, in the order of the second."""
    old, new = figures_of(before), figures_of(after)
    headings = {}
    for key in [*new, *(key for key in old if key not in new)]:
        heading, label = key
        value, unit = new.get(key, (None, None))
        former, former_unit = old.get(key, (None, None))
        line = Line(label, UNITS.get(unit or former_unit, ""), former, value)
        headings.setdefault(heading, []).append(line)
    return list(headings.items())


def figures_of(data):
    """{(heading, label): (Decimal, Unit or None)} of a snapshot; a text, a day or a long table is no figure."""
    found = {}
    for name, node in data.items():
        if name not in ASIDE:
            _walk(node, HEADINGS.get(name, name), name, found)
    return found


def _walk(node, heading, name, found):
    if isinstance(node, dict):
        _walk_dict(node, heading, found)
    elif isinstance(node, list | tuple):
        _walk_list(node, heading, name, found)
    elif (value := _number(node)) is not None and (named := _named(name)):
        found[heading, named[0]] = (value, named[1])


def _walk_dict(node, heading, found):
    """A figure that says its own name, a part with its title, a line of a table, or names and values."""
    heading = f"{heading} – {node['label']}" if "label" in node and "code" not in node else heading
    heading = node.get("title", heading)
    if "code" in node and "value" in node:
        if (value := _number(node["value"])) is not None:
            found[heading, node["label"]] = (value, _unit(node.get("unit")))
        return
    if "code" in node and "rows" in node:
        pairs = [(row["label"], row["value"]) for row in node["rows"]]
        _add_pairs(pairs, heading=node["label"], unit=_unit(node.get("unit")), found=found)
        return
    for name, child in node.items():
        # a line of the first page may count what a long table lists
        if name not in ASIDE or name in NAMES and not isinstance(child, list | dict):
            _walk(child, heading, name, found)


def _walk_list(node, heading, name, found):
    if all(isinstance(row, list | tuple) and len(row) > 1 and isinstance(row[0], str) for row in node):
        breakdown = _breakdown(name)
        _add_pairs(
            [row[:2] for row in node],
            heading=breakdown.label if breakdown else heading,
            unit=breakdown.unit if breakdown else None,
            found=found,
        )
        return
    for child in node:
        if isinstance(child, dict):
            _walk(child, heading, name, found)


def _add_pairs(rows, *, heading, unit, found):
    for label, value in rows:
        if (number := _number(value)) is not None:
            found[heading, label] = (number, unit)


def _number(value):
    """The Decimal of a number or of its text; None of anything else, a day or a yes among them."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal) or isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(str(value))
    return None


def _named(name):
    """(label, unit) of a figure by its name in the snapshot, or None."""
    if name in NAMES:
        return NAMES[name]
    figure = next((REGISTRY[prefix + name] for prefix in PREFIXES if prefix + name in REGISTRY), None)
    return (figure.label, figure.unit) if figure else None


# Lists of a snapshot, and the breakdown they come from.
BREAKDOWNS = {
    "rejected": "hours_rejected_by_reason",
    "by_reason": "hours_rejected_by_reason",
    "by_kind": "hours_due_by_kind",
    "by_modality": "hours_by_modality",
    "by_year": "hours_by_year",
    "categories": "persons_by_category",
    "contracts": "contracts_by_type",
    "by_type": "contracts_started_by_type",
    "ended": "contracts_ended_by_reason",
    "homes": "persons_by_home",
    "sexes": "persons_by_sex",
    "ages": "persons_by_age",
    "levels": "persons_by_level",
    "by_category": "alerts_raised_by_category",
    "penalties": "penalties_by_outcome",
}


def _breakdown(name):
    return REGISTRY.get(BREAKDOWNS.get(name, ""))


def _unit(text):
    return Unit(text) if text else None
