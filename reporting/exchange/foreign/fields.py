"""What a column of a foreign file may be: the columns of its table, and what stands for the names a package would give.

A package says « attribution » by its reference; a spreadsheet says the market, the lot and the company. A package says
« personne »; a spreadsheet says her names.
"""

import datetime as dt
import re
from dataclasses import dataclass

from clauses_portal.core.tables import as_date, guess_mapping
from clauses_portal.core.tables.cells import MONTHS
from clauses_portal.core.text import search_key
from reporting.enums import ExchangeTable as T
from reporting.exchange.foreign.wordings import WORDINGS
from reporting.exchange.tables import DAY, TABLES, TEXT, Column

# What a line of follow-up is made of, and in which order its lines are written.
FOLLOWED = (T.PERSONS, T.VALIDATIONS, T.CONTRACTS, T.HOURS)
# Told by something else in a foreign file: the award, the person and the contract by what they are.
SAID_OTHERWISE = {
    (T.CONTRACTS, "personne"),
    (T.CONTRACTS, "attribution"),
    (T.VALIDATIONS, "personne"),
    (T.VALIDATIONS, "etat"),
    (T.HOURS, "contrat"),
    *((T.HOURS, name) for name in ("du", "au", "ecartees", "motif_ecart", "regularise_en", "motif_regularisation")),
    (T.HOURS, "comptees"),
    *((kind, "reference") for kind in (T.VALIDATIONS, T.CONTRACTS, T.HOURS)),
}


@dataclass(frozen=True)
class Field:
    """Something a column may hold: `table` and `column` it fills, or a word of ours (« market », « name »…)."""

    name: str
    label: str
    column: Column | None = None
    table: str = ""
    wordings: tuple = ()


def _own(name, label, *wordings, kind=TEXT):
    return Field(name, label, Column(name, label, kind), "", wordings)


FULL_NAME = _own(
    "name",
    "Nom et prénom (une seule colonne)",
    *("nom prénom", "nom et prénom", "prénom nom", "prénom et nom", "nom complet", "salarié", "bénéficiaire"),
    *("intérimaire", "participant", "personne"),
)
MARKET = _own(
    "market",
    "Numéro du marché",
    *("n° marché", "n° de marché", "numéro marché", "référence du marché", "marché", "opération", "chantier"),
)
LOT = _own("lot", "Numéro du lot", "n° lot", "n° de lot", "numéro lot", "lot")
HOLDER = _own(
    "holder",
    "Entreprise du marché (nom ou SIRET)",
    *("entreprise", "titulaire", "entreprise titulaire", "attributaire", "siret titulaire", "entreprise attributaire"),
)
EMPLOYER_NAME = _own(
    "employer_name",
    "Nom de l’employeur",
    *("employeur", "structure", "structure d’insertion", "siae", "etti", "ett", "geiq", "agence", "raison sociale"),
)
MONTH = _own("month", "Mois des heures", "mois", "période", "mois travaillé", "mois de paie", kind=DAY)
OF_AN_AWARD = (MARKET, LOT, HOLDER)
OF_A_PERSON = (FULL_NAME,)


def field_of(table, column):
    """The Field of a column of a table."""
    name = f"{table.value}__{column.name}"
    return Field(name, column.label, column, table, WORDINGS.get(table, {}).get(column.name, ()))


def fields_of(kind):
    """{name: Field} of what a file of this kind may hold, in the order they are asked."""
    if kind == T.FOLLOW_UP:
        found = [*OF_A_PERSON, *_columns_of(FOLLOWED), *OF_AN_AWARD, EMPLOYER_NAME, MONTH]
    else:
        found = [field_of(T(kind), column) for column in TABLES[kind].columns]
        names = {column.name for column in TABLES[kind].columns}
        found += OF_AN_AWARD if "attribution" in names else ()
        found += [*OF_A_PERSON, *_identity()] if "personne" in names else ()
    return {field.name: field for field in found}


