"""Bytes into rows: recognise the format by its content, refuse what is not a DECP file in one sentence.

Nothing of the name or the extension is trusted. Limits protect the memory: size, number of elements, depth.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from markets.importers.decp.records import UnreadableFile
from markets.importers.decp.values import clean_text, fold

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 2_500_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_LINE = 1024 * 1024

_FOREIGN = (
    (re.compile(rb"PK\x03\x04"), "un classeur (XLSX ou ODS) ou une archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "un ancien document Office (XLS ou DOC)"),
    (re.compile(rb"%PDF"), "un PDF"),
    (re.compile(rb"\x1f\x8b"), "une archive compressée"),
    (re.compile(rb"PAR1"), "un fichier Parquet"),
    (re.compile(rb"SQLite format 3"), "une base SQLite"),
    (re.compile(rb"(?i)<(!doctype html|html|head|body)"), "une page HTML, peut-être une page d’erreur"),
    (re.compile(rb"<"), "un fichier XML"),
)
_NOT_UTF8 = "Fichier qui n’est pas en UTF-8 : lu en Windows-1252, vérifiez les accents."
_EXPECTED = "Attendu : des données essentielles (DECP) en JSON ou en CSV."
# A record is recognised by its vocabulary: the folded names of the fields in the layouts we know.
_TITLES = {"objet", "objetmarche"}
_NUMBERS = {"id", "idmarche"}
_BUYERS = {"acheteur", "acheteurid", "idacheteur", "autoriteconcedante", "autoriteconcedanteid"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a file as the file has them (dictionaries, most often), or `BrokenRow`.

    `counted` is true in the 2019 layouts, whose numbers end with the two digits of the modification counter.
    """

    layout: str
    rows: list
    counted: bool
    notes: tuple[str, ...] = ()
    source: str = ""


_CONCESSION = {"_type": "Contrat de concession"}


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A line that cannot be cut into cells, with the French reason."""

    reason: str


class RepeatedKeys(dict):
    """A JSON object in which one key is given two different values."""


def load(source):
    """Read a path or a binary file into a `Sheet`. Raises `UnreadableFile`."""
    text, notes = _decode(_read(source))
    sheet = _json_sheet(text) if text[:1] in {"{", "["} else _csv_sheet(text)
    if len(sheet.rows) > MAX_ROWS:
        raise UnreadableFile(f"Ce fichier dépasse {MAX_ROWS} enregistrements : découpez-le.")
    return Sheet(sheet.layout, sheet.rows, sheet.counted, notes, sheet.source)


def _read(source):
    try:
        if hasattr(source, "read"):
            data = source.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile("Ce fichier est introuvable ou ne peut pas être ouvert.") from error
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"Ce fichier dépasse {MAX_BYTES // 1024**2} Mio : découpez-le.")
    return data


def _decode(data):
    """Return the text without its leading blanks, and the notes for the user."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _not_empty(data.decode("utf-16", "replace")), ("Fichier lu en UTF-16.",)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:64]
    for pattern, what in _FOREIGN:
        if pattern.match(start):
            raise UnreadableFile(f"Ce fichier est {what}. {_EXPECTED}")
    try:
        return _not_empty(data.decode("utf-8-sig")), ()
    except UnicodeDecodeError:
        return _not_empty(data.decode("cp1252", "replace")), (_NOT_UTF8,)


def _not_empty(text):
    text = text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise UnreadableFile(f"Ce fichier est vide. {_EXPECTED}")
    return text


# JSON


def _json_sheet(text):
    root = _parse_json(text)
    source = ""
    if isinstance(root, dict) and "marches" in root:
        if isinstance(root, RepeatedKeys):
            raise UnreadableFile("Ce fichier JSON donne deux fois la même clé à son premier niveau.")
        source, content = root.get("source"), root["marches"]
        if isinstance(content, dict):
            rows = _recognised(_rows_2022(content))
            return Sheet("JSON au format 2022", rows, counted=False, source=source)
        return Sheet("JSON au format 2019", _recognised(content), counted=True, source=source)
    rows = [root] if isinstance(root, dict) else root
    return Sheet("JSON à plat", _recognised(rows), counted=False)


