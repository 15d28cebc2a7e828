"""Cells understood as people write them. A blank is None: whether a column is compulsory is the importer's business.

No sentence quotes what it refuses: a column taken for another may hold an amount, and reports of imports travel (C27).
"""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core.french import typographic
from clauses_portal.core.periods import Quarter
from clauses_portal.core.text import search_key

NO_AMOUNT = typographic("Ce montant n’est pas lisible : écrivez par exemple 125 000 ou 125 000,50 €.")
INCLUDING_TAX = typographic("Ce montant est toutes taxes comprises : indiquez le montant hors taxes.")
NEGATIVE_AMOUNT = "Un montant ne peut pas être négatif."
NOT_CREDIBLE = "Ce montant n’est pas crédible."
NO_INTEGER = typographic("Ce nombre n’est pas lisible : écrivez un nombre entier, par exemple 12.")
NO_FLAG = "Répondez par oui ou par non."
NO_DATE = typographic("Cette date n’est pas lisible : écrivez par exemple 15/09/2027, sept. 2027 ou T3 2027.")
YEAR_ALONE = typographic("Une année ne suffit pas : précisez le mois ou le trimestre, par exemple T3 2027.")
OUT_OF_REACH_SINCE = "Cette date est hors de portée ({since} à 2100)."
OUT_OF_REACH = OUT_OF_REACH_SINCE.format(since=1990)

ABSURD_AMOUNT = 10**11  # no amount of the portal has room for more
UNITS = {"": 1, "k": 1000, "m": 1_000_000}
AMOUNT = re.compile(r"(?P<number>[0-9][0-9.,]*)(?P<unit>k|m)?(?:€|eur|euros?)?(?:ht|horstaxes?)?")
# « 1.250.000,50 » and « 1,250,000.50 » are plain; « 1.250 » may be either, and is asked again.
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
COMMAED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})|[0-9]{1,3}(?:,[0-9]{3}){2,}")

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
FIRST_SERIAL = dt.date(1899, 12, 30)  # day 0 of a spreadsheet, once its imaginary 29 February 1900 is passed
AFTER_2100 = 73415
YES = {"oui", "o", "vrai", "true", "yes", "y", "x", "1"}
NO = {"non", "n", "faux", "false", "no", "0"}


def as_amount(value):
    """Read an amount in euros, as a Decimal of two decimals: « 125 000,50 € HT », « 850 k€ », « 1,2 M€ », a number.

    Raises ValueError with a French sentence: unreadable, negative, taxes included, ambiguous (« 1.250 »).
    """
    if _is_blank(value):
        return None
    amount = value if isinstance(value, Decimal) else _amount(re.sub(r"[\s'’]", "", str(value)).lower())
    if amount < 0:
        raise ValueError(NEGATIVE_AMOUNT)
    if amount >= ABSURD_AMOUNT:
        raise ValueError(NOT_CREDIBLE)
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _is_blank(value):
    return value is None or not str(value).strip()


def _amount(text):
    if "ttc" in text:
        raise ValueError(INCLUDING_TAX)
    if text.startswith(("-", "\u2212")):
        raise ValueError(NEGATIVE_AMOUNT)
    match = AMOUNT.fullmatch(text)
    if not match:
        raise ValueError(NO_AMOUNT)
    return _plain(match["number"]) * UNITS[match["unit"] or ""]


def _plain(number):
    if PLAIN.fullmatch(number):
        return Decimal(number.replace(",", "."))
    if DOTTED.fullmatch(number):
        return Decimal(number.replace(".", "").replace(",", "."))
    if COMMAED.fullmatch(number):
        return Decimal(number.replace(",", ""))
    raise ValueError(NO_AMOUNT)


def as_integer(value):
    """Read a whole number, 0 or more: « 1 200 », 12, « 12,0 ». Raises ValueError with a French sentence."""
    if _is_blank(value):
        return None
    text = re.sub(r"\s", "", str(value))
    if not re.fullmatch(r"[0-9]{1,9}(?:[.,]0+)?", text):
        raise ValueError(NO_INTEGER)
    return int(re.split(r"[.,]", text)[0])


