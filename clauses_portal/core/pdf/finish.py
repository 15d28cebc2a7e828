"""What WeasyPrint 70 leaves undone: the file becomes PDF/UA-1 and PDF/A-3a at once, always with the same bytes."""

import io
import re
from dataclasses import dataclass
from datetime import UTC
from functools import partial

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name

from clauses_portal.core.pdf.structure import elements

POINTS_PER_CSS_PIXEL = 0.75
PRINTED = 4  # annotation flag, ISO 32000-1 table 165

# How WeasyPrint opens a piece of tagged content in a page, and how a running header or footer must be opened.
TAGGED = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC")
PAGINATION = b"/Artifact\n<</Type /Pagination>>\nBDC"

PDF_UA = """<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True)
class Attachment:
    """A file carried by the PDF, with the type and the description a reader shows."""

    name: str
    content: bytes
    mime: str
    description: str


def finish(content, *, created_at, attachments=()):
    """Return the finished PDF (bytes): scopes, figure boxes, identifiers, attachments, PDF/UA mark."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        complete_structure(pdf)
        untag_margins(pdf)
        print_annotations(pdf)
        draw_images_as_they_are(pdf)
        mark_pdf_ua(pdf)
        attach(pdf, attachments, created_at)
        finished = io.BytesIO()
        pdf.save(finished, deterministic_id=True, fix_metadata_version=False)
    return finished.getvalue()


def complete_structure(pdf):
    """Scopes of the table headers, boxes of the figures, and the tree of identifiers that headers refer to."""
    identified = {}
    for element, ancestors in elements(pdf):
        if element.S == "/TH":
            _set_scope(element, "/Column" if "/THead" in ancestors else "/Row")
        elif element.S == "/Figure":
            _set_box(element)
        if "/ID" in element:
            identified[bytes(element.ID)] = element
    _index(pdf, identified)


def _set_scope(header, scope):
    """WeasyPrint links cells to headers but gives headers no scope (Kozea/WeasyPrint#2508)."""
    attributes = header.get("/A")
    if attributes is None:
        attributes = header["/A"] = Dictionary(O=Name("/Table"))
    attributes["/Scope"] = Name(scope)


def _set_box(figure):
    """WeasyPrint writes the box in CSS pixels from the top of the page: turn it into points from the bottom."""
    left, top, right, bottom = (float(edge) * POINTS_PER_CSS_PIXEL for edge in figure.A.BBox)
    page_height = float(figure.Pg.MediaBox[3])
    figure.A["/BBox"] = Array([round(edge, 3) for edge in (left, page_height - bottom, right, page_height - top)])


def _index(pdf, identified):
    """The IDTree, required as soon as one element has an identifier (ISO 32000-1 table 322)."""
    if not identified:
        return
    keys = sorted(identified)
    pairs = [item for key in keys for item in (pikepdf.String(key), identified[key])]
    leaf = Dictionary(Limits=Array([pikepdf.String(keys[0]), pikepdf.String(keys[-1])]), Names=Array(pairs))
    pdf.Root.StructTreeRoot["/IDTree"] = Dictionary(Kids=Array([pdf.make_indirect(leaf)]))


def untag_margins(pdf):
    """Running headers and footers are no content: WeasyPrint tags them but leaves them out of the structure tree."""
    in_tree = {element.objgen for element, _ in elements(pdf)}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    owners_of_page = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    for page in pdf.pages:
        owners = owners_of_page[int(page.StructParents)]
        strays = {mcid for mcid, owner in enumerate(owners) if owner.objgen not in in_tree}
        page.Contents.write(TAGGED.sub(partial(_untag, strays), page.Contents.read_bytes()))
        for mcid in strays:
            owners[mcid] = None


def _untag(strays, match):
    return PAGINATION if int(match[1]) in strays else match[0]


def print_annotations(pdf):
    """A link must be printable in PDF/A."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            annotation["/F"] = int(annotation.get("/F", 0)) | PRINTED


def draw_images_as_they_are(pdf):
    """PDF/A forbids asking the reader to smooth pictures."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and "/Interpolate" in item:
            del item["/Interpolate"]


def mark_pdf_ua(pdf):
    """Declare PDF/UA-1 in the metadata of a PDF/A file, with the extension schema PDF/A asks for."""
    metadata = pdf.Root.Metadata.read_bytes().decode()
    head, closing, tail = metadata.rpartition("</rdf:RDF>")
    pdf.Root.Metadata.write((head + PDF_UA + closing + tail).encode())


def attach(pdf, attachments, created_at):
    """Embed the files, each of them once in the list of associated files (PDF/A-3)."""
    stamp = created_at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    for attachment in attachments:
        pdf.attachments[attachment.name] = AttachedFileSpec(
            pdf,
            attachment.content,
            filename=attachment.name,
            description=attachment.description,
            mime_type=attachment.mime,
            creation_date=stamp,
            mod_date=stamp,
            relationship=Name.Data,
        )
    if attachments:
        pdf.Root["/AF"] = Array([pdf.attachments[attachment.name].obj for attachment in attachments])
