import re
import unicodedata

# Control characters, the end of a line and the tab aside, and halves of a surrogate pair.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

# Digits of the largest number of a row, which not all numbers of so many digits are.
DIGITS = 19


def search_key(*parts):
    """Return lower-case words without accents nor punctuation: « Éléonore D’Arc » gives « eleonore d arc »."""
    text = unicodedata.normalize("NFKD", " ".join(part for part in parts if part))
    plain = "".join(character for character in text if not unicodedata.combining(character)).lower()
    return re.sub(r"[^a-z0-9]+", " ", plain.replace("œ", "oe").replace("æ", "ae")).strip()


def tidy(text):
    """Return the text in composed form (NFC), trimmed, its runs of blanks made one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "")).strip()


def natural_key(text):
    """Sorting key in which « Lot 2 » comes before « Lot 10 », accents and case set aside."""
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"[0-9]+|[^0-9]+", search_key(text))
    ]


def row_number(text):
    """The number of a row that an address or a form holds, None when it cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < DIGITS else None


def is_writable(text):
    """True when this text holds neither a control character (line ends and tabs aside) nor half a surrogate pair."""
    return UNWRITABLE.search(text) is None
