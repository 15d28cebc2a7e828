"""The templates that come with the portal: French text, kept as text, built into Word files."""

from functools import cache
from pathlib import Path

from markets.documents.shipped.build import build
from markets.documents.shipped.markup import parse
from markets.enums import DocumentKind

FOLDER = Path(__file__).resolve().parent


@cache
def shipped_templates():
    """Return {kind: DOCX bytes} of the four templates; always the same bytes."""
    return {kind: build(parse((FOLDER / f"{kind}.txt").read_text(encoding="utf-8"))) for kind in DocumentKind}
