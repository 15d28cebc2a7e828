"""What a person may deposit, and how a deposited file goes out again (ASVS 5.1 to 5.4).

Extension and content must agree. Nothing is ever shown by the browser: a file is downloaded, in a sandbox.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import puremagic
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from clauses_portal.core.active_content import inspect_pdf, inspect_picture
from clauses_portal.core.archives import PROTECTED, open_archive
from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP, file_size, typographic

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_DOCUMENT = 60 * 1024 * 1024  # an Office file, decompressed
LARGEST_ARCHIVE = 200 * 1024 * 1024  # a ZIP, decompressed
BARELY_MORE = 64 * 1024  # « 10,1 Mo : la limite est de 10 Mo », never « 10 Mo : la limite est de 10 Mo »
LONGEST_NAME = 150
LONGEST_EXTENSION = 10
MAGIC = 4096

EMPTY = typographic("Ce fichier est vide : vérifiez-le, puis déposez-le de nouveau.")
MACROS = typographic(
    "Type de fichier refusé : ce document contient des macros. "
    "Enregistrez-le sans macros (DOCX, XLSX, ODT ou ODS), puis déposez-le de nouveau."
)
OLD_OFFICE = typographic(
    "Type de fichier refusé : ce document est à un ancien format d’Office. "
    "Enregistrez-le au format DOCX ou XLSX, puis déposez-le de nouveau."
)
MACRO_EXTENSIONS = {".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam"}
OLD_EXTENSIONS = {".doc", ".xls"}
# What a double click would run, on the computer of whoever unzips the tender documents.
PROGRAMS = MACRO_EXTENSIONS | {
    *(".exe", ".com", ".scr", ".pif", ".cpl", ".msi", ".msp", ".msix", ".appx", ".dll", ".sys", ".drv", ".ocx"),
    *(".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".vb", ".js", ".jse", ".mjs", ".wsf", ".wsh", ".wsc", ".sct"),
    *(".hta", ".chm", ".hlp", ".lnk", ".url", ".scf", ".inf", ".reg", ".gadget", ".jar", ".jnlp", ".class"),
    *(".sh", ".bash", ".run", ".bin", ".elf", ".deb", ".rpm", ".appimage", ".app", ".dmg", ".pkg", ".command"),
    *(".py", ".pl", ".php", ".rb", ".apk", ".iso", ".img", ".vhd", ".vhdx", ".xll", ".htm", ".html", ".svg", ".mht"),
}
ARCHIVES = {".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".ace", ".arj", ".lzh", ".zst"}
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Office formats, and the new ones behind a password
PROGRAM_OF_OFFICE = re.compile(r"vbaproject|macrosheets/|activex/")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class CheckedFile:
    """An accepted file: its clean name, its true media type, SHA-256 (hexadecimal) and size (bytes)."""

    name: str
    mime: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Kind:
    """A kind of file: its label, media type, extensions, signature (as puremagic names it), and what is inside."""

    label: str
    mime: str
    extensions: tuple[str, ...]
    signature: str = ""
    inspect: Callable[["Kind", bytes], None] | None = None


def check_upload(name, content, *, allowed, max_bytes=LARGEST_FILE):
    """Return the `CheckedFile` of these bytes when its name and its content are one of the `allowed` kinds.

    Raises DomainError, with a sentence to show: empty, too heavy, of another type, disguised, with macros,
    protected by a password, broken, or a zip bomb.
    """
    if not content:
        raise DomainError(EMPTY)
    if len(content) > max_bytes:
        weight = file_size(max(len(content), max_bytes + BARELY_MORE))
        raise DomainError(
            typographic(
                f"Ce fichier pèse {weight} : la limite est de {file_size(max_bytes)}. "
                "Allégez-le, ou déposez-le en plusieurs parties."
            )
        )
    name = clean_name(name)
    kind = _kind(name, allowed)
    _check_signature(kind, content)
    if kind.inspect:
        kind.inspect(kind, content)
    return CheckedFile(name, kind.mime, hashlib.sha256(content).hexdigest(), len(content))


def clean_name(name):
    """Return the file name without its path nor any invisible sign, its extension kept, 150 characters at most."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name or "")[-1])
    name = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in name)
    name = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", name)).strip(" .")
    suffix = PurePosixPath(name).suffix
    if len(suffix) > LONGEST_EXTENSION:
        suffix = ""
    stem = name[: len(name) - len(suffix)]
    return stem[: LONGEST_NAME - len(suffix)].rstrip(" .") + suffix


def labels(kinds):
    """Write « PDF, DOCX ou ODT »."""
    *firsts, last = [kind.label for kind in kinds]
    return f"{', '.join(firsts)} ou {last}" if firsts else last


def as_download(name, mime, content):
    """Answer these bytes as a file to save: never shown by the browser, never guessed, never a script."""
    return _to_save(HttpResponse(content, content_type=mime), name)


def as_stream(name, mime, file):
    """Answer an open file as `as_download` does, sent by pieces; the answer closes it."""
    return _to_save(FileResponse(file, content_type=mime), name)


