"""The official list of CPV codes (regulation (EC) no 213/2008), from the CSV file the office was given."""

import csv
import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from clauses_portal.core.text import tidy
from clauses_portal.core.validators import validate_one_line
from markets.models import CpvCode

# The official list writes a check digit after the code: « 45210000-2 ».
CODE = re.compile(r"([0-9]{8})(?:-[0-9])?")
LONGEST_LABEL = CpvCode._meta.get_field("label").max_length


class UnreadableList(ValueError):
    """The file is not a list of CPV codes: the message is a French sentence."""


@transaction.atomic
def load_cpv(file):
    """Take every code of the file, its label replacing the one we had. Returns how many.

    Columns « code;label » or « code,label », with or without a header, in UTF-8 or Windows-1252.
    Raises UnreadableList, and takes nothing, at the first line that is not one.
    """
    rows = [CpvCode(code=code, label=label) for code, label in _labels(_text(Path(file))).items()]
    CpvCode.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["code"], update_fields=["label"]
    )
    return len(rows)


def _labels(text):
    """{code: label} of the whole file."""
    labels = {}
    try:
        for number, (code, label) in _lines(text):
            if labels.setdefault(code, label) != label:
                raise UnreadableList(f"Ligne {number} : le code {code} a déjà un autre libellé plus haut.")
    except csv.Error as error:
        raise UnreadableList("Ce fichier n’est pas un fichier CSV.") from error
    if not labels:
        raise UnreadableList("Ce fichier ne contient aucun code CPV.")
    return labels


def _text(path):
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableList("Ce fichier n’existe pas ou ne peut pas être lu.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines(text):
    """(line number, (code, label)) of each line, blank ones and the header left aside."""
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if ";" in first else ",")
    for cells in reader:
        cells = [tidy(cell) for cell in cells]
        if any(cells) and not _is_header(reader.line_num, cells):
            yield reader.line_num, _entry(reader.line_num, cells)


def _is_header(number, cells):
    return number == 1 and not any(character.isdigit() for character in cells[0])


def _entry(number, cells):
    match = CODE.fullmatch(cells[0])
    if not match:
        raise UnreadableList(f"Ligne {number} : un code CPV compte 8 chiffres, par exemple 45210000 ou 45210000-2.")
    if len(cells) != 2 or not cells[1]:
        raise UnreadableList(f"Ligne {number} : deux colonnes sont attendues, le code et son libellé.")
    return match[1], _label(number, cells[1])


def _label(number, text):
    label = text.replace("'", "’")
    try:
        validate_one_line(label)
    except ValidationError as error:
        raise UnreadableList(f"Ligne {number} : {error.messages[0]}") from error
    if "\ufffd" in label or len(label) > LONGEST_LABEL:
        raise UnreadableList(f"Ligne {number} : ce libellé est illisible ou dépasse {LONGEST_LABEL} caractères.")
    return label
