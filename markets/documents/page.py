"""The text of a Word file as HTML of known tags, its tables dressed for the page."""

import re
from dataclasses import dataclass
from html import escape

from docx.oxml.ns import qn
from lxml import etree
from lxml import html as parser

from markets.documents.package import WEB

# {tag: attributes it keeps}; any other tag goes away and leaves its text.
TAGS = {
    "h1": (), "h2": (), "h3": (), "h4": (), "h5": (), "h6": (),
    "p": ("class",), "br": (), "strong": (), "em": (), "sup": (), "sub": (),
    "ul": (), "ol": (), "li": (),
    "table": (), "thead": (), "tbody": (), "tr": (), "th": ("colspan", "rowspan"), "td": ("colspan", "rowspan"),
    "a": ("href",), "img": ("src", "alt"),
}  # fmt: skip
CLASSES = {"caption", "note"}
SPAN = re.compile(r"[1-9][0-9]?")
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
NO_ALT = "Illustration du document"
ROWS_KEPT_TOGETHER = 8


@dataclass(frozen=True)
class Page:
    """`heading` is the title as plain text, « » when the file has none; `body` is HTML."""

    heading: str
    body: str


def cleaned(markup, document):
    """Return the `Page` of HTML made from a Word `document` (python-docx), whose tables say their widths."""
    root = parser.fragment_fromstring(markup, create_parent="div")
    for element in list(root.iterdescendants()):
        _clean(element)
    heading = _take_title(root)
    _dress_tables(root, document)
    body = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return Page(heading, escape(root.text or "") + body)


def _clean(element):
    """Keep a tag and an attribute only if we know them."""
    if not isinstance(element.tag, str):
        element.drop_tree()
        return
    for name, value in list(element.attrib.items()):
        if name not in TAGS.get(element.tag, ()) or not _is_sound(name, value):
            del element.attrib[name]
    if element.tag not in TAGS or (element.tag == "a" and not element.get("href")):
        element.drop_tag()
    elif element.tag == "img":
        _clean_picture(element)


def _is_sound(name, value):
    checks = {
        "class": value in CLASSES,
        "colspan": SPAN.fullmatch(value),
        "rowspan": SPAN.fullmatch(value),
        "href": WEB.match(value),
        "src": PICTURE.fullmatch(value),
    }
    return checks.get(name, True)


def _clean_picture(element):
    if not element.get("src"):
        element.drop_tree()
    elif not (element.get("alt") or "").strip():
        element.set("alt", NO_ALT)


def _take_title(root):
    """The first title leaves the text, the others are headings like the rest."""
    first, *others = root.findall(".//h1") or [None]
    for other in others:
        other.tag = "h2"
    if first is None:
        return ""
    first.drop_tree()
    return " ".join(first.text_content().split())


def _dress_tables(root, document):
    tables = root.findall("table")
    for header in root.iterfind(".//thead//th"):
        header.set("scope", "col")
    # a table held by a content control is no table of the document for python-docx: better no width than another's
    if len(tables) == len(document.tables):
        for table, source in zip(tables, document.tables, strict=True):
            _set_headers_of_rows(table, source)
            _set_heights(table, source)
            _set_widths(table, source)
    for table in tables:
        _set_caption(table)
        if len(table.findall(".//tr")) <= ROWS_KEPT_TOGETHER:
            table.set("class", "short")


def _set_caption(table):
    """The paragraph of style « Légende » before a table is its caption."""
    before = table.getprevious()
    if before is not None and before.get("class") == "caption":
        before.tag = "caption"
        del before.attrib["class"]
        table.insert(0, before)


def _set_widths(table, source):
    widths = [column.width or 0 for column in source.columns]
    if not all(widths):
        return
    group = etree.Element("colgroup")
    for width in widths:
        etree.SubElement(group, "col", style=f"width:{100 * width / sum(widths):.1f}%")
    table.insert(0, group)


def _set_heights(table, source):
    """The least height of a row, which leaves room to write or to sign."""
    for row, drawn in zip(table.iter("tr"), source.rows, strict=False):
        if drawn.height and len(row):
            row[0].set("style", f"height:{drawn.height.mm:.0f}mm")


def _set_headers_of_rows(table, source):
    """The first column, where Word says that it is one of headers."""
    look = source._tbl.tblPr.find(qn("w:tblLook"))
    if look is None or look.get(qn("w:firstColumn")) not in ("1", "true", "on"):
        return
    for row in table.iterfind("tbody/tr"):
        _set_header(row)
    for row in table.iterfind("tr"):
        _set_header(row)


def _set_header(row):
    if len(row) > 1 and row[0].tag == "td" and row[0].text_content().strip():
        row[0].tag = "th"
        row[0].set("scope", "row")
