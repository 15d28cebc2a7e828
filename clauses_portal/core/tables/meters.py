"""How much memory a workbook would take once read, measured before any reader allocates it.

The reader keeps each sheet as a full rectangle: one cell at XFD1048576, or one repeated a million times, kills the
process. It also loops for ever on a part that is not well-formed, which is refused here.
"""

import re
from xml.parsers import expat

MOST_CELLS = 3_000_000
MOST_TEXT = 30_000_000  # characters
REFERENCE = re.compile(r"([A-Z]{1,7})([0-9]{1,9})", re.IGNORECASE)


class TooLarge(Exception):
    """The workbook would take more than `MOST_CELLS` cells or `MOST_TEXT` characters."""


class Meter:
    """Reads one XML part after the other; `measure` raises TooLarge, ExpatError, ValueError or LookupError."""

    def __init__(self):
        self.text = self.cells = self.rows = self.columns = 0

    def measure(self, part):
        """Measure the bytes of one part."""
        self.next_sheet()
        self.characters = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda name, attributes: self.start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.read
        parser.Parse(part, True)

    def start(self, name, attributes):
        raise NotImplementedError

    def end(self, name):
        raise NotImplementedError

    def read(self, text):
        self.characters += len(text)

    def next_sheet(self):
        self.cells += self.rows * self.columns
        self.rows = self.columns = self.row = self.column = 0

    def fill(self, row, column):
        """A cell with a value stands there (numbered from 1)."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.cells + self.rows * self.columns > MOST_CELLS:
            raise TooLarge

    def add_text(self, length):
        self.text += length
        if self.text > MOST_TEXT:
            raise TooLarge


def _refuse_doctype(*_):
    raise ValueError("A workbook declares no entity.")


class XlsxMeter(Meter):
    """Cells stand where their reference says; a shared text counts each time it is used."""

    def __init__(self):
        super().__init__()
        self.shared = []  # lengths of the shared texts, which must be measured before the sheets
        self.is_shared = False
        self.typed = ""

    def start(self, name, attributes):
        match name:
            case "row":
                self.row = int(attributes.get("r", self.row + 1))
                self.column = 0
            case "c":
                self._place(attributes.get("r"))
                self.is_shared = attributes.get("t") == "s"
            case "v" | "is":
                self.fill(self.row, self.column)
                self.typed = ""
            case "si":
                self.characters = 0

    def _place(self, reference):
        if not reference:
            self.column += 1
            return
        match = REFERENCE.fullmatch(reference)
        if not match:
            raise ValueError("A cell has no place.")
        self.row, self.column = int(match[2]), _number_of(match[1].upper())

    def end(self, name):
        if name == "si":
            self.shared.append(self.characters)
        elif name == "v":
            index = int(self.typed) if self.is_shared else -1
            self.add_text(self.shared[index] if 0 <= index < len(self.shared) else len(self.typed))

    def read(self, text):
        super().read(text)
        self.typed += text


def _number_of(letters):
    """« A » is 1, « AA » is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class OdsMeter(Meter):
    """Rows, cells and blanks say how many times they are repeated."""

    def __init__(self):
        super().__init__()
        self.height = self.width = 1
        self.filled = False
        self.row_text = 0

    def start(self, name, attributes):
        attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        match name:
            case "table":
                self.next_sheet()
            case "table-row":
                self.height = _times(attributes, "number-rows-repeated")
                self.row += self.height
                self.column, self.row_text = 0, 0
            case "table-cell" | "covered-table-cell":
                self.width = _times(attributes, "number-columns-repeated")
                self.column += self.width
                self.characters = 0
                if "value-type" in attributes:
                    self.fill(self.row, self.column)
            case "p":
                self.fill(self.row, self.column)
            case "s":
                self.characters += _times(attributes, "c")

    def end(self, name):
        if name in ("table-cell", "covered-table-cell"):
            self.row_text += self.characters * self.width
        elif name == "table-row":
            self.add_text(self.row_text * self.height)


def _times(attributes, name):
    return max(1, int(attributes.get(name, 1)))
