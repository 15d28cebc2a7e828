"""Whose document it is: the logos of the two institutions and, by funding period, the European Union.

The convention asks for the logos of the European Union and of the European Social Fund (C26); the rules of the
2021-2027 period are those of annex IX of Regulation (EU) 2021/1060: emblem of at least 1 cm, at least as big as the
biggest other logo, the mention in full letters beside it, in a listed font, neither italic nor underlined.
"""

import base64
import io
import math
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image, ImageOps

from clauses_portal.core.pdf import emblem
from clauses_portal.core.pdf.errors import UnreadableLogo

LOGO_WIDTH, LOGO_HEIGHT = 30.0, 16.0  # mm: the box a logo is fitted in, whatever its proportions
EMBLEM_LEAST_HEIGHT = 18.0  # mm: ours; the regulation asks for 10
LOGO_MOST_PIXELS = 25_000_000
LOGO_PRINTED_PIXELS = 1_000  # 30 mm at more than 800 dots an inch
IMAGE_TYPES = {"image/png": "PNG", "image/jpeg": "JPEG"}
# WeasyPrint tells Pillow, for the whole process, to accept truncated files: a logo cut in half is found by its end.
LAST_BYTES = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9"}


class FundingPeriod(StrEnum):
    """Which European programme the document must acknowledge."""

    EARLIER = "2014-2020"
    CURRENT = "2021-2027"
    NONE = "none"


# With the line ends they are printed with.
MENTIONS = {
    FundingPeriod.EARLIER: "Union européenne",
    FundingPeriod.CURRENT: "Cofinancé par\nl’Union européenne",
}
SENTENCES = {
    FundingPeriod.EARLIER: (
        "Ce projet est cofinancé par le Fonds social européen dans le cadre du programme opérationnel national "
        "«\u00a0Emploi et Inclusion\u00a0» 2014-2020"
    ),
}
FUNDS = {FundingPeriod.CURRENT: "Fonds social européen+"}


@dataclass(frozen=True)
class Logo:
    """A logo as its owner gave it: PNG or JPEG bytes, or None while it has not been given."""

    owner: str
    alt: str
    image: bytes | None = None
    mime: str | None = None


@dataclass(frozen=True)
class PlacedLogo:
    """A logo on the page: markup of a figure with its alternative text, and its size in millimetres."""

    alt: str
    width: float
    height: float
    markup: SafeString


@dataclass(frozen=True)
class EuropeanBlock:
    """Emblem, mention beside it, fund under the mention, sentence under the letterhead (« » when not due)."""

    alt: str
    width: float
    height: float
    markup: SafeString
    mention: str
    fund: str
    sentence: str


@dataclass(frozen=True)
class Letterhead:
    """What the template shows at the top of the first page; `europe` is None when no fund is acknowledged."""

    logos: tuple[PlacedLogo, ...]
    europe: EuropeanBlock | None


def letterhead(logos, funding_period, *, name_fund=True):
    """Return the `Letterhead` of these `Logo`s (reading order) and this `FundingPeriod` (or its value).

    `name_fund` adds « Fonds social européen+ » to the 2021-2027 mention: the regulation does not ask for it, the
    convention does. Raises `UnreadableLogo` for an image that is not the PNG or JPEG it is said to be.
    """
    placed = tuple(_place(logo) for logo in logos)
    return Letterhead(placed, _europe(placed, FundingPeriod(funding_period), name_fund))


def _place(logo):
    if logo.image is None:
        return PlacedLogo(logo.alt, LOGO_WIDTH, LOGO_HEIGHT, _placeholder(logo))
    image = _picture(logo)
    scale = min(LOGO_WIDTH / image.width, LOGO_HEIGHT / image.height)
    width, height = round(image.width * scale, 2), round(image.height * scale, 2)
    markup = format_html(
        '<img alt="{}" style="width:{}mm;height:{}mm" src="data:image/png;base64,{}">',
        *(logo.alt, f"{width:g}", f"{height:g}", base64.b64encode(_png(image)).decode()),
    )
    return PlacedLogo(logo.alt, width, height, markup)


def _picture(logo):
    """The decoded image, upright, in the colours of screens: print colours (CMYK) are no part of PDF/A-3 here."""
    try:
        with Image.open(io.BytesIO(logo.image), formats=[IMAGE_TYPES[logo.mime]]) as image:
            if image.width * image.height > LOGO_MOST_PIXELS:
                raise OSError("too many pixels")
            if not logo.image.rstrip(b"\0\r\n ").endswith(LAST_BYTES[logo.mime]):
                raise OSError("truncated")
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (KeyError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableLogo(f"Le logo «\u00a0{logo.owner}\u00a0» ne peut pas être lu.") from error


def _png(image):
    """PNG bytes, at no more than `LOGO_PRINTED_PIXELS` a side."""
    image.thumbnail((LOGO_PRINTED_PIXELS, LOGO_PRINTED_PIXELS))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _placeholder(logo):
    """A dashed frame with the name of the institution, where its logo will be."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}">'
        '<title>{alt}</title><rect x="0.2" y="0.2" width="{iw}" height="{ih}" fill="none" stroke="#7A8794" '
        'stroke-width="0.3" stroke-dasharray="1.6 1.2"/><g fill="#55606B" font-family="Public Sans, sans-serif" '
        'font-size="3" text-anchor="middle"><text x="{x}" y="7.4">Logo</text><text x="{x}" y="11.4">{owner}</text>'
        "</g></svg>",
        **{"w": f"{LOGO_WIDTH:g}", "h": f"{LOGO_HEIGHT:g}", "x": f"{LOGO_WIDTH / 2:g}"},
        **{"iw": f"{LOGO_WIDTH - 0.4:g}", "ih": f"{LOGO_HEIGHT - 0.4:g}", "alt": logo.alt, "owner": logo.owner},
    )


def _europe(placed, period, name_fund):
    if period is FundingPeriod.NONE:
        return None
    highest = max((logo.height for logo in placed), default=0)
    widest = max((logo.width for logo in placed), default=0)
    # Rounded up to a tenth of a millimetre: never smaller than a logo, and the proportions stay exact.
    height = math.ceil(10 * max(EMBLEM_LEAST_HEIGHT, highest, widest / emblem.RATIO)) / 10
    width = round(height * emblem.RATIO, 2)
    return EuropeanBlock(
        alt=emblem.ALT,
        width=width,
        height=height,
        markup=emblem.emblem_svg(width, height),
        mention=MENTIONS[period],
        fund=FUNDS.get(period, "") if name_fund else "",
        sentence=SENTENCES.get(period, ""),
    )
