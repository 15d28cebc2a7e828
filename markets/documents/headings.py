"""The numbers Word gives to headings, written out: the conversion to HTML keeps the words and drops the numbers."""

import re
from dataclasses import dataclass

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Level:
    """A level of a numbered list: « %1.%2 », decimal or not, first number."""

    text: str
    form: str
    start: int


def write_numbers(document):
    """Write, in a python-docx document, the number of each numbered heading before its words (« 1. Objet »)."""
    styles = {style.style_id: style for style in document.styles}
    counters = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        style = styles.get(paragraph.style)
        if style is None or not style.name.lower().startswith("heading"):
            continue
        place = _place(document, paragraph, style)
        if place is not None:
            _write(paragraph, _next_number(counters, *place))


def _place(document, paragraph, style):
    """(identifier of the list, its levels, index of the level), None when the heading has no number."""
    own = paragraph.pPr.numPr if paragraph.pPr is not None else None
    inherited = style.element.pPr.numPr if style.element.pPr is not None else None
    properties = own if own is not None else inherited
    if properties is None or properties.numId is None or not properties.numId.val:
        return None
    abstract = _abstract(document, properties.numId.val)
    if abstract is None:
        return None
    index = properties.ilvl.val if properties.ilvl is not None else _level_of_style(abstract, style.style_id)
    levels = _levels(abstract)
    return (abstract.get(qn("w:abstractNumId")), levels, index) if index in levels else None


def _abstract(document, number):
    """The definition of a numbered list, None when the file has none."""
    try:
        numbering = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        return None
    used = next((str(num.abstractNumId.val) for num in numbering.num_lst if num.numId == number), None)
    every = numbering.findall(qn("w:abstractNum"))
    return next((item for item in every if item.get(qn("w:abstractNumId")) == used), None)


def _level_of_style(abstract, style_id):
    for level in abstract.findall(qn("w:lvl")):
        linked = level.find(qn("w:pStyle"))
        if linked is not None and linked.get(qn("w:val")) == style_id:
            return int(level.get(qn("w:ilvl")))
    return 0


def _levels(abstract):
    return {int(level.get(qn("w:ilvl"))): _level(level) for level in abstract.findall(qn("w:lvl"))}


def _level(element):
    values = {}
    for name, default in (("lvlText", ""), ("numFmt", "decimal"), ("start", "1")):
        child = element.find(qn(f"w:{name}"))
        values[name] = default if child is None else child.get(qn("w:val"), default)
    return Level(values["lvlText"], values["numFmt"], int(values["start"]))


def _next_number(counters, identifier, levels, index):
    """The text of the next number at this level; the deeper ones begin again."""
    counts = counters.setdefault(identifier, {})
    for deeper in [level for level in counts if level > index]:
        del counts[deeper]
    counts[index] = counts.get(index, levels[index].start - 1) + 1

    def number(match):
        level = int(match[1]) - 1
        if level not in levels:
            return ""
        return _shown(counts.setdefault(level, levels[level].start), levels[level].form)

    return PLACE.sub(number, levels[index].text)


def _shown(number, form):
    """« 3 », « c » or « C »; the forms that no article of a contract uses are written in figures."""
    if form in ("lowerLetter", "upperLetter") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)


def _write(paragraph, number):
    """Put the number before the words of the heading."""
    run = OxmlElement("w:r")
    run.text = f"{number} " if number else ""
    first = paragraph.pPr
    if first is None:
        paragraph.insert(0, run)
    else:
        first.addnext(run)
