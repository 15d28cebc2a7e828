"""How a number, a date and a sentence are written in French, the same on screens, paper and exports.

Thousands and units are held by U+00A0, not U+202F: the fonts of the portal have no glyph for the narrow space.
"""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

NBSP = "\u00a0"
NOTHING = "–"
ABSURD = Decimal(10) ** 20
HOURS_IN_A_WEEK = 35
HOURS_IN_A_YEAR = 1607  # legal working year of a full-time employee (Code du travail, art. L. 3121-41)
HOURS_IN_THE_LONGEST_MONTH = 31 * 24

CLOCK = re.compile(r"([0-9]{1,4}) ?h ?(?:([0-9]{2}) ?)?(?:min)?", re.IGNORECASE)
DECIMAL = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]+))?(?: ?h)?", re.IGNORECASE)


def number(value, decimals=2):
    """Write « 1 234,5 »: U+00A0 between thousands, at most `decimals` decimals, no trailing zero.

    `value` is a number or its text (« 1234.50 », as in a frozen statement); None is written « – ».
    Halves are rounded up. Raises ValueError when it is not a number, or not one of this world (10²⁰ and more).
    """
    if value is None or value == "":
        return NOTHING
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    fraction = fraction.rstrip("0")
    sign = "\u2212" if rounded < 0 else ""
    return sign + whole.replace(",", NBSP) + (f",{fraction}" if fraction else "")


def hundredths(value):
    """Write « 1 234,50 »: always two decimals, for the cells of a column, so that commas stand under each other."""
    text = number(value)
    if text == NOTHING:
        return text
    whole, _, fraction = text.partition(",")
    return f"{whole},{fraction:0<2}"


def _decimal(value):
    try:
        parsed = Decimal(str(value))
    except InvalidOperation:
        parsed = Decimal("nan")
    if not parsed.is_finite() or abs(parsed) >= ABSURD:
        raise ValueError(f"«{NBSP}{_shown(str(value))}{NBSP}» n’est pas un nombre.")
    return parsed


def _with_unit(value, unit, decimals):
    text = number(value, decimals)
    return text if text == NOTHING else f"{text}{NBSP}{unit}"


def hours(value):
    """Write hours: « 1 234,5 h »."""
    return _with_unit(value, "h", 2)


def percent(value, decimals=0):
    """Write a percentage already multiplied by 100: `52.4` gives « 52 % »."""
    return _with_unit(value, "%", decimals)


def euros(value):
    """Write an amount: « 12 500 € », and its cents in full when there are some: « 12 500,50 € »."""
    text = number(value)
    if text == NOTHING:
        return text
    return f"{hundredths(value) if ',' in text else text}{NBSP}€"


def file_size(size):
    """Write the size of a file given in bytes: « 512 octets », « 850 ko », « 12,3 Mo », « 74,4 Go » (1 024 ko each)."""
    if size < 1024:
        return _with_unit(size, "octet" if size < 2 else "octets", 0)
    if size < 1024**2:
        return _with_unit(_decimal(size) / 1024, "ko", 0)
    if size < 1024**3:
        return _with_unit(_decimal(size) / 1024**2, "Mo", 1)
    return _with_unit(_decimal(size) / 1024**3, "Go", 1)


