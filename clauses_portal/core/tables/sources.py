"""The raw rows of a file: sheets of a workbook, lines of a CSV."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import typographic
from clauses_portal.core.tables.workbook_reader import WIDEST

READER = Path(__file__).with_name("workbook_reader.py")
CPU_SECONDS = 5
PATIENCE = 30  # seconds on the clock, when the machine is busy elsewhere
DELIMITERS = ";\t,"
SAMPLE = 50
UNREADABLE = typographic(
    "Ce classeur est illisible ou dépasse les limites (5 000 lignes, 60 colonnes). "
    "Enregistrez-le de nouveau au format XLSX, ODS ou CSV, ou découpez-le."
)
UNREADABLE_CSV = typographic(
    "Ce fichier CSV est illisible : enregistrez-le en « CSV UTF-8, séparateur point-virgule », puis déposez-le."
)


def visible_sheets(content, most_rows):
    """[(name, [(line from 1, cells)])] of the visible sheets of a workbook, `most_rows` of each, blank rows left out.

    A cell is a str, float, int, bool, or {"day": ISO date}; « "" » when empty. The sheets that come once `most_rows`
    are read have None for rows: they were not read.
    Raises DomainError when the workbook cannot be read with the memory and the time its reader has.
    """
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the workbook is its input, never an argument)
            [sys.executable, "-I", READER, str(most_rows), str(CPU_SECONDS)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise DomainError(UNREADABLE) from error
    return json.loads(done.stdout)


def csv_rows(content, most_rows):
    """[(line from 1, cells)] of a CSV in UTF-8 or Windows, cut by « ; », tab or « , »: `most_rows` that are not blank.

    Raises DomainError when it is not text, or when a quote left open swallows the rest of the file.
    """
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    filled = ((line, cells) for line, cells in enumerate(map(_narrow, rows), start=1) if any(map(str.strip, cells)))
    try:
        return list(islice(filled, most_rows))
    except csv.Error as error:
        raise DomainError(UNREADABLE_CSV) from error


def _narrow(cells):
    if len(cells) > WIDEST:
        raise csv.Error("No spreadsheet is that wide.")
    return cells


def _decoded(content):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(UNREADABLE_CSV)


def _delimiter(text):
    """The sign that cuts most of the first lines into the same number of cells: a decimal comma does not."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text, delimiter):
    rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE)
    try:
        widths = Counter(len(row) for row in rows if len(row) > 1)
    except csv.Error:
        return 0
    return max(widths.values(), default=0)
