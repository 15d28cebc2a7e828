"""What a finished document is verified on, from its bytes alone. Each function returns French findings, none = fine.

This is a machine's view of PDF/UA and PDF/A, not a certificate of conformity.
"""

import io
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf

from clauses_portal.core.pdf import emblem
from clauses_portal.core.pdf.structure import elements, text_attribute

LEAST_EMBLEM_HEIGHT = 10.0  # mm, Regulation (EU) 2021/1060, annex IX
MM_PER_POINT = 25.4 / 72
TOLERANCE = 0.05  # mm: what rounding to a thousandth of a point and to CSS pixels can move
EUROPEAN_FONT = "Ubuntu"
PDF_A, PDF_UA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"


@dataclass(frozen=True)
class Figure:
    """A figure as it lies on the page: page number from 1, alternative text, size in millimetres."""

    page: int
    alt: str
    width: float
    height: float


def check(content, *, letterhead=None, attachments=()):
    """Every check at once: `letterhead` is the `Letterhead` the document must show, `attachments` file names."""
    findings = [*check_accessibility(content), *check_archiving(content), *check_attachments(content, attachments)]
    if letterhead is not None:
        findings += check_letterhead(content, letterhead)
    return findings


def check_accessibility(content):
    """Tags, language, title, alternative texts, scopes of the table headers (PDF/UA-1)."""
    with _opened(content) as pdf:
        with pdf.open_metadata() as metadata:
            titled, declared = metadata.get("dc:title"), metadata.get(f"{PDF_UA}part")
        marked = pdf.Root.get("/MarkInfo", {}).get("/Marked")
        window = pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")
        facts = {
            "Le document n’est pas balisé.": marked and "/StructTreeRoot" in pdf.Root,
            "La langue du document n’est pas le français.": str(pdf.Root.get("/Lang", "")).startswith("fr"),
            "Le document n’a pas de titre.": titled,
            "La fenêtre du lecteur n’affiche pas le titre.": window,
            "Le document ne se déclare pas PDF/UA-1.": str(declared) == "1",
        }
        return [finding for finding, holds in facts.items() if not holds] + _structure_findings(pdf)


def _structure_findings(pdf):
    findings = []
    for element, _ in elements(pdf):
        if element.S == "/TH" and "/Scope" not in element.get("/A", {}):
            findings.append("Une cellule d’en-tête de tableau n’a pas de portée.")
        if element.S == "/Figure" and not text_attribute(element, "/Alt"):
            findings.append("Une figure n’a pas de texte de remplacement.")
    return sorted(set(findings))


def check_archiving(content):
    """PDF/A-3a mark and fonts carried by the file."""
    with _opened(content) as pdf:
        with pdf.open_metadata() as metadata:
            level = f"{metadata.get(f'{PDF_A}part')}{metadata.get(f'{PDF_A}conformance')}"
        findings = [] if level == "3A" else ["Le document ne se déclare pas PDF/A-3a."]
        missing = sorted(name for name, embedded in _fonts(pdf).items() if not embedded)
        return findings + [f"La police {name} n’est pas incorporée." for name in missing]


def _fonts(pdf):
    """{name: embedded?} of every font described in the file."""
    described = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item)
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return {str(font.FontName).lstrip("/"): any(file in font for file in files) for font in described}


def check_attachments(content, names):
    """The files that must be carried, each listed once among the associated files (PDF/A-3)."""
    with _opened(content) as pdf:
        listed = [str(item.UF) for item in pdf.Root.get("/AF", [])]
        findings = [f"La pièce jointe {name} manque." for name in names if name not in pdf.attachments]
    if sorted(set(listed)) != sorted(listed) or not set(names) <= set(listed):
        findings.append("La liste des fichiers associés ne correspond pas aux pièces jointes.")
    return findings


def attached_names(content):
    """Names of the files the document carries."""
    with _opened(content) as pdf:
        return sorted(pdf.attachments)


def check_letterhead(content, letterhead):
    """Logos and emblem on the first page, at their size, the emblem no smaller than any logo (annex IX)."""
    shown = {figure.alt: figure for figure in figures(content) if figure.page == 1}
    logos = [shown[logo.alt] for logo in letterhead.logos if logo.alt in shown]
    missing = [logo.alt for logo in letterhead.logos if logo.alt not in shown]
    findings = [f"«\u00a0{alt}\u00a0» manque en première page." for alt in missing]
    if letterhead.europe is None:
        return findings
    flag = shown.get(emblem.ALT)
    if flag is None:
        return [*findings, "L’emblème de l’Union européenne manque en première page."]
    with _opened(content) as pdf:
        if not any(EUROPEAN_FONT in name for name in _fonts(pdf)):
            findings.append("La mention européenne n’est pas dans une police permise.")
    return findings + _emblem_findings(flag, logos)


def _emblem_findings(flag, logos):
    rules = {
        "L’emblème européen fait moins d’un centimètre de haut.": flag.height >= LEAST_EMBLEM_HEIGHT - TOLERANCE,
        "L’emblème européen est déformé.": abs(flag.width - flag.height * emblem.RATIO) <= 2 * TOLERANCE,
        "L’emblème européen est plus petit qu’un autre logo.": all(
            logo.height <= flag.height + TOLERANCE and logo.width <= flag.width + TOLERANCE for logo in logos
        ),
    }
    return [finding for finding, holds in rules.items() if not holds]


def figures(content):
    """The `Figure`s of the document in reading order, from their place in the structure tree."""
    with _opened(content) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        return [_figure(element, pages) for element, _ in elements(pdf) if element.S == "/Figure"]


def _figure(element, pages):
    left, bottom, right, top = (float(edge) * MM_PER_POINT for edge in element.A.BBox)
    alt = text_attribute(element, "/Alt")
    return Figure(pages[element.Pg.objgen], alt, abs(right - left), abs(top - bottom))


@contextmanager
def _opened(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield pdf
