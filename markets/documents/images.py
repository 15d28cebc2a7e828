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

    def __init__(self, template, content, *, width, height, alt):
        super().__init__(template, content, width=Mm(width), height=Mm(height))
        self.content, self.alt = content, alt

    def _insert_image(self):
        self.image_descriptor = io.BytesIO(self.content)
        picture = self.tpl.current_rendering_part.new_pic_inline(self.image_descriptor, self.width, self.height)
        picture.docPr.set("descr", self.alt)
        return f'</w:t></w:r><w:r><w:drawing>{picture.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def image_values(template, context, logos):
    """Return {field name: image, text} of the logos and of the European mention.

    `logos` is {"departement": PNG or JPEG bytes, "ue": the same}, either of them None: the Département’s is then a
    text in brackets, the emblem the official one, drawn here. Raises `UnreadableLogo`.
    """
    given = logos.get("departement")
    head = letterhead([Logo(DEPARTMENT, DEPARTMENT_ALT, given, _mime(given))], context.eu_funding)
    (placed,) = head.logos
    department = f"[{DEPARTMENT_ALT}]"
    if given:
        department = DescribedImage(template, given, width=placed.width, height=placed.height, alt=DEPARTMENT_ALT)
    return {"logo_departement": department, **_european(template, head.europe, logos.get("ue"))}


def _european(template, block, given):
    """Emblem and mention, empty when no European fund takes part."""
    if block is None:
        return {"logo_ue": "", "mention_ue": ""}
    image = DescribedImage(template, given or emblem_png(), width=block.width, height=block.height, alt=block.alt)
    mention = block.sentence or block.mention.replace("\n", " ")
    return {"logo_ue": image, "mention_ue": f"{mention}\n{block.fund}" if block.fund else mention}


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
