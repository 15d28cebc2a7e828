"""WeasyPrint as this portal uses it: one font configuration and one parsed style sheet per process."""

import threading
import warnings
from dataclasses import dataclass
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from clauses_portal.core.pdf.errors import FontsMissing
from clauses_portal.core.pdf.fetcher import OwnFilesFetcher, static_path
from clauses_portal.core.pdf.glyphs import drawable

STYLESHEET = "static:pdf/print.css"
FONTS = tuple(
    f"static:fonts/{name}.ttf"
    for name in (
        *(f"public-sans-{letters}-{weight}-normal" for letters in ("latin", "latin-ext") for weight in (400, 600, 700)),
        *(f"public-sans-{letters}-400-italic" for letters in ("latin", "latin-ext")),
        "ubuntu-latin-500-normal",
    )
)
TRUETYPE = b"\x00\x01\x00\x00"

# Pango's font map is shared by every document of the process and is not made for two threads at once.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Engine:
    """Fonts and style, loaded once (about 0.1 s)."""

    fonts: FontConfiguration
    style: CSS


@cache
def engine():
    """Return the `Engine` of this process. Raises `FontsMissing` before anything is laid out without a font."""
    check_fonts()
    fonts, fetcher = FontConfiguration(), OwnFilesFetcher()
    style = CSS(url=STYLESHEET, url_fetcher=fetcher, font_config=fonts)
    fetcher.check()
    return Engine(fonts, style)


def check_fonts():
    """Raise `FontsMissing` when a font of the documents cannot be read."""
    for url in FONTS:
        path = static_path(url)
        if path is None or not path.read_bytes().startswith(TRUETYPE):
            raise FontsMissing(f"{url} is missing or is not a TrueType font: no PDF can be made.")


def lay_out(html, *, identifier):
    """Return the PDF/A-3a bytes of an HTML document. Raises `RefusedResource`, `FontsMissing`."""
    fetcher = OwnFilesFetcher()
    with _one_at_a_time, warnings.catch_warnings():
        # WeasyPrint 70 leaves the file of its colour profile to the interpreter, which closes it at once.
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
        loaded = engine()
        # A base that no relative address can be resolved on: « logo.png » is asked to the fetcher, which refuses it.
        document = HTML(string=drawable(html), base_url="refused://document/", url_fetcher=fetcher)
        content = document.write_pdf(
            stylesheets=[loaded.style],
            font_config=loaded.fonts,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode(),
        )
    fetcher.check()
    return content
