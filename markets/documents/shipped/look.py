"""How the shipped templates look in Word: page, styles, numbers of articles, logos above, page numbers below."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Arial"  # on every computer, and one of the fonts allowed beside the European emblem
INK, BLUE, GREY, EUROPE = (RGBColor.from_string(code) for code in ("1F2A33", "1B3D5F", "55606B", "003399"))
LINES, SHADE = "B9C4CE", "E9EEF3"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Mm(210), Mm(297), Mm(22)
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
NOTE, AFTER_TABLE, GRID = "Consigne", "Après un tableau", "Table Grid"
# Style: (size, colour, bold, space before, space after, kept with what follows), in points.
STYLES = {
    "Normal": (10, INK, False, 0, 6, False),
    "Title": (18, BLUE, True, 12, 10, True),
    "Heading 1": (12, BLUE, True, 14, 4, True),
    "Heading 2": (10.5, BLUE, True, 8, 3, True),
    "List Bullet": (10, INK, False, 0, 3, False),
    "Caption": (9.5, INK, True, 8, 3, True),
    "Header": (8, GREY, False, 0, 0, False),
    "Footer": (8, GREY, False, 0, 0, False),
    NOTE: (9, GREY, False, 0, 8, False),
    AFTER_TABLE: (4, INK, False, 0, 2, False),
}
# What the blank document of python-docx carries and ours has no use for, by the last word of the relationship's type.
NEEDLESS = ("thumbnail", "stylesWithEffects", "customXml")
NUMBERS = """<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/><w:lvlText w:val="%1."/>
<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="454" w:hanging="454"/></w:pPr></w:lvl></w:abstractNum>"""
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINES}"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def dress(document):
    """Give a blank document the page, the styles, the header and the footer of the shipped templates."""
    _forget_needless_parts(document)
    _set_page(document.sections[0])
    _set_language(document.styles.element)
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE and style.name != GRID]:
        if not style.element.default:
            style.delete()
    for name in (NOTE, AFTER_TABLE):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    for name, values in STYLES.items():
        _set_style(document.styles[name], *values)
    _number_articles(document)
    _write_margins(document.sections[0])


def _forget_needless_parts(document):
    for relationships in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in relationships.items() if rel.reltype.rpartition("/")[2] in NEEDLESS]:
            del relationships[key]


def _set_page(section):
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _set_language(styles):
    fonts, language = (
        styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn(tag)}")
        for tag in ("w:rFonts", "w:lang")
    )
    for attribute in [name for name in fonts.attrib if name.lower().endswith("theme")]:
        del fonts.attrib[attribute]
    language.set(qn("w:val"), "fr-FR")
    _set_fonts(fonts)


def _set_fonts(fonts):
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)


def _set_style(style, size, colour, bold, before, after, kept):
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:spacing", "w:kern", "w:color"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)
    style.font.name = FONT
    _set_fonts(properties.find(qn("w:rFonts")))
    style.font.size, style.font.color.rgb, style.font.bold = Pt(size), colour, bold
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(after), kept
    shape.line_spacing = 1.15
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)


def _number_articles(document):
    """Articles are numbered by Word: pasted into another document, they take its numbers."""
    numbering = document.part.numbering_part.element
    abstract = parse_xml(NUMBERS.format(ns=nsdecls("w")))
    numbering.insert(0, abstract)
    number = numbering.add_num(90)
    properties = document.styles["Heading 1"].element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = number.numId


def _write_margins(section):
    """Logos above the first page, the market above the others, page numbers below all."""
    _write_logos(section.first_page_header)
    section.header.paragraphs[0].add_run(
        "{% if marche_numero %}Marché n°\u00a0{{ marche_numero }}{% else %}{{ acheteur }}{% endif %}"
        "{% if alloti %} – lot n°\u00a0{{ lot_numero }}{% endif %}"
    )
    for footer in (section.first_page_footer, section.footer):
        _write_footer(footer.paragraphs[0])


def _write_logos(header):
    table = header.add_table(1, 3, TEXT_WIDTH)
    table.autofit = False
    contents = (("{{ logo_departement }}", 76), ("{{ logo_ue }}", 38), ("{{ mention_ue }}", 52))
    for cell, column, (tag, width) in zip(table.rows[0].cells, table.columns, contents, strict=True):
        cell.width = column.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        run = cell.paragraphs[0].add_run(tag)
        run.font.size = Pt(10)
    run.font.color.rgb = EUROPE
    # Word wants a paragraph after a table: the one that was there before it
    header._element.append(header.paragraphs[0]._p)


def _write_footer(paragraph):
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{{ acheteur }} – {{ date_document }}\tPage\u00a0")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" sur ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph, code):
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
    paragraph._p.append(field)


def column_width(share):
    """Width of a column that takes `share` % of the text."""
    return int(TEXT_WIDTH * share / 100)


def dress_table(drawn, table):
    """Thin grey lines, columns of the widths asked, which Word may not move."""
    drawn.autofit, drawn.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    properties = drawn._tbl.tblPr
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{BORDERS}</w:tblBorders>")
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for column, share in zip(drawn.columns, table.widths, strict=True):
        column.width = column_width(share)


def keep_together(row, *, is_header):
    """A row is not cut between two pages; a header row comes again on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))


def dress_cell(cell, *, is_header):
    """Small text, headers in bold on a light ground."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2.5)
    for run in paragraph.runs:
        run.font.size = Pt(9)
        run.bold = True if is_header else run.bold
    if is_header:
        shading = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{SHADE}"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(shading))
