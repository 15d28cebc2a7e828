"""The logos of a document: sized like those of the letterheads, each with its alternative text."""

import base64
import io
from functools import cache

from docx.shared import Mm
from docxtpl import InlineImage
from PIL import Image, ImageDraw

from clauses_portal.core.pdf import Logo, emblem, letterhead

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
DEPARTMENT = "Département"
DEPARTMENT_ALT = "Logo du Département"
ALTS = (DEPARTMENT_ALT, emblem.ALT)
MOST_PIXELS = 25_000_000
EMBLEM_HEIGHT, SMOOTHING = 360, 4  # pixels: at 20 mm, more than 450 dots an inch


class DescribedImage(InlineImage):
    """An image in a line of text, with the alternative text that screen readers say."""

    def __init__(self, template, content, placed):
        """`placed` says the width and the height (mm) and the text (`alt`)."""
        super().__init__(template, None, width=Mm(placed.width), height=Mm(placed.height))
        self.content, self.alt = content, placed.alt

    def _insert_image(self):
        part = self.tpl.current_rendering_part
        picture = part.new_pic_inline(io.BytesIO(self.content), self.width, self.height)
        picture.docPr.set("descr", self.alt)
        return f'</w:t></w:r><w:r><w:drawing>{picture.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def image_values(template, context, department_logo):
    """Return {field name: image or text} of the logos and of the European mention.

    `department_logo` is PNG or JPEG bytes, or None: its place then holds a text in brackets. The emblem is the official
    one, at the size the letterheads give it: no smaller than the logo. Raises `UnreadableLogo`.
    """
    logo = Logo(DEPARTMENT, DEPARTMENT_ALT, department_logo, _mime(department_logo))
    head = letterhead([logo], context.eu_funding)
    shown = f"[{DEPARTMENT_ALT}]"
    if department_logo:
        shown = DescribedImage(template, department_logo, head.logos[0])
    return {"logo_departement": shown, **_european(template, head.europe)}


def _european(template, block):
    """Emblem and mention, empty when no European fund takes part."""
    if block is None:
        return {"logo_ue": "", "mention_ue": ""}
    mention = block.sentence or block.mention.replace("\n", " ")
    lines = [mention, block.fund] if block.fund else [mention]
    return {"logo_ue": DescribedImage(template, emblem_png(), block), "mention_ue": "\n".join(lines)}


def as_png(content):
    """A picture of a Word file as PNG bytes, in the colours of screens; None when it is no PNG nor JPEG we can read."""
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.convert("RGBA" if image.has_transparency_data else "RGB").save(drawn, "PNG")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return drawn.getvalue()


def data_uri(png):
    """The address under which HTML carries a PNG."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _mime(content):
    if not content:
        return None
    kinds = {PNG: "image/png", JPEG: "image/jpeg"}
    return next((mime for start, mime in kinds.items() if content.startswith(start)), "application/octet-stream")


@cache
def emblem_png():
    """The emblem of the European Union as PNG bytes, drawn large then reduced for smooth edges."""
    height = EMBLEM_HEIGHT * SMOOTHING
    image = Image.new("RGB", (int(height * emblem.RATIO), height), emblem.BLUE)
    draw = ImageDraw.Draw(image)
    for star in emblem.star_outlines(height):
        draw.polygon(star, fill=emblem.YELLOW)
    content = io.BytesIO()
    image.resize((int(EMBLEM_HEIGHT * emblem.RATIO), EMBLEM_HEIGHT), Image.Resampling.LANCZOS).save(content, "PNG")
    return content.getvalue()
