"""A Word file as the portal accepts it: a true DOCX, of a bearable size, that carries nothing but a text."""

import io
import re
import zipfile

from lxml import etree

from clauses_portal.core.archives import open_archive
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import DOCX, LARGEST_DOCUMENT, check_upload

LARGEST_PART = 2 * 1024 * 1024
# Fixed so that the same text gives the same bytes: the first day a ZIP can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)
CONTENT_TYPES = "[Content_Types].xml"

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# What a document can carry besides text and pictures, by the last word of the relationship's type.
CARRIED = {
    "control": "un contrôle ActiveX",
    "oleObject": "un objet incorporé",
    "package": "un objet incorporé",
    "aFChunk": "un document incorporé",
    "subDocument": "un document lié",
    "frame": "un cadre lié",
}
WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
FETCHING_FIELD = re.compile(r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|MACROBUTTON)\b", re.IGNORECASE)
NOT_WORD = "Le fichier n’est pas un document Word (.docx), ou il est abîmé."
REVISIONS = ("ins", "del", "moveFrom", "moveTo")


def parser():
    """A fresh XML parser that resolves nothing and goes nowhere."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def file_problems(content):
    """French sentences about the file as such; empty when it is a DOCX that can be opened."""
    try:
        check_upload("modele.docx", content, allowed=[DOCX])
    except DomainError as refusal:
        return [refusal.message]
    archive = open_archive(content, expanded_max=LARGEST_DOCUMENT)
    parts = {name: part for name in archive.namelist() if _is_xml(part := archive.read(name))}
    if any(len(part) > LARGEST_PART for part in parts.values()):
        return ["Le texte de ce fichier est trop long : gardez-n’y que la pièce à produire."]
    try:
        return list(dict.fromkeys(problem for name, part in parts.items() for problem in _part_problems(name, part)))
    except etree.LxmlError:
        return [NOT_WORD]


def _is_xml(content):
    """By what it holds: a part may have any name."""
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def _part_problems(name, content):
    root = etree.fromstring(content, parser())
    if root.getroottree().docinfo.internalDTD is not None:
        return [NOT_WORD]
    if name.endswith(".rels"):
        return [problem for item in root.iter(RELATIONSHIP) if (problem := _relationship_problem(item))]
    return _text_problems(root)


def _relationship_problem(item):
    """Nothing carried along, nothing fetched from elsewhere; a link opens a web page or a message."""
    kind = item.get("Type", "").rpartition("/")[2]
    if kind in CARRIED:
        return f"Le fichier contient {CARRIED[kind]} : retirez-le."
    if item.get("TargetMode") != "External" or kind == "attachedTemplate":
        return None
    if kind != "hyperlink":
        return "Le fichier fait appel à une ressource extérieure : insérez-la dans le document."
    return None if WEB.match(item.get("Target", "")) else "Un lien du fichier n’ouvre pas une page web."


def _text_problems(root):
    problems = []
    if root.tag == f"{WORD}comments" and len(root):
        problems.append("Le fichier contient des commentaires : supprimez-les, ils partiraient avec les pièces.")
    if any(next(root.iter(WORD + revision), None) is not None for revision in REVISIONS):
        problems.append("Le fichier contient des modifications suivies : acceptez-les ou refusez-les.")
    codes = ["".join(code.itertext()) for code in root.iter(f"{WORD}instrText")]
    codes += [field.get(f"{WORD}instr", "") for field in root.iter(f"{WORD}fldSimple")]
    if any(FETCHING_FIELD.match(code) for code in codes):
        problems.append("Le fichier contient un champ Word qui va chercher un contenu ailleurs : remplacez-le.")
    return problems


def repacked(content):
    """The same parts in a fixed order, at a fixed date: equal documents give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(set(source.namelist()), key=lambda name: (name != CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
