"""A template and a context give a Word file, always the same bytes."""

import datetime as dt
import io

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml import etree

from markets.documents.fields import printable, values
from markets.documents.grammar import TemplateEnvironment, TemplateRefused
from markets.documents.images import image_values
from markets.documents.package import LARGEST_PART, parser, repacked

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
FRENCH = "fr-FR"
NOON = dt.time(12)
BROKEN = (
    "Une boucle ou une condition coupe un tableau ou un paragraphe en deux : placez ses balises seules dans leur "
    "paragraphe (« {%p if … %} ») ou dans leur ligne de tableau (« {%tr for … %} »)."
)


def fill(content, context, *, title="", department_logo=None):
    """Return the DOCX (bytes) of a template (bytes) for a `DocumentContext`; equal arguments give equal bytes.

    `title` is the title in the properties of the file (the market’s by default), `department_logo` PNG or JPEG bytes,
    or None. Raises `TemplateRefused` for a template that `check_template` would not have let in, `UnreadableLogo`.
    """
    document = filled(content, context, department_logo=department_logo)
    _sign(document.core_properties, context, title or context.market_title)
    _speak_french(document)
    _forget_the_attached_template(document)
    written = io.BytesIO()
    document.save(written)
    return repacked(written.getvalue())


def filled(content, context, *, department_logo=None, **flags):
    """Return the python-docx document of a filled template; `flags` stand for what the context says of conditions.

    Raises `TemplateRefused`, `UnreadableLogo`.
    """
    template = ContractTemplate(io.BytesIO(content))
    fields = values(context) | image_values(template, context, department_logo) | flags
    try:
        template.render(fields, TemplateEnvironment(), autoescape=True)
    except (TemplateSyntaxError, etree.XMLSyntaxError) as error:
        raise TemplateRefused([BROKEN]) from error
    return template.docx


class ContractTemplate(DocxTemplate):
    """docxtpl, which mends a broken document in silence: here it is refused."""

    def fix_tables(self, xml):
        etree.fromstring(xml, parser())
        return super().fix_tables(xml)

    def resolve_listing(self, xml):
        """The last step of docxtpl, the text being whole: a loop must not make a book of it."""
        if len(xml) > LARGEST_PART:
            raise TemplateRefused(["Le document produit serait trop long : une boucle répète trop de texte."])
        return super().resolve_listing(xml)

    def render_properties(self, context, jinja_env=None):
        """The properties are no place for fields: `fill` writes them."""

    def render_footnotes(self, context, jinja_env=None):
        """Once, whereas docxtpl fills them again for each section: a value is no template."""
        for part in self.docx.part.package.iter_parts():
            if part.content_type == FOOTNOTES:
                xml = self.patch_xml(part.blob.decode())
                xml = self.render_xml_part(xml, part, context, jinja_env).encode()
                etree.fromstring(xml, parser())
                part._blob = xml


def _sign(properties, context, title):
    """Whose document it is, when, and nothing of who wrote the template."""
    moment = dt.datetime.combine(context.date, NOON)
    properties.title, properties.author = printable(title)[:255], printable(context.buyer_name)[:255]
    properties.last_modified_by, properties.language = properties.author, FRENCH
    properties.subject = properties.comments = properties.keywords = properties.category = ""
    properties.created = properties.modified = properties.last_printed = moment
    properties.revision = 1


def _speak_french(document):
    """The language of the text, for readers and spelling checkers."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        language = defaults.find(qn("w:lang"))
        if language is None:
            language = etree.SubElement(defaults, qn("w:lang"))
        language.set(qn("w:val"), FRENCH)


def _forget_the_attached_template(document):
    """The path of the template on its author’s computer, which Word would go and open."""
    settings = document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    for attached in settings.element.findall(qn("w:attachedTemplate")):
        attached.getparent().remove(attached)
    for key in [key for key, rel in settings.rels.items() if rel.reltype.endswith("/attachedTemplate")]:
        del settings.rels[key]
