"""Two papers side by side, from their frozen data alone: what each figure was, and by how much it moved."""

import re
from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from reporting.indicators.definition import REGISTRY, Unit

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# What a snapshot holds beside its figures, and its long tables: they are in the papers themselves.
ASIDE = {
    *("schema", "version", "structure", "months", "definitions", "groups", "missing", "annex", "regularisations"),
    *("lots", "lots_total", "companies", "for_companies", "lines", "still_open", "by_company", "communes"),
}
HEADINGS = {
    "synthesis": "Synthèse",
    "people": "Personnes et contrats",
    "actions": "Actions",
    "forecast": "Prévision du trimestre suivant",
    "objective": "Objectif",
    "hours": "Heures",
    "contracts": "Contrats",
    "exits": "Situations à l’issue",
    "alerts": "Alertes",
}
# Figures whose name in a snapshot is not that of an indicator: {part: {name: (label, unit)}}.
NAMES = {
    "synthesis": {
        "markets": ("Marchés suivis", Unit.MARKETS),
        "lots": ("Lots suivis", Unit.LOTS),
        "late_lots": ("Lots en retard", Unit.LOTS),
        "declared_quarter": ("Heures déclarées au trimestre", Unit.HOURS),
        "counted_quarter": ("Heures comptabilisées au trimestre", Unit.HOURS),
        "rejected_quarter": ("Heures rejetées au trimestre", Unit.HOURS),
        "pending_quarter": ("Heures en attente au trimestre", Unit.HOURS),
        "regularised_quarter": ("Régularisations du trimestre", Unit.HOURS),
        "counted_to_date": ("Heures comptabilisées sur les lots suivis", Unit.HOURS),
        "counted_ever": ("Heures comptabilisées depuis l’origine", Unit.HOURS),
        "remaining": ("Heures restant à faire", Unit.HOURS),
        "over": ("Heures au-delà de l’objectif", Unit.HOURS),
        "done_capped": ("Part réalisée, dépassements écartés", Unit.PERCENT),
        "expected": ("Part du temps écoulée", Unit.PERCENT),
        "physical": ("Avancement physique", Unit.PERCENT),
    },
    "people": {"total": ("Personnes embauchées", Unit.PERSONS)},
    "forecast": {
        "contracts": ("Contrats qui se poursuivent", Unit.CONTRACTS),
        "hours": ("Heures attendues", Unit.HOURS),
        "unknown_length": ("Contrats sans durée hebdomadaire connue", Unit.CONTRACTS),
        "postings": ("Fiches de poste ouvertes", Unit.EVENTS),
        "positions": ("Postes à pourvoir", Unit.EVENTS),
        "calls": ("Situations à demander", Unit.SITUATIONS),
    },
    "exits": {
        "due": ("Situations à connaître", Unit.SITUATIONS),
        "known": ("Situations connues", Unit.SITUATIONS),
        "unknown": ("Situations inconnues", Unit.SITUATIONS),
        "lasting": ("Emploi durable", Unit.SITUATIONS),
        "employed": ("En emploi", Unit.SITUATIONS),
        "positive": ("Sorties dynamiques", Unit.SITUATIONS),
        "unknown_share": ("Part des situations inconnues", Unit.PERCENT),
        "unknown_percent": ("Part des situations inconnues", Unit.PERCENT),
        "rate_known": ("Taux de sorties dynamiques, situations connues", Unit.PERCENT),
        "positive_of_known": ("Taux de sorties dynamiques, situations connues", Unit.PERCENT),
        "rate_all": ("Taux de sorties dynamiques, toutes situations", Unit.PERCENT),
        "positive_of_all": ("Taux de sorties dynamiques, toutes situations", Unit.PERCENT),
    },
}
DONE = {"done": ("Part réalisée de l’objectif", Unit.PERCENT)}
PREFIXES = ("", "persons_", "hours_", "hours_per_person_", "contracts_", "alerts_")
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
    for name, node in _in_order(data, list(HEADINGS)):
        if name not in ASIDE:
            _walk(node, name, HEADINGS.get(name, name), name, found)
    return found


def _in_order(node, names):
    """Items of a dict, those named first: the database does not keep the order of the keys."""
    ranks = {name: rank for rank, name in enumerate(names)}
    return sorted(node.items(), key=lambda item: (ranks.get(item[0], len(ranks)), item[0]))


def _walk(node, part, heading, name, found):
    """Read what a snapshot holds under `name`, in one of its parts."""
    if isinstance(node, dict):
        _walk_dict(node, part, heading, found)
    elif isinstance(node, list | tuple):
        _walk_list(node, part, heading, name, found)
    elif (value := _number(node)) is not None and (named := _named(part, name)):
        found[heading, named[0]] = (value, named[1])


def _walk_dict(node, part, heading, found):
    """A figure that says its own name, the lines of a table, or names and values."""
    if "code" in node:
        if "rows" in node:
            pairs = [(row["label"], row["value"]) for row in node["rows"]]
            _add_pairs(pairs, heading=node["label"], unit=_unit(node.get("unit")), found=found)
        elif (value := _number(node.get("value"))) is not None:
            found[heading, node["label"]] = (value, _unit(node.get("unit")))
        return
    told = node.get("label") or node.get("horizon")
    heading = f"{heading} – {told}" if told else node.get("title", heading)
    for name, child in _in_order(node, [*NAMES.get(part, {}), *DONE]):
        # the first page counts what a long table lists
        if name not in ASIDE or not isinstance(child, list | dict):
            _walk(child, part, heading, name, found)


def _walk_list(node, part, heading, name, found):
    if all(isinstance(row, list | tuple) and len(row) > 1 and isinstance(row[0], str) for row in node):
        breakdown = REGISTRY.get(BREAKDOWNS.get(name, ""))
        _add_pairs(
            [row[:2] for row in node],
            heading=breakdown.label if breakdown else heading,
            unit=breakdown.unit if breakdown else None,
            found=found,
        )
        return
    for child in node:
        if isinstance(child, dict):
            _walk(child, part, heading, name, found)


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


def _named(part, name):
    """(label, unit) of a figure by its name in a part of the snapshot, or None."""
    named = NAMES.get(part, {}).get(name) or DONE.get(name)
    if named or name in ASIDE:
        return named
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
    "refusals": "candidates_refused_by_reason",
    "meetings": "meetings_by_kind",
}


def _unit(text):
    return Unit(text) if text else None
