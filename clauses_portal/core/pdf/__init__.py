"""PDF documents: `render_pdf` and what its templates are given. Knows no app."""

import os
from pathlib import Path

# Fontconfig reads it when WeasyPrint is imported, at the first document: only the fonts of the repository, so that
# a document is the same on every machine.
os.environ.setdefault("FONTCONFIG_FILE", str(Path(__file__).resolve().parents[3] / ".ci" / "fonts.conf"))

from clauses_portal.core.pdf import charts, checks
from clauses_portal.core.pdf.errors import FontsMissing, RefusedResource, UnreadableLogo
from clauses_portal.core.pdf.finish import Attachment
from clauses_portal.core.pdf.letterhead import FundingPeriod, Letterhead, Logo, letterhead
from clauses_portal.core.pdf.render import render_pdf

__all__ = [
    "Attachment",
    "FontsMissing",
    "FundingPeriod",
    "Letterhead",
    "Logo",
    "RefusedResource",
    "UnreadableLogo",
    "charts",
    "checks",
    "letterhead",
    "render_pdf",
]
