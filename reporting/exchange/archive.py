"""A package that somebody sends: opened without believing anything it says, then read table by table (A10, ASVS 5.2.3).

Everything is verified before anything is kept: sizes, names, digests, headers, number of lines.
"""

import csv
import hashlib
import io
import stat
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from clauses_portal.core import french
from clauses_portal.core.archives import open_archive
from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import file_size, typographic
from clauses_portal.core.strict_json import read_json
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import KeyDirection
from reporting.exchange.cells import unguarded
from reporting.exchange.tables import SCHEMA_VERSION, TABLES

LARGEST = 50 * 1024 * 1024
EXPANDED, LARGEST_MEMBER, LARGEST_MANIFEST = 64 * 1024 * 1024, 16 * 1024 * 1024, 64 * 1024
MOST_SHRUNK = 200  # a CSV is rarely a fiftieth of itself once compressed; a bomb is a thousandth
MOST_LINES = 50_000
MANIFEST = "manifest.json"
FILES = {table.file_name: table for table in TABLES.values()}

NOT_A_PACKAGE = typographic(
    "Ce fichier n’est pas un paquet de données : déposez l’archive ZIP telle qu’elle a été écrite."
)
TOO_HEAVY = typographic(f"Ce paquet dépasse {file_size(LARGEST)} : exportez une période plus courte.")
BOMB = typographic("Ce paquet contient trop de données : exportez une période plus courte.")
UNKNOWN_FILE = "Ce paquet contient un fichier inconnu ou en double : seuls le manifeste et les tables sont admis."
NO_MANIFEST = typographic("Le manifeste de ce paquet est absent ou illisible.")
OTHER_VERSION = f"Ce paquet suit une autre version du format : la version {SCHEMA_VERSION} est attendue."
NOT_AS_TOLD = "{file} : le contenu ne correspond pas au manifeste. Demandez un nouvel export."
NOT_CSV = "{file} : ce fichier n’est pas un CSV en UTF-8 séparé par des points-virgules."
COLUMNS = "{file} : colonnes inconnues, en double ou manquantes ({names})."
WRONG_LINE = "{file}, ligne {row} : le nombre de colonnes n’est pas celui des titres."
TOO_MANY = "{file} compte plus de {most} lignes : exportez une période plus courte."


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself. `structure_siret` is « » when it does not say; `told` is all of it."""

    system: str
    direction: str
    structure_siret: str
    told: dict


class Package:
    """A package that was verified whole. `get(table)` reads a table: [(line of the file, {column: text})]."""

    def __init__(self, content):
        self.archive = _open(content)
        self.manifest = _manifest(self.archive)
        self.kinds = {FILES[name].kind for name in self.archive.namelist() if name != MANIFEST}
        for file in self.manifest.told["files"]:
            _verify(self.archive, file)

    def get(self, kind):
        return list(_lines(self.archive, TABLES[kind])) if kind in self.kinds else []

    def counts(self):
        """{table: lines}, as verified."""
        return {FILES[file["name"]].kind.value: file["rows"] for file in self.manifest.told["files"]}


def _open(content):
    """The archive, its members known, few, honest and small. Raises DomainError."""
    if len(content) > LARGEST:
        raise DomainError(TOO_HEAVY)
    if not content.startswith(b"PK\x03\x04"):
        raise DomainError(NOT_A_PACKAGE)
    archive = open_archive(content, expanded_max=EXPANDED)
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or not set(names) <= {MANIFEST, *FILES}:
        raise DomainError(UNKNOWN_FILE)
    for member in members:
        if stat.S_ISLNK(member.external_attr >> 16):
            raise DomainError(UNKNOWN_FILE)
        if member.file_size > LARGEST_MEMBER or member.file_size > MOST_SHRUNK * max(member.compress_size, 1):
            raise DomainError(BOMB)
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise DomainError(NO_MANIFEST)
    return archive


def _manifest(archive):
    try:
        told = read_json(archive.read(MANIFEST))
        if str(told["schema_version"]).split(".")[0] != SCHEMA_VERSION.split(".")[0]:
            raise DomainError(OTHER_VERSION)
        system, direction = told["system"], KeyDirection(told["direction"])
        siret = (told.get("structure") or {}).get("siret") or ""
        files = told["files"]
        listed = {_file(file) for file in files}
        validate_one_line(system)
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
        raise DomainError(NO_MANIFEST) from error
    if not 0 < len(system) <= 60 or not isinstance(siret, str) or len(listed) != len(files):
        raise DomainError(NO_MANIFEST)
    if listed != set(archive.namelist()) - {MANIFEST}:
        raise DomainError(UNKNOWN_FILE)
    return Manifest(system, direction.value, siret, told)


def _file(file):
    """The name of a file of the manifest. Raises ValueError when it is not described as it should."""
    name, rows, digest = file["name"], file["rows"], file["sha256"]
    if not (isinstance(name, str) and type(rows) is int and rows >= 0 and isinstance(digest, str)):
        raise ValueError
    return name


def _verify(archive, file):
    """Refuse a table that is not what the manifest says, or that cannot be read to its end."""
    table = FILES[file["name"]]
    if hashlib.sha256(archive.read(table.file_name)).hexdigest() != file["sha256"].lower():
        raise DomainError(NOT_AS_TOLD.format(file=table.file_name))
    if sum(1 for _ in _lines(archive, table)) != file["rows"]:
        raise DomainError(NOT_AS_TOLD.format(file=table.file_name))


def _lines(archive, table):
    """(line of the file, {column: text}) of a table, one by one. Raises DomainError."""
    try:
        yield from _rows(table, _text(archive, table))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DomainError(NOT_CSV.format(file=table.file_name)) from error


def _text(archive, table):
    content = archive.read(table.file_name)
    if b"\x00" in content:
        raise DomainError(NOT_CSV.format(file=table.file_name))
    if content.count(b"\n") > MOST_LINES * 4:  # a cell may hold several lines
        raise DomainError(_too_many(table))
    return content.decode("utf-8-sig")


def _rows(table, text):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(table, header)
    for number, cells in enumerate((cells for cells in reader if any(cells)), start=1):
        if number > MOST_LINES:
            raise DomainError(_too_many(table))
        if len(cells) != len(header):
            raise DomainError(WRONG_LINE.format(file=table.file_name, row=number + 1))
        yield number + 1, {name: unguarded(cell) for name, cell in zip(header, cells, strict=True) if cell}


def _check_header(table, header):
    unknown = {name[:40] for name in header} - set(table.names)
    missing = set(table.required) - set(header)
    if unknown or missing or len(set(header)) != len(header):
        raise DomainError(COLUMNS.format(file=table.file_name, names=", ".join(sorted(missing)) or "titres"))


def _too_many(table):
    return TOO_MANY.format(file=table.file_name, most=french.number(MOST_LINES))
