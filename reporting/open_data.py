"""The annual aggregate that may be published: no person, no amount, no number of persons under five (C30, §11).

A line is a territory and a division of the CPV. The amount of every market is public: the hours of one or two markets
would give the rate of their clause back (domain.md §12 n° 27), so that they are kept secret too.
"""

import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from clauses_portal.core.exports import csv_text
from clauses_portal.core.periods import Year
from markets.models import CpvCode
from reporting.indicators import open_cells
from reporting.indicators.definition import percentage, split
from reporting.indicators.scope import Scope
from reporting.statements.annual_ratios import FEWEST, hidden_ranks
from reporting.suppression import Suppressed, suppress_table

FIGURES = {
    "markets": open_cells.MARKETS,
    "hours_due": open_cells.DUE,
    "hours_counted": open_cells.COUNTED,
    "persons": open_cells.PERSONS,
    "women": open_cells.WOMEN,
    "rsa": open_cells.RSA,
}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same for ever: the bytes depend on the data only


@dataclass(frozen=True)
class Line:
    """A line of the data set; hours, persons and shares (%) are None when they are kept secret, or have no whole."""

    year: int
    territory: str
    sector: str
    sector_label: str
    markets: int
    hours_due: Decimal | None
    hours_counted: Decimal | None
    persons: int | None
    women_share: Decimal | None
    rsa_share: Decimal | None
    is_secret: bool


def lines_of(year):
    """[Line] of a civil year, by territory then sector. Nine queries, however many lines."""
    cells = _cells(Year(year))
    labels = _sector_labels({sector for _, sector in cells})
    persons = _told(cells, lambda cell: cell["persons"])
    shares = {
        "women": _shares(cells, "women"),
        "rsa": _shares(cells, "rsa"),
    }
    few = _few_markets({key: cell["markets"] for key, cell in cells.items()})
    lines = []
    for (territory, sector), cell in sorted(cells.items()):
        key = (territory, sector)
        number = persons[key]
        hours = key not in few
        lines.append(
            Line(
                year=year,
                territory=territory,
                sector=sector,
                sector_label=labels.get(sector, ""),
                markets=cell["markets"],
                hours_due=cell["hours_due"] if hours else None,
                hours_counted=cell["hours_counted"] if hours and number is not None else None,
                persons=number,
                women_share=shares["women"][key] if number is not None else None,
                rsa_share=shares["rsa"][key] if number is not None else None,
                is_secret=not hours or number is None,
            )
        )
    return lines


def _cells(period):
    """{(territory, sector): {figure: number}} of the cells where something happened."""
    cells = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for name, figure in FIGURES.items():
        for key, value in split(figure, Scope(), period):
            territory, _, sector = key.partition("|")
            cells[territory, sector][name] = value
    return dict(cells)


def _sector_labels(sectors):
    codes = {f"{sector}000000": sector for sector in sectors if sector}
    return {codes[row.code]: row.label for row in CpvCode.objects.filter(code__in=codes)}


def _told(cells, number):
    """{cell: number, None when it is under five or would give another away}; what persons add up to is known."""
    territories, sectors = (sorted({key[rank] for key in cells}) for rank in (0, 1))
    empty = dict.fromkeys(FIGURES, 0)
    table = [[number(cells.get((place, sector), empty)) for sector in sectors] for place in territories]
    told = suppress_table(table).rows
    return {
        (place, sector): None if isinstance(told[i][j], Suppressed) else told[i][j]
        for i, place in enumerate(territories)
        for j, sector in enumerate(sectors)
    }


def _shares(cells, name):
    """{cell: share (%), None when those counted or the others are too few}."""
    counted = _told(cells, lambda cell: cell[name])
    others = _told(cells, lambda cell: cell["persons"] - cell[name])
    return {
        key: None if counted[key] is None or others[key] is None else percentage(cell[name], cell["persons"])
        for key, cell in cells.items()
    }


