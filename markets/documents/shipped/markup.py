"""How the text of a template is written, so that it can be reviewed as text.

    # Titre                     the title, once
    ## Intitulé                 a numbered article
    ### Intitulé                a heading without a number
    > consigne                  a note to the buyer, to be taken out of the final document
    - point                     an item of a list
    {% if … %}                  alone on its line: conditions and loops of docxtpl
    :: 40 60 : Légende          a table, the widths of its columns in %, its caption; then one row a line,
    | a | b |                   the first one being its header
    ::: 35 65 : Légende         a form: no header, the first column says what to write in the second;
    | Signature |  | 30 mm      a row may say how high it is
    **gras**                    inside any text

Lines that follow one another are one paragraph; a blank line ends it.
"""

import re
from dataclasses import dataclass

TABLE = re.compile(r"(:::?) ([0-9 ]+): (.+)")
ROW = re.compile(r"\|(.*)\|(?: *(\d+) mm)?")
STARTS = (("### ", "subheading"), ("## ", "heading"), ("# ", "title"), ("> ", "note"), ("- ", "item"))


@dataclass(frozen=True)
class Block:
    """A paragraph: `kind` is « title », « heading », « subheading », « note », « item », « text » or « tag »."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """Cells of a row, and its least height in millimetres (0: that of its text); a tag is a row of one cell."""

    cells: tuple[str, ...]
    height: int = 0
    is_tag: bool = False


@dataclass(frozen=True)
class Table:
    """`widths` in % of the text; a form has no header row but a header column."""

    caption: str
    widths: tuple[int, ...]
    is_form: bool
    rows: tuple[Row, ...]


def parse(text):
    """Return the `Block`s and `Table`s of a text. Raises ValueError for a row outside a table or of another width."""
    return [_block(chunk) for chunk in _chunks(text)]


def _chunks(text):
    """Lists of lines that belong together."""
    chunk = []
    for line in [*text.splitlines(), ""]:
        if chunk and not _goes_on(line, chunk[0]):
            yield chunk
            chunk = []
        if line.strip():
            chunk.append(line.strip())


def _goes_on(line, first):
    """Whether a line belongs with those before it, of which `first` is the first."""
    if first.startswith("::"):
        return line.startswith(("|", "{%"))
    return bool(line.strip()) and not first.startswith("{%") and not line.startswith(("{%", "#", "-", ">", "::"))


def _block(lines):
    first = lines[0]
    if first.startswith("::"):
        return _table(lines)
    if first.startswith("|"):
        raise ValueError(f"A row outside a table: {first}")
    if first.startswith("{%"):
        return Block("tag", first)
    start, kind = next(((start, kind) for start, kind in STARTS if first.startswith(start)), ("", "text"))
    return Block(kind, " ".join(lines).removeprefix(start))


def _table(lines):
    fence, widths, caption = TABLE.fullmatch(lines[0]).groups()
    widths = tuple(map(int, widths.split()))
    rows = tuple(_row(line, len(widths)) for line in lines[1:])
    return Table(caption, widths, fence == ":::", rows)


def _row(line, columns):
    if line.startswith("{%"):
        return Row((line,), is_tag=True)
    cells, height = ROW.fullmatch(line).groups()
    cells = tuple(cell.strip() for cell in cells.split("|"))
    if len(cells) != columns:
        raise ValueError(f"{columns} cells expected: {line}")
    return Row(cells, int(height or 0))
