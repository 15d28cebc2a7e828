"""Letters of the Département to a company: a French text, filled, as a Word file to sign and as its PDF."""

import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from clauses_portal.core.pdf import FundingPeriod, letterhead
from markets.documents.fields import printable
from markets.documents.images import image_values
from markets.documents.package import repacked
from markets.documents.pdf import docx_to_pdf
from markets.documents.shipped.build import build
from markets.documents.shipped.markup import parse

FOLDER = Path(__file__).resolve().parent
NOON = dt.time(12)


@dataclass(frozen=True)
class _Purely:
    """A letter of the Département alone: no European fund takes part."""

    eu_funding: FundingPeriod = FundingPeriod.NONE


@cache
def _template(name):
    return build(parse((FOLDER / f"{name}.txt").read_text(encoding="utf-8")))


def write_letter(name, fields, *, title, logo, day):
    """Return the DOCX (bytes) of the letter `name` (a file beside this one), its fields filled.

    `fields`: {name: text, bool or list of {name: text}}, among them « acheteur » and « date_document » of the margins;
    `logo` is the `core.pdf.Logo` of the Département. Equal arguments give equal bytes. Raises `UnreadableLogo`.
    """
    template = DocxTemplate(io.BytesIO(_template(name)))
    values = {key: _printable(value) for key, value in fields.items()}
    values |= {"alloti": bool(fields["lot_numero"]), **image_values(template, _Purely(), logo.image)}
    template.render(values, Environment(autoescape=True, undefined=StrictUndefined), autoescape=True)
    _sign(template.docx.core_properties, title, fields["acheteur"], day)
    written = io.BytesIO()
    template.docx.save(written)
    return repacked(written.getvalue())


def letter_to_pdf(docx, *, title, number, logo, at):
    """Return the PDF (bytes) of a letter (DOCX bytes) under the letterhead of the Département."""
    head = letterhead([logo], FundingPeriod.NONE)
    return docx_to_pdf(docx, title=title, identifier=number, created_at=at, letterhead=head)


def _printable(value):
    if isinstance(value, list):
        return [{key: printable(text) for key, text in row.items()} for row in value]
    return value if isinstance(value, bool) else printable(value)


def _sign(properties, title, author, day):
    moment = dt.datetime.combine(day, NOON)
    properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
    properties.language, properties.revision = "fr-FR", 1
    properties.created = properties.modified = properties.last_printed = moment
