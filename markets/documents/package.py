"""A Word file as the portal accepts it: a true DOCX, of a bearable size, that carries nothing but a text."""

import io
import re
import zipfile
import zlib

from lxml import etree

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 1_000
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PART = 8 * 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
COMPOUND = b"\xd0\xcf\x11\xe0"  # the older Word format, and any Word file with a password
# Fixed so that the same text gives the same bytes: the first day a ZIP can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# What a document can carry besides text and pictures, by the last word of the relationship's type.
CARRIED = {
    "vbaProject": "des macros",
    "control": "un contrôle ActiveX",
    "oleObject": "un objet incorporé",
    "package": "un objet incorporé",
    "aFChunk": "un document incorporé",
    "subDocument": "un document lié",
    "frame": "un cadre lié",
}
WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
FETCHING_FIELD = re.compile(r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|MACROBUTTON)\b", re.IGNORECASE)
REVISIONS = ("ins", "del", "moveFrom", "moveTo")


def parser():
    """A fresh XML parser that resolves nothing and goes nowhere."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def file_problems(content):
    """French sentences about the file as such; empty when it is a DOCX that can be opened."""
    if len(content) > MOST_BYTES:
        return ["Le fichier dépasse 10 Mo."]
    if content.startswith(COMPOUND):
        return ["Le fichier est à l’ancien format .doc ou protégé par un mot de passe : enregistrez-le en .docx, sans."]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_problems(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, KeyError, etree.XMLSyntaxError):
        return [NOT_WORD]


NOT_WORD = "Le fichier n’est pas un document Word (.docx), ou il est abîmé."


def _archive_problems(archive):
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return ["Le fichier est trop volumineux une fois décompressé."]
    types = archive.read(CONTENT_TYPES).decode("utf-8", "replace")
    if "macroEnabled" in types or any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        return ["Le fichier contient des macros : enregistrez-le au format « Document Word (.docx) »."]
    if DOTX in types:
        return ["Le fichier est un modèle Word (.dotx) : enregistrez-le au format « Document Word (.docx) »."]
    if MAIN not in types:
        return [NOT_WORD]
    return _content_problems({entry.filename: archive.read(entry) for entry in entries})


def _content_problems(parts):
    """What the parts carry, each sentence once."""
    found = {}
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            if len(content) > MOST_PART:
                return ["Le fichier est trop volumineux une fois décompressé."]
            for sentence in _xml_problems(name, etree.fromstring(content, parser())):
                found[sentence] = None
    return list(found)


def _xml_problems(name, root):
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