def _parse_json(text):
    if sum(map(text.count, "{[,")) > MAX_ELEMENTS:
        raise UnreadableFile("Ce fichier JSON compte trop d’éléments : découpez-le.")
    try:
        return json.loads(
            text,
            strict=False,  # a raw tab or NUL inside a text is cleaned later, it does not condemn the file
            object_pairs_hook=_object,
            # numbers stay as written: no overflow, no rounding; NaN and Infinity say nothing
            parse_float=str,
            parse_int=str,
            parse_constant=lambda name: None,
        )
    except RecursionError as error:
        raise UnreadableFile("Ce fichier JSON est imbriqué trop profondément pour être des DECP.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"Ce fichier commence comme du JSON mais n’est pas valide (ligne {error.lineno}, "
            f"colonne {error.colno}) : il est peut-être tronqué."
        ) from error


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs) and any(found[key] != value for key, value in pairs):
        return RepeatedKeys(found)
    return found


def _rows_2022(content):
    """`{"marche": […], "contrat-concession": […]}`: one list, concessions marked as such."""
    by_name = {fold(name): value if isinstance(value, list) else [value] for name, value in content.items()}
    if content and not by_name.keys() & {"marche", "contratconcession"}:
        raise UnreadableFile(f"Ce fichier JSON ne contient pas de liste de marchés. {_EXPECTED}")
    concessions = by_name.get("contratconcession", [])
    marked = [row | _CONCESSION if isinstance(row, dict) else row for row in concessions]
    return by_name.get("marche", []) + marked


def _recognised(rows):
    """Return the list if it is empty or one row at least looks like a market, else raise `UnreadableFile`."""
    if not isinstance(rows, list):
        raise UnreadableFile(f"Ce fichier JSON ne contient pas de liste de marchés. {_EXPECTED}")
    objects = [row for row in rows if isinstance(row, dict)]
    if rows and not any(_is_market(map(fold, row)) for row in objects):
        names = ", ".join(f"« {clean_text(name, 40)} »" for row in objects[:1] for name in list(row)[:5])
        what = f"est une liste de {len(rows)} éléments qui ne sont pas des marchés"
        what = what if len(rows) > 1 else "ne décrit pas de marché"
        raise UnreadableFile(f"Ce fichier JSON {what} (champs : {names or 'aucun'}). {_EXPECTED}")
    return rows


def _is_market(names):
    names = set(names)
    return bool(names & _BUYERS) and bool(names & (_TITLES | _NUMBERS))


# CSV


def _csv_sheet(text):
    header_line = text.split("\n", 1)[0][:MAX_LINE]
    delimiter = max(";,\t", key=header_line.count)
    lines = io.StringIO(text, newline="")
    if any(len(line) > MAX_LINE for line in lines):
        raise UnreadableFile("Ce fichier contient une ligne démesurée : ce n’est pas un CSV de DECP.")
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter)
    header = _header(next(reader))
    layout, counted = _csv_layout({fold(name) for name in header})
    return Sheet(layout, list(islice(_csv_rows(reader, header), MAX_ROWS + 1)), counted)


def _header(cells):
    names = [cell.strip() for cell in cells]
    folded = [fold(name) for name in names]
    if len(names) > MAX_COLUMNS or not _is_market(folded) or not set(folded) & _TITLES:
        raise UnreadableFile(
            f"Ce fichier texte n’a pas les colonnes d’un CSV de DECP (numéro, objet, acheteur). {_EXPECTED}"
        )
    if len(set(names)) != len(names):
        raise UnreadableFile("Ce fichier CSV a deux colonnes du même nom.")
    return names


def _csv_layout(names):
    if "idmarche" in names:
        return "CSV, extrait PES", False
    if names & {"idsoustraitant", "idactesoustraitance", "modificationid"}:
        return "CSV au format 2022", False
    return "CSV au format 2019", True


def _csv_rows(reader, header):
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BrokenRow(f"ligne {reader.line_num} illisible : guillemet non fermé ou cellule démesurée")
            continue
        if not any(cells):
            continue
        if len(cells) != len(header):
            yield BrokenRow(f"ligne {reader.line_num} : {len(cells)} cellules au lieu de {len(header)}")
        else:
            yield dict(zip(header, cells, strict=True))
