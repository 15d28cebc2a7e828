"""Only characters that our fonts draw: anything else would be an empty box on paper and a fault in a tagged PDF."""

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from clauses_portal.core.french import DRAWABLE
from clauses_portal.core.pdf.fetcher import static_path

TEXT_FONTS = ("static:fonts/public-sans-latin-400-normal.ttf", "static:fonts/public-sans-latin-ext-400-normal.ttf")
UNKNOWN = "?"


def drawable(text):
    """Return the text with each character no font has replaced: « → » by « › », « ① » by « 1 », an emoji by « ? »."""
    text = unicodedata.normalize("NFC", text)
    missing = set(text) - drawn_characters()
    return text.translate({ord(character): _nearest(character) for character in missing})


@cache
def drawn_characters():
    """Every character of the text fonts, and line ends."""
    drawn = {"\n", "\r", "\t"}
    for url in TEXT_FONTS:
        with TTFont(static_path(url)) as font:
            drawn |= {chr(code) for code in font.getBestCmap()}
    return frozenset(drawn)


def _nearest(character):
    if ord(character) in DRAWABLE:
        return DRAWABLE[ord(character)]
    if unicodedata.category(character) in ("Cf", "Mn", "Cc"):  # joiners, accents that join nothing, controls
        return None
    plain = [part for part in unicodedata.normalize("NFKD", character) if part in drawn_characters()]
    return "".join(plain) or UNKNOWN