def _columns_of(kinds):
    pairs = [(kind, column) for kind in kinds for column in TABLES[kind].columns]
    return [field_of(kind, column) for kind, column in pairs if (kind, column.name) not in SAID_OTHERWISE]


def _identity():
    wanted = ("nom", "prenom", "ne_le")
    return [field_of(T.PERSONS, column) for column in TABLES[T.PERSONS].columns if column.name in wanted]


def missing_from(kind, columns, months):
    """Labels of what nothing can be read without; `columns` {field: index}, `months` {index: first day}."""
    fields, lacking = fields_of(kind), []
    if kind == T.FOLLOW_UP:
        needed = [MARKET.name, *(f"{T.CONTRACTS.value}__{name}" for name in ("debut", "type_contrat"))]
        lacking = [fields[name].label for name in needed if name not in columns]
        if not months and not {MONTH.name, f"{T.HOURS.value}__declarees"} <= columns.keys():
            lacking.append("Heures d’un mois")
    else:
        lacking = [
            field.label for name, field in fields.items() if _is_needed(field, kind, columns) and name not in columns
        ]
    if kind in {T.FOLLOW_UP, T.PERSONS} and FULL_NAME.name not in columns and f"{T.PERSONS.value}__nom" not in columns:
        lacking.insert(0, "Nom")
    return list(dict.fromkeys(lacking))


def _is_needed(field, kind, columns):
    """A required column of the table, unless something else says it."""
    if field.table != kind or not field.column.required or field.column.name in {"reference", "territoire"}:
        return False
    said = {"attribution": MARKET.name, "personne": FULL_NAME.name, "nom": FULL_NAME.name, "prenom": FULL_NAME.name}
    other = said.get(field.column.name)
    by_names = field.column.name == "personne" and f"{T.PERSONS.value}__nom" in columns
    return not (other in columns or by_names)


def guess_columns(kind, headers, months):
    """{field: index} of these headers, as far as their words tell; columns of months are left aside."""
    fields = {name: (field.label, *field.wordings) for name, field in fields_of(kind).items()}
    titles = ["" if at in months else header for at, header in enumerate(headers)]
    return guess_mapping(titles, fields)


NOISE = re.compile(r"\b(?:heures?|h|hrs|nb|nombre|d|de|mois|du|insertion|realisees|effectuees|travaillees)\b")
WORD_AND_YEAR = re.compile(r"(?P<month>[a-z]{3,9}) (?P<year>[0-9]{2}|[0-9]{4})")


def months_of(headers, year=None):
    """{index: first day} of the headers that name a month: « janv. 2026 », « 01/2026 », « Heures mars-26 ».

    `year` is that of the months named alone (« Janvier »); without it they are no columns of hours.
    """
    found = {at: month_of(header, year) for at, header in enumerate(headers)}
    return {at: month for at, month in found.items() if month}


def month_of(header, year=None):
    """The first day of the month a header names, or None."""
    words = " ".join(NOISE.sub(" ", search_key(header)).split())
    if match := WORD_AND_YEAR.fullmatch(words):
        number = _month_number(match["month"])
        return dt.date(int(match["year"][-2:]) + 2000, number, 1) if number else None
    if words.isalpha():
        number = _month_number(words)
        return dt.date(year, number, 1) if number and year else None
    if not re.fullmatch(r"[0-9]{1,2} [0-9]{4}|[0-9]{4} [0-9]{1,2}|[0-9]{1,2} [0-9]{1,2} [0-9]{4}", words):
        return None
    try:
        return as_date(words).replace(day=1)
    except ValueError:
        return None


def _month_number(word):
    """« sept » is 9; None when it begins no month, or several."""
    numbers = [number for number, month in enumerate(MONTHS, start=1) if len(word) > 2 and month.startswith(word)]
    return numbers[0] if len(numbers) == 1 else None
