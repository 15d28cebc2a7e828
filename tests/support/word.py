"""Word files made for a test, and read back."""

import io
import re

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from tests.core.made_files import members_of, zipped

MAIN, TYPES, LINKS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
WORDS = re.compile(r"wordprocessingml\.(document\.main|header|footer|footnotes)\+xml")


def template(*paragraphs, header="", footer="", rows=()):
    """The bytes of a Word file of these paragraphs, then of a table of these rows."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    return saved(document)


def saved(document):
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def opened(content):
    return Document(io.BytesIO(content))


def text_of(content):
    """Every word of a Word file, headers, footers, text boxes and notes included; one line a paragraph."""
    parts = [part for part in opened(content).part.package.iter_parts() if WORDS.search(part.content_type)]
    paragraphs = [paragraph for part in parts for paragraph in parse_xml(part.blob).iter(qn("w:p"))]
    return "\n".join("".join(text.text or "" for text in p.iter(qn("w:t"))) for p in paragraphs)


def replaced(content, before, after, member=MAIN):
    """The same file, `before` become `after` in one of its members, where it must be."""
    members = members_of(content)
    text = members[member].decode()
    assert before in text
    return zipped(members | {member: text.replace(before, after)})


def with_member(content, name, text):
    """The same file with one more member."""
    return zipped(members_of(content) | {name: text})


def related(content, kind, target, mode="External"):
    """The same file, its text related to `target` by a relationship of this kind (« image »)."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId900" Type="{base}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return replaced(content, "</Relationships>", f"{link}</Relationships>", LINKS)
