"""What a market number and a title say about lots."""

import re
from dataclasses import dataclass

# 2019 format: year (4) + internal number + modification counter (2). No file shows a counter above 02;
# stopping at 09 keeps whole the numbers that have no counter at all (« 2018160 »).
_COUNTER = re.compile(r"((?:19|20)\d\d.+)0\d")

# The département du Lot and « îlot » (damaged: « �lot ») are no lots; nor are « lots 1 à 3 ».
_MARKER = r"(?<![\w\ufffd])[Ll](?:ot|OT)\s*(?:(?:n[°ºo.\ufffd]*|num[ée]ro|N[°ºoO.\ufffd]*|NUM[EÉ]RO)\s*)?[:#]?\s*"
_NUMBERED = re.compile(
    _MARKER + r"(\d{1,3}(?:[.-]\d{1,2})?(?:\s?(?:[Bb]is|BIS|[Tt]er|TER)\b)?[A-Za-z]?)(?![\w.,]*\d)\b"
)
_LETTERED = re.compile(_MARKER + r"([A-Z]|[IVX]{2,5})(?=\s*(?:[-–:.(«\"]|$))")
_LOT_COUNT = re.compile(r"\(?\b\d{1,3}\s+lots\b\)?", re.IGNORECASE)
_EDGES = " -–—:;,./|«»\"'([¿\ufffd"

_YEARS = re.compile(r"^(?:(?:19|20)\d\d)+")
_NUMBER_LOT = re.compile(r"(?<![A-Za-z])L(?:OT)?[\s._-]*0*([1-9]\d?)(?!\d)", re.IGNORECASE)


def without_counter(market_id):
    """`2019M1900400` → `2019M19004`: the same contract once modified is `2019M1900401`."""
    found = _COUNTER.fullmatch(market_id)
    return found[1] if found else market_id


@dataclass(frozen=True, slots=True)
class LotMention:
    """`number` of the lot, `title` of the lot, `whole`: the title of the market it belongs to."""

    number: str = ""
    title: str = ""
    whole: str = ""


def lot_in_title(title):
    """Find « Lot n° 03 : Serrurerie » in a title. Two different lots in one title are none."""
    found = list(_NUMBERED.finditer(title)) or list(_LETTERED.finditer(title))
    numbers = {_plain(match[1]) for match in found}
    if len(numbers) != 1:
        return LotMention()
    before, after = title[: found[0].start()], title[found[-1].end() :]
    whole = _LOT_COUNT.sub(" ", before).strip(_EDGES + ")") or ""
    return LotMention(numbers.pop(), after.strip(_EDGES).rstrip(")") or whole, " ".join(whole.split()))


def lot_in_number(number):
    """Find `L3`, `-L03` or `LOT02` in a market number: (lot number, what is before), or `("", "")`."""
    found = _NUMBER_LOT.search(number)
    before = number[: found.start()].strip(" ._-/") if found else ""
    return (found[1], before) if _YEARS.sub("", before) else ("", "")


def _plain(number):
    return re.sub(r"(?<!\d)0+(?=\d)", "", " ".join(number.upper().split()))