def _to_save(response, name):
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _kind(name, allowed):
    """The allowed kind this extension announces."""
    extension = _extension(name)
    for kind in allowed:
        if extension in kind.extensions:
            return kind
    if extension in MACRO_EXTENSIONS:
        raise DomainError(MACROS)
    if extension in OLD_EXTENSIONS:
        raise DomainError(OLD_OFFICE)
    raise DomainError(f"Type de fichier refusé. Déposez un fichier {labels(allowed)}.")


def _extension(name):
    return PurePosixPath(name).suffix.lower()


def _check_signature(kind, content):
    """Refuse a content whose first bytes are not those of its extension."""
    if not kind.signature or kind.signature in _signatures(content):
        return
    if kind in OFFICE and content.startswith(COMPOUND_FILE):
        raise DomainError(PROTECTED if ENCRYPTED_PACKAGE in content else OLD_OFFICE)
    raise _disguised(kind)


def _signatures(content):
    """The extensions whose signature opens this content. Those of its last bytes are left aside: one may add them."""
    try:
        matches = puremagic.magic_string(content[:MAGIC])
    except puremagic.PureError:  # version 1 says so when nothing matches, version 2 gives an empty list
        return set()
    return {match.extension for match in matches if match.offset == 0}


def _disguised(kind):
    return DomainError(
        typographic(
            f"Type de fichier refusé : le contenu de ce fichier n’est pas celui d’un fichier {kind.label}. "
            "Ouvrez-le pour le vérifier, enregistrez-le au bon format, puis déposez-le de nouveau."
        )
    )


def _inspect_csv(kind, content):
    """Text only: control characters are those of a program, « < » opens HTML, XML and SVG, « %PDF » a PDF."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.search(rb"[\x00-\x08\x0e-\x1f]", content) or start.startswith((b"<", b"%PDF")):
        raise _disguised(kind)


def _inspect_word_or_excel(kind, content):
    archive = open_archive(content, expanded_max=LARGEST_DOCUMENT)
    types = _member(archive, "[Content_Types].xml")
    names = [name.lower() for name in archive.namelist()]
    if b"macroEnabled" in types or any(PROGRAM_OF_OFFICE.search(name) for name in names):
        raise DomainError(MACROS)
    if f"{kind.mime}.main+xml".encode() not in types:
        raise _disguised(kind)


def _inspect_open_document(kind, content):
    archive = open_archive(content, expanded_max=LARGEST_DOCUMENT)
    if _member(archive, "mimetype").strip() != kind.mime.encode():
        raise _disguised(kind)
    if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
        raise DomainError(PROTECTED)
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
        raise DomainError(MACROS)


def _member(archive, name):
    return archive.read(name) if name in archive.namelist() else b""


def _inspect_archive(kind, content):
    """No program in it, no archive that would hide one, no path that would leave the folder."""
    names = open_archive(content, expanded_max=LARGEST_ARCHIVE).namelist()
    if not names:
        raise DomainError(EMPTY)
    for name in names:
        _check_listed(name.replace("\\", "/"))


def _check_listed(path):
    if path.startswith("/") or ":" in path or ".." in path.split("/"):
        raise DomainError(typographic("Type de fichier refusé : cette archive contient des chemins interdits."))
    extension = _extension(path.rstrip(". "))  # Windows forgets the dots and blanks at the end of a name
    if extension in PROGRAMS | ARCHIVES:
        what = "une autre archive" if extension in ARCHIVES else "un programme ou une page active"
        raise DomainError(
            typographic(
                f"Type de fichier refusé : cette archive contient {what} («{NBSP}{extension}{NBSP}»). "
                "Retirez ce fichier, ou déposez-le à part."
            )
        )


def _office(label, mime, inspect):
    return Kind(label, mime, (f".{label.lower()}",), ".zip", inspect)


PDF = Kind("PDF", "application/pdf", (".pdf",), ".pdf", inspect_pdf)
PNG = Kind("PNG", "image/png", (".png",), ".png", inspect_picture)
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"), ".jpg", inspect_picture)
# A document given to be compared with ours, then forgotten: nobody opens it again.
PDF_TO_COMPARE = replace(PDF, inspect=None)
CSV = Kind("CSV", "text/csv", (".csv",), inspect=_inspect_csv)
DOCX = _office(
    "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _inspect_word_or_excel
)
XLSX = _office("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _inspect_word_or_excel)
ODT = _office("ODT", "application/vnd.oasis.opendocument.text", _inspect_open_document)
ODS = _office("ODS", "application/vnd.oasis.opendocument.spreadsheet", _inspect_open_document)
ZIP = Kind("ZIP", "application/zip", (".zip",), ".zip", _inspect_archive)

OFFICE = (DOCX, XLSX, ODT, ODS)
SPREADSHEETS = (XLSX, ODS, CSV)
DOCUMENTS = (PDF, *OFFICE, CSV, PNG, JPEG, ZIP)