def _few_markets(sizes):
    """The cells whose hours are secret: fewer than three markets, and those that would give them by subtraction."""
    hidden = {key for key, size in sizes.items() if size < FEWEST}
    before = None
    while before != hidden:
        before = set(hidden)
        for rank in (0, 1):
            for value in {key[rank] for key in sizes}:
                line = sorted(key for key in sizes if key[rank] == value)
                # those hidden already count as one or two markets: they must not stand alone
                kept = hidden_ranks([min(sizes[key], FEWEST - 1) if key in hidden else sizes[key] for key in line])
                hidden |= {line[at] for at in kept} if any(key in hidden for key in line) else set()
    return hidden


# (header, title in French, type of the schema, value)
COLUMNS = (
    ("annee", "Année civile", "year", lambda line: line.year),
    ("territoire", "Territoire de référence du lot", "string", lambda line: line.territory),
    ("secteur_cpv", "Division CPV (deux chiffres)", "string", lambda line: line.sector),
    ("secteur", "Libellé de la division", "string", lambda line: line.sector_label),
    ("nb_marches", "Marchés suivis dans l’année", "integer", lambda line: line.markets),
    ("heures_prevues", "Heures dues à la fin de l’année", "number", lambda line: line.hours_due),
    ("heures_realisees", "Heures comptabilisées dans l’année", "number", lambda line: line.hours_counted),
    ("personnes", "Personnes distinctes ayant travaillé (5 au moins)", "integer", lambda line: line.persons),
    ("part_femmes", "Part des femmes parmi ces personnes (%)", "number", lambda line: line.women_share),
    ("part_brsa", "Part des bénéficiaires du RSA à l’entrée (%)", "number", lambda line: line.rsa_share),
    ("secret", "Une valeur au moins est tenue secrète", "boolean", lambda line: line.is_secret),
)


def as_csv(lines):
    """Bytes of the data set: « ; », decimal comma, UTF-8 with its mark; a secret value is empty."""
    rows = [[_written(value(line)) for *_, value in COLUMNS] for line in lines]
    return csv_text([header for header, *_ in COLUMNS], rows).encode("utf-8-sig")


def _written(value):
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def schema():
    """Bytes of the description of the columns (Table Schema)."""
    fields = [
        {"name": header, "title": title, "type": kind} | FORMATS.get(kind, {}) for header, title, kind, _ in COLUMNS
    ]
    described = {
        "name": "clauses-sociales-agregat-annuel",
        "title": "Clauses sociales : agrégat annuel par territoire et secteur",
        "fields": fields,
        "primaryKey": ["annee", "territoire", "secteur_cpv"],
        "missingValues": [""],
    }
    return json.dumps(described, ensure_ascii=False, indent=2).encode()


FORMATS = {
    "number": {"decimalChar": ","},
    "boolean": {"trueValues": ["oui"], "falseValues": ["non"]},
}
README = """Clauses sociales d’insertion – agrégat de l’année {year}

Source : portail des clauses sociales du Département des Bouches-du-Rhône et de la Métropole Aix-Marseille-Provence.
Une ligne par territoire et par division CPV. Fichier : donnees.csv (UTF-8, « ; », virgule décimale).
Colonnes : voir schema.json.

Ce qui est compté
{definitions}

Secret
Un nombre de personnes de un à quatre n’est pas donné, ni celui qui permettrait de le déduire : la case est vide et la
colonne « secret » vaut « oui ». Les heures d’une ligne de moins de trois marchés ne sont pas données non plus.
Les personnes sont distinctes dans chaque ligne : elles ne s’additionnent pas d’une ligne à l’autre.
Aucun montant, aucun nom. Publié avec l’accord des deux parties de la convention.
"""


def bundle(year, lines):
    """Bytes of a ZIP: donnees.csv, schema.json, LISEZMOI.txt. Same lines, same bytes."""
    definitions = "\n".join(f"- {figure.label} : {figure.definition}" for figure in FIGURES.values())
    readme = README.format(year=year, definitions=definitions).encode()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("donnees.csv", as_csv(lines)), ("schema.json", schema()), ("LISEZMOI.txt", readme)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()
