"""Real files of every kind, made in the tests."""

import datetime as dt
import io
import zipfile

import docx
import pikepdf
import xlsxwriter
from PIL import Image

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
TEXT = "application/vnd.oasis.opendocument.text"
NUMBER_FORMATS = {dt.date: "dd/mm/yyyy", dt.datetime: "dd/mm/yyyy hh:mm", dt.time: "hh:mm", dt.timedelta: "[h]:mm"}
MANIFEST = f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0"/>'
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def pdf(change=lambda document: None):
    """The bytes of a PDF of one white page; `change(pikepdf.Pdf)` adds to it. The same each time."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        change(document)
        document.save(buffer, static_id=True)
    return buffer.getvalue()


PDF = pdf()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    """The bytes of a zip of {name: str or bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def members_of(content):
    """{name: bytes} of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word(text="Clause sociale"):
    """A document of one paragraph."""
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def image(kind):
    """A picture of four points: « PNG » or « JPEG »."""
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2), "white").save(buffer, kind)
    return buffer.getvalue()


def excel(sheets, hidden=()):
    """A workbook of {sheet: rows}; a date is shown as a date, a duration as hours, a str « =… » is text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        shown = {kind: [book.add_format({"num_format": text})] for kind, text in NUMBER_FORMATS.items()}
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    page.write(line, column, value, *shown.get(type(value), []))
            if title in hidden:
                page.hide()
            else:
                page.activate()
    return buffer.getvalue()


def open_document(mime, content="", **members):
    """A bare ODF container around the XML of a content."""
    return zipped({"mimetype": mime, "META-INF/manifest.xml": MANIFEST, "content.xml": content} | members)


def calc(rows, title="Programme"):
    """An ODS written by hand, as LibreOffice does it: empty rows and columns repeated to the end of the sheet."""
    body = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}{_blank(16384 - len(row))}</table:table-row>" for row in rows
    )
    end = f'<table:table-row table:number-rows-repeated="{1048576 - len(rows)}">{_blank(16384)}</table:table-row>'
    spaces = " ".join(f'xmlns:{name}="{OFFICE}{name}:1.0"' for name in ("office", "table", "text"))
    return open_document(
        SPREADSHEET,
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{title}">{body}{end}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
    )


def _blank(count):
    return f'<table:table-cell table:number-columns-repeated="{count}"/>'


def _cell(value):
    if value is None:
        return "<table:table-cell/>"
    if hasattr(value, "isoformat"):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