def as_flag(value):
    """Read « oui », « non », « x », « vrai »…, as True or False. Raises ValueError with a French sentence."""
    if _is_blank(value):
        return None
    word = search_key(str(value))
    if word not in YES | NO:
        raise ValueError(NO_FLAG)
    return word in YES


def as_date(value, since=1990):
    """Read a day, as a date: « 15/09/2027 », « 2027-09-15 », « 15 sept. 2027 », a date or a day number of Excel.

    A month (« sept. 2027 », « 09/2027 ») or a quarter (« T3 2027 », « 3e trimestre 2027 ») gives its first day.
    Raises ValueError with a French sentence: unreadable, a year alone, before the year `since` (1990) or after 2100.
    """
    if _is_blank(value):
        return None
    day = _date(value, since)
    if not since <= day.year <= 2100:
        raise ValueError(OUT_OF_REACH_SINCE.format(since=since))
    return day


def _date(value, since):
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, Decimal):
        return _serial(value, since)
    text = re.sub(r"(?<=[0-9])[t ][0-9]{2}:[0-9:.]+z?$", "", str(value).strip().lower())
    return _day_of_words(search_key(text))


def _serial(number, since):
    if 1900 <= number <= 2100:
        raise ValueError(YEAR_ALONE)
    if not (dt.date(since, 1, 1) - FIRST_SERIAL).days <= number < AFTER_2100:
        raise ValueError(NO_DATE)
    return FIRST_SERIAL + dt.timedelta(days=int(number))


def _day_of_words(words):
    """The date in words without accents nor punctuation: « 15 09 2027 », « 15 sept 2027 », « t3 2027 »."""
    for pattern, read in SHAPES:
        if match := re.fullmatch(pattern, words):
            return read(match)
    raise ValueError(NO_DATE)


def _day(year, month, day=1):
    year = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return dt.date(year, int(month), int(day))
    except ValueError:
        raise ValueError(NO_DATE) from None


def _month(word):
    """Number of the month that this word, or its abbreviation, begins: « sept » is 9."""
    numbers = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(word)]
    if len(numbers) != 1:
        raise ValueError(NO_DATE)
    return numbers[0]


def _quarter(match):
    try:
        return Quarter(int(match["year"]), int(match["quarter"])).start
    except ValueError:
        raise ValueError(OUT_OF_REACH) from None


def _year_alone(match):
    raise ValueError(YEAR_ALONE)


YEAR = r"(?P<year>[0-9]{4})"
SHORT_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
DAY = r"(?P<day>[0-9]{1,2})"
MONTH = r"(?P<month>[0-9]{1,2})"
WORD = r"(?P<month>[a-z]{3,})"
QUARTER = r"(?P<quarter>[1-4])"
SHAPES = (
    (rf"t ?{QUARTER} {YEAR}", _quarter),
    (rf"{YEAR} t ?{QUARTER}", _quarter),
    (rf"{QUARTER} ?t ?{YEAR}", _quarter),
    (rf"{QUARTER}(?:er|e|eme)? trimestre (?:de )?{YEAR}", _quarter),
    (rf"{DAY} {MONTH} {SHORT_YEAR}", lambda match: _day(match["year"], match["month"], match["day"])),
    (rf"{YEAR} {MONTH} {DAY}", lambda match: _day(match["year"], match["month"], match["day"])),
    (rf"{DAY}(?:er)? {WORD} {SHORT_YEAR}", lambda match: _day(match["year"], _month(match["month"]), match["day"])),
    (rf"{WORD} {SHORT_YEAR}", lambda match: _day(match["year"], _month(match["month"]))),
    (rf"{MONTH} {YEAR}", lambda match: _day(match["year"], match["month"])),
    (rf"{YEAR} {MONTH}", lambda match: _day(match["year"], match["month"])),
    (YEAR, _year_alone),
)
