"""French social security numbers (NIR), found wherever they hide: the portal may not hold them.

Decree 2019-341 lists who may use the NIR; facilitators are not in it (domain.md §8). The rules lean towards refusing,
but let pass what these pages are full of: SIRET, telephones, bank accounts, market numbers, identifiers of the DECP.
"""

import re
import unicodedata

from stdnum.fr.nir import calc_check_digits

# What people type between the groups; commas and semicolons make lists of other numbers.
SEPARATOR = r"[\s._/|·'’-]{0,3}"
# Sex, year, month, department, commune or country, order, then the key: « 1 85 07 13 055 123 45 ».
PARTS = ("[123478]", "[0-9]{2}", "[0-9]{2}", "(?:[0-9]{2}|2[AB])", "[0-9]{3}", "[0-9]{3}")
# In a look-ahead, so that a number may begin inside another candidate (« lot 2 1 85 07… »).
GROUPED = re.compile(
    "(?<![0-9])(?=(?P<number>"
    + "".join(f"(?P<part{n}>{part})(?P<gap{n}>{SEPARATOR})" for n, part in enumerate(PARTS))
    + "(?P<key>[0-9]{2}(?![0-9]))?))"
)
WHOLE = re.compile(f"({''.join(PARTS)})([0-9]{{2}})")
RUN = re.compile(rf"[0-9](?:{SEPARATOR}[0-9]|(?<=2)[AB])+")
MONTHS = {*range(1, 13), 20, *range(30, 43), *range(50, 100)}  # 20, 30 and more: month unknown, or register in doubt
KEYS = range(1, 98)
SMALL = 4  # digits of a group: a SIRET followed by a street number has larger ones
SPACED = 3  # separators that make a number look like a NIR whatever its key
# An old identifier of the DECP: year, seven digits, « 00 ». Women born in 2002 begin like the years 2020 and 2021.
DECP = re.compile("202[01][0-9]{7}00")


def holds_nir(text):
    """True when the text holds a NIR: 13 digits, or 15 with the key, whatever separates or surrounds them.

    Found: 15 digits with the right key and a believable birth, in one piece or in small groups; 13 or 15 digits cut
    like a NIR (« 1 85 07 13 055 123 »), right key or not; the same in one piece when sex and month are ordinary.
    """
    plain = _plain(text)
    return any(map(_is_grouped_nir, GROUPED.finditer(plain))) or any(map(_is_spread_nir, RUN.finditer(plain)))


def _plain(text):
    """Upper case, ordinary digits, blanks and dashes, no invisible character: « １ 85 » is « 1 85 »."""
    return "".join(map(_ordinary, unicodedata.normalize("NFKC", text).upper()))


def _ordinary(character):
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    return "" if category == "Cf" else character


def _is_grouped_nir(match):
    parts = [match[f"part{n}"] for n in range(len(PARTS))]
    gaps = [match[f"gap{n}"] for n in range(len(PARTS))]
    number, key = "".join(parts), match["key"]
    # What follows after a blank may be the key or another number; digits that touch it belong to it.
    attached = not gaps[-1] and _digit_follows(match)
    if not _is_born_somewhere(number) or _is_cut_like_postcodes(match["number"]) or (attached and not key):
        return False
    if key and _has_right_key(number, key):
        return True
    if attached and int(key) not in KEYS:
        return False
    return _is_cut_like_a_nir(gaps[:-1]) or _is_ordinary(number)


def _digit_follows(match):
    end = match.end(f"part{len(PARTS) - 1}")
    return match.string[end : end + 1].isdigit()


def _is_spread_nir(match):
    """Fifteen digits cut small, always the same way, and nothing else around: « 185 071 305 512 345 »."""
    groups, gaps = re.findall("[0-9AB]+", match[0]), re.findall("[^0-9AB]+", match[0])
    shape = WHOLE.fullmatch("".join(groups))
    if not shape or len(set(gaps)) > 1 or len(max(groups, key=len)) > SMALL:
        return False
    return _is_born_somewhere(shape[1]) and _has_right_key(*shape.groups())


def _is_born_somewhere(number):
    """A month and a place that exist, an order in the register: zero is never one."""
    return int(number[3:5]) in MONTHS and number[5:7] != "00" and number[7:10] != "000" and number[10:] != "000"


def _has_right_key(number, key):
    return key == calc_check_digits(number)


def _is_cut_like_postcodes(text):
    """Five and five: « 13001 13055 13110 » would be a man born in January 1930, and is three communes."""
    return [len(group) for group in re.findall("[0-9AB]+", text)][:2] == [5, 5]


def _is_cut_like_a_nir(gaps):
    used = [gap for gap in gaps if gap]
    return len(used) >= SPACED and len(set(used)) == 1


def _is_ordinary(number):
    """A man or a woman born in a month of the calendar: without key nor blanks, nothing else tells a NIR."""
    return number[0] in "12" and 1 <= int(number[3:5]) <= 12 and not DECP.fullmatch(number)
