"""Cells into values. A parser returns the value, or `None` (or `""`) when the cell says nothing usable.

Every parser takes whatever the file had: text, boolean, `None`, a list. Numbers come as the text of the file,
so that 1e400 or a number of a million digits is only ever a text that does not fit.
"""

import html
import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

# « Champ non déclaré », « manquant », « non communiqué », « inexploitable »: words of the consolidators.
_SILENT = re.compile(r"(?:cdl|mq|nc|inx\S*|nan|null|none|n/?a|)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:Z|[+-]\d\d:?\d\d)?")
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CPV = re.compile(r"(\d{7,8})(?:-\d)?")
_NINES = re.compile(r"9{8,}(?:\.(?:0+|9+))?")
_PARIS = ZoneInfo("Europe/Paris")
_CENT = Decimal("0.01")

AMOUNT_LIMIT = Decimal(10) ** 10
DURATION_LIMIT = 1200
FIRST_YEAR = 1990
YEARS_AHEAD = 5


def fold(value):
    """`"lieuExecution.nom "` and `"Lieu exécution nom"` both give `"lieuexecutionnom"`."""
    return _fold(str(value))


@lru_cache(maxsize=4096)
def _fold(text):
    # the names of the fields and the words of the lists come back in every record
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def _visible(character):
    # C1 controls are Windows-1252 bytes read as Latin-1 by the producer: « œ » arrives as U+009C.
    if "\x80" <= character <= "\x9f":
        return character.encode("latin-1").decode("cp1252", "replace")
    if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if unicodedata.category(character) in {"Cf", "Cs", "Co", "Cn"} else character


def clean_text(value, limit=1000):
    """One line of visible text, without tag, entity, control, direction mark or lone surrogate."""
    if not isinstance(value, str):
        return ""
    text = _TAG.sub(" ", html.unescape(value[: limit * 20]))
    if not text.isprintable():
        text = "".join(map(_visible, text))
    return unicodedata.normalize("NFC", " ".join(text.split()))[:limit].strip()


def known(value, limit=1000):
    """As `clean_text`, and `""` for the words that mean « nothing » (CDL, MQ, NC, INX…, nan)."""
    text = clean_text(value, limit)
    return "" if _SILENT.fullmatch(text) else text


def parse_decimal(value):
    """A plain decimal, or `None`. Accepts spaces, a comma, an exponent, a euro sign."""
    text = re.sub(r"[\s€]", "", known(value, 80))
    if "." not in text:
        text = text.replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def parse_amount(value):
    """`(amount in € | None, French warning without any figure | "")`.

    Published amounts lie: 1.0E17 in the data of the Département itself (domain.md §11), 999 999 999 when the
    field is compulsory, 0 or 1 € for « see the price list ».
    """
    text = known(value, 80)
    if not text:
        return None, ""
    amount = parse_decimal(text)
    if amount is None:
        return None, "montant illisible, ignoré"
    if amount < 0:
        return None, "montant négatif, ignoré"
    if amount <= 1:
        return None, "montant nul ou symbolique, ignoré"
    if amount > AMOUNT_LIMIT or _NINES.fullmatch(f"{amount:f}"):
        return None, "montant invraisemblable, ignoré"
    return amount.quantize(_CENT, ROUND_HALF_UP), ""


def parse_duration(value):
    """`(months | None, warning)`: a part of a month counts for a month, as the schema asks."""
    text = known(value, 80)
    if not text:
        return None, ""
    months = parse_decimal(text)
    if months is None or not 0 < months <= DURATION_LIMIT:
        return None, "durée invraisemblable ou illisible, ignorée"
    return ceil(months), ""


def _instant(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(_PARIS).date() if moment.tzinfo else moment.date()


def _written_date(text):
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return _instant(text)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(value, name="date"):
    """`(date | None, warning)`. A day written with an offset (`2018-12-22+01:00`) is that day."""
    text = known(value, 40)
    if not text:
        return None, ""
    try:
        day = _written_date(text)
    except OverflowError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= date.today().year + YEARS_AHEAD:  # noqa: DTZ011 - a bound in years
        return None, f"{name} invraisemblable ou illisible, ignorée"
    return day, ""


def parse_cpv(value):
    """`(8 digits | "", warning)`: no check digit, and the leading zero a spreadsheet lost."""
    text = known(value, 40).replace(" ", "")
    if not text:
        return "", ""
    found = _CPV.fullmatch(text)
    code = found[1].zfill(8) if found else ""
    if code[:2] in {"", "00", "01", "02"}:
        return "", "code CPV illisible, ignoré"
    return code, ""


def parse_boolean(value):
    """`True`, `False`, or `None` when the cell says neither."""
    if isinstance(value, bool):
        return value
    return {"true": True, "oui": True, "1": True, "false": False, "non": False, "0": False}.get(fold(known(value, 10)))


def parse_number(value):
    """A small whole number ≥ 0, or `None`."""
    number = parse_decimal(value)
    return int(number) if number is not None and 0 <= number < 100_000 and number == int(number) else None