def date(value):
    """Write « 31/12/2026 » from a date, a datetime (in local time) or their ISO text; None is written « – »."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def weeks_and_fte(value):
    """Say what hours amount to: « soit 23,8 semaines de 35 h ou 0,52 ETP » (1 607 h a year)."""
    total = _decimal(value or 0)
    weeks = (total / HOURS_IN_A_WEEK).quantize(Decimal("0.1"), ROUND_HALF_UP)
    noun = "semaine" if abs(weeks) < 2 else "semaines"  # French plural begins at two
    return f"soit {number(weeks, 1)} {noun} de {HOURS_IN_A_WEEK}{NBSP}h ou {number(total / HOURS_IN_A_YEAR)}{NBSP}ETP"


# Signs that no font of the portal draws, and the nearest that all of them draw.
DRAWABLE = str.maketrans(
    {"\u202f": NBSP, "\u2009": NBSP, "\u2011": "-", "→": "›", "←": "‹", "≥": ">=", "≤": "<=", "\u00ad": None}
)
SPACING = (
    (re.compile(r"'"), "’"),
    (re.compile(r"\.{3}"), "…"),
    # Never inside an address or a time: « https://… », « 10:30 », « ?page=2 » have no blank after the sign.
    (re.compile(r"(?<=[^\s!?;:«])[ \u00a0]*([;:!?])(?=[\s!?»)]|$)"), NBSP + r"\1"),
    (re.compile(r"«[ \u00a0]*(?=\S)"), "«" + NBSP),
    (re.compile(r"(?<=\S)[ \u00a0]*»"), NBSP + "»"),
    (re.compile(r"(?<=[0-9])[ \u00a0]*([%€])"), NBSP + r"\1"),
    (re.compile(r"(?<=[0-9]) (?=(?:h|ETP|mois|jours)\b)"), NBSP),
    (re.compile(r"(?<=\b[nN]°) ?(?=[0-9])"), NBSP),
)


def typographic(text):
    """Return plain text (not HTML) with French typography; applying it twice changes nothing.

    U+00A0 before « ; : ! ? » % € » and after « « », straight apostrophes curved, three dots made one sign.
    Signs without a glyph in the portal's fonts (U+202F, →, ≥…) become their nearest neighbours.
    """
    text = unicodedata.normalize("NFC", str(text)).translate(DRAWABLE)
    for pattern, replacement in SPACING:
        text = pattern.sub(replacement, text)
    return text


def parse_hours(text):
    """Read hours typed as « 7,5 », « 7.5 », « 7h30 », « 7 h 30 » or « 7 h »; return a Decimal of two decimals.

    Minutes are turned into hundredths (« 7h20 » is 7.33). Raises ValueError with a French sentence on anything
    else: a sign, a letter, an exponent, a third decimal, more hours than the longest month has (744 h).
    """
    typed = re.sub(r"[ \u00a0\u202f]+", " ", "" if text is None else str(text)).strip()
    if not typed:
        raise ValueError("Indiquez un nombre d’heures, par exemple 7,5 ou 7h30.")
    if re.fullmatch(r"[-\u2212]\s?[0-9].*", typed):
        raise ValueError("Un nombre d’heures ne peut pas être négatif.")
    value = _clock(typed) if CLOCK.fullmatch(typed) else _plain(typed)
    if value > HOURS_IN_THE_LONGEST_MONTH:
        raise ValueError(f"Un mois ne compte pas plus de {HOURS_IN_THE_LONGEST_MONTH}{NBSP}h.")
    return value


def _clock(typed):
    """« 7h30 » to Decimal("7.50")."""
    whole, minutes = CLOCK.fullmatch(typed).groups(default="0")
    if int(minutes) > 59:
        raise ValueError(f"Une heure ne compte que 60 minutes{NBSP}: écrivez par exemple 7h30.")
    return (Decimal(whole) + Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _plain(typed):
    """« 7,5 » to Decimal("7.50")."""
    match = DECIMAL.fullmatch(typed)
    if not match:
        raise ValueError(
            f"«{NBSP}{_shown(typed)}{NBSP}» n’est pas un nombre d’heures{NBSP}: écrivez par exemple 7,5 ou 7h30."
        )
    whole, fraction = match.groups(default="")
    if len(fraction) > 2:
        raise ValueError("Les heures se notent au centième, par exemple 7,25.")
    return Decimal(f"{whole}.{fraction or 0}").quantize(Decimal("0.01"))


def _shown(text):
    return text if len(text) <= 30 else f"{text[:29]}…"
