"""The check of an uploaded template: everything that would spoil a document is said before it is kept."""

import io

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from jinja2 import TemplateSyntaxError
from lxml import etree

from clauses_portal.core.french import typographic
from markets.documents.fields import ALL, Kind
from markets.documents.fill import BROKEN, FOOTNOTES, ContractTemplate, fill, filled
from markets.documents.grammar import TemplateEnvironment, TemplateRefused, refusals
from markets.documents.package import NOT_WORD, file_problems, parser
from markets.documents.pdf import to_html
from markets.documents.sample import bare_context, sample_context
from markets.documents.tags import has_tags, tag_problems

CONDITIONS = [field.name for field in ALL if field.kind is Kind.FLAG]
MARGINS = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
# What python-docx and docxtpl answer to a Word file that lacks a part or holds another one in its place.
MALFORMED = (ValueError, KeyError, AttributeError, TypeError, IndexError, OpcError, etree.LxmlError)


def check_template(content):
    """Return what is wrong with a template (bytes), as French sentences; empty when it may be kept and filled.

    It must be a DOCX of 10 MB at most, without macros nor anything fetched elsewhere, whose tags print known fields,
    test them or go through known lists, and which still opens once filled.
    """
    return list(map(typographic, file_problems(content) or _opened_problems(content)))


def _opened_problems(content):
    try:
        texts, others = _parts(content)
        return _problems_of_tags(texts, others) or _problems_of_fields(texts) or _problems_of_filling(content)
    except MALFORMED:
        return [NOT_WORD]


def _parts(content):
    """(XML roots of the parts that are filled, XML roots of the other parts that hold words)."""
    main = Document(io.BytesIO(content)).part
    texts = [main, *(rel.target_part for rel in main.rels.values() if rel.reltype in MARGINS)]
    others = []
    for part in main.package.iter_parts():
        if part.content_type == FOOTNOTES:
            texts.append(part)
        elif part not in texts and ("wordprocessingml" in part.content_type or "properties" in part.content_type):
            others.append(part)
    return _roots(texts), _roots(others)


def _roots(parts):
    return [etree.fromstring(part.blob, parser()) for part in parts]


def _problems_of_tags(texts, others):
    problems = [problem for root in texts for problem in tag_problems(root)]
    if any(has_tags(root) for root in others):
        problems.append("Un champ se trouve dans une note de fin ou une propriété du fichier : déplacez-le.")
    return list(dict.fromkeys(problems))


def _problems_of_fields(texts):
    """What the syntax trees of the parts say that they may not."""
    patch, environment = ContractTemplate(None).patch_xml, TemplateEnvironment()
    problems = []
    for root in texts:
        try:
            problems += refusals(environment.parse(patch(etree.tostring(root, encoding="unicode"))))
        except TemplateSyntaxError:
            problems.append(BROKEN)
    return list(dict.fromkeys(problems))


def _problems_of_filling(content):
    """Try it: every field empty and every condition false, then the contrary, as far as the PDF."""
    try:
        filled(content, bare_context(), **dict.fromkeys(CONDITIONS, False))
        filled(content, sample_context(), **dict.fromkeys(CONDITIONS, True))
        to_html(fill(content, sample_context()))
    except TemplateRefused as error:
        return list(error.problems)
    return []
