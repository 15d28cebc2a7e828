"""The PDF of a filled Word file: its words and structure, in the portal's own layout and letterhead."""

import io

import mammoth
import mammoth.html
from django.utils.safestring import mark_safe
from docx import Document

from clauses_portal.core.pdf import render_pdf
from markets.documents.headings import write_numbers
from markets.documents.images import ALTS, as_png, data_uri
from markets.documents.page import cleaned

STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
p[style-name='Heading 3'] => h4:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='Consigne'] => p.note:fresh
"""


def docx_to_pdf(content, *, title, identifier, created_at, letterhead=None, notice=""):
    """Return the PDF (bytes) of a filled DOCX (bytes); equal arguments give equal bytes.

    `title`, `identifier` and `created_at` are those of `render_pdf`; `letterhead` is a `core.pdf.Letterhead` (the
    headers and footers of the Word file are left out: the letterhead and the page numbers of the portal stand for
    them); `notice` is a sentence above the text, « » for none. The title of the file is its paragraph of style
    « Titre », `title` when it has none. Raises `RefusedResource`, `FontsMissing`, ValueError.
    """
    page = to_html(content)
    context = {
        "heading": page.heading or title,
        "body": mark_safe(page.body),  # noqa: S308 - rebuilt by `cleaned` from known tags only
        "letterhead": letterhead,
        "notice": notice,
        "verification_code": "",
    }
    return render_pdf("pdf/contract_document.html", context, title=title, identifier=identifier, created_at=created_at)


def to_html(content):
    """Return the `Page` of a filled DOCX: its title, and its text as HTML of known tags."""
    document = Document(io.BytesIO(content))
    write_numbers(document)
    numbered = io.BytesIO()
    document.save(numbered)
    result = mammoth.convert_to_html(numbered, style_map=STYLES, convert_image=_image, include_embedded_style_map=False)
    return cleaned(result.value, document)


def _image(image):
    """Our logos are in the letterhead already; the other pictures are drawn again as PNG, or left out."""
    if image.alt_text in ALTS:
        return []
    with image.open() as source:
        content = as_png(source.read())
    if content is None:
        return []
    return [mammoth.html.element("img", {"src": data_uri(content), "alt": image.alt_text or ""})]
