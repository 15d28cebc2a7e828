"""The tags of a template as its author sees them: their place, their form, their pairs, said in French."""

import re
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError

from clauses_portal.core.french import number
from markets.documents.grammar import TemplateEnvironment
from markets.documents.package import WORD

# A tag has a bounded length: a text full of braces must not be read again from each of them.
TAG = re.compile(r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|\{#.{0,1000}?#\}")
MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
OPENING = re.compile(r"\{[{%#]")
STATEMENT = re.compile(r"\{%(?:(p|tr) +|\s*)(for|endfor|if|elif|else|endif)\b\s*(.*?)\s*%\}")
OPENINGS = {"endfor": "for", "endif": "if", "elif": "if", "else": "if"}
# The smallest template that holds an expression, to read it by itself.
ALONE = {
    "if": "{{% if {} %}}{{% endif %}}",
    "elif": "{{% if {} %}}{{% endif %}}",
    "for": "{{% for {} %}}{{% endfor %}}",
}
DEEPEST = 10  # conditions one in the other
MOST_TAGS = 2_000
SHOWN = 60
WHOLE = {"p": "dans son paragraphe", "tr": "dans sa ligne de tableau"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a part, and its text, text boxes left to their own paragraphs."""

    node: object
    text: str

    @property
    def row(self):
        """Text of the row of the table it is in, None elsewhere."""
        row = next(self.node.iterancestors(f"{WORD}tr"), None)
        return None if row is None else "".join(text.text or "" for text in row.iter(f"{WORD}t"))


def paragraphs(root):
    """Yield the `Paragraph`s of a part of a Word file, in reading order."""
    for node in root.iter(f"{WORD}p"):
        yield Paragraph(node, own_text(node))


def own_text(paragraph):
    return "".join(
        text.text or "" for text in paragraph.iter(f"{WORD}t") if next(text.iterancestors(f"{WORD}p")) is paragraph
    )


def tag_problems(root):
    """French sentences about the tags of a part of a Word file; empty when all can be read."""
    problems, opened, written = {}, [], list(paragraphs(root))
    if sum(len(TAG.findall(paragraph.text)) for paragraph in written) > MOST_TAGS:
        return [f"Le modèle compte plus de {number(MOST_TAGS)} balises."]
    for paragraph in written:
        for problem in _broken(paragraph.text) or _misused(paragraph, opened):
            problems[problem] = None
    for tag, _ in opened:
        problems[f"La balise {quoted(tag)} n’est pas refermée."] = None
    if not problems and _hidden(root):
        problems[HIDDEN] = None
    return list(problems)


HIDDEN = "Un champ se trouve ailleurs que dans le texte (description d’une image, champ Word) : déplacez-le."


def _broken(text):
    """Braces left once the whole tags are taken out."""
    rest = TAG.sub(lambda match: "\0" * len(match[0]), text)
    stray = MARK.search(rest)
    if stray is None:
        return []
    start = max(0, stray.start() - SHOWN // 2)
    return [f"Balise mal ouverte ou mal fermée près de {quoted(text[start : stray.end() + SHOWN // 2].strip())}."]


def _misused(paragraph, opened):
    """Yield a sentence for each tag that cannot be read, stands where it may not, or has no pair."""
    for tag in TAG.findall(paragraph.text):
        if tag.startswith("{{"):
            yield from _unreadable(tag, tag)
        elif tag.startswith("{%"):
            yield from _statement(tag, paragraph, opened)


def _statement(tag, paragraph, opened):
    match = STATEMENT.fullmatch(tag)
    if match is None:
        yield f"La balise {quoted(tag)} n’est pas admise : seules « for » et « if » le sont."
        return
    scope, word, expression = match.groups()
    if scope and not _stands_alone(tag, scope, paragraph):
        yield f"La balise {quoted(tag)} doit être seule {WHOLE[scope]}."
    if word in ALONE:
        yield from _unreadable(tag, ALONE[word].format(expression))
    yield from _unpaired(tag, word, opened)


def _stands_alone(tag, scope, paragraph):
    around = paragraph.text if scope == "p" else paragraph.row
    return around is not None and around.strip() == tag


def _unreadable(tag, source):
    try:
        TemplateEnvironment().parse(source)
    except TemplateSyntaxError:
        yield f"La balise {quoted(tag)} est mal écrite."


def _unpaired(tag, word, opened):
    """Keep `opened` (tag, word) up to date: what closes must close what was opened last."""
    if word in ("for", "if"):
        opened.append((tag, word))
        if len(opened) > DEEPEST:
            yield f"Plus de {DEEPEST} conditions ou boucles sont placées l’une dans l’autre : séparez-les."
    elif not opened or opened[-1][1] != OPENINGS[word]:
        yield f"La balise {quoted(tag)} ne correspond à aucune balise ouverte."
    elif word.startswith("end"):
        opened.pop()


def _hidden(root):
    """A tag in an attribute, a field code or anything else that is no text."""
    for node in root.iter():
        if any(OPENING.search(value) for value in node.attrib.values()):
            return True
        if isinstance(node.tag, str) and node.tag != f"{WORD}t" and OPENING.search(node.text or ""):
            return True
    return False


def has_tags(root):
    """Whether a part holds anything that looks like the beginning of a tag."""
    return any(OPENING.search(own_text(paragraph)) for paragraph in root.iter(f"{WORD}p")) or _hidden(root)


def quoted(tag):
    """The tag between « », cut when long."""
    return f"« {tag if len(tag) <= SHOWN else tag[: SHOWN - 1] + '…'} »"
