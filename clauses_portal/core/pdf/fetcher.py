"""What a document may bring in: our own static files by name, and pictures carried by the document itself."""

import logging
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from weasyprint.urls import URLFetcher, URLFetcherResponse

from clauses_portal.core.pdf.errors import RefusedResource

logger = logging.getLogger(__name__)

SCHEME = "static:"
STATIC_FOLDERS = ("fonts/", "pdf/")
STATIC_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}
DATA_TYPES = ("data:image/png;", "data:image/jpeg;")


class OwnFilesFetcher(URLFetcher):
    """Serve `static:fonts/x.ttf` and `data:` pictures; note every other request in `refused`.

    WeasyPrint goes on when a picture fails, and inline SVG swallows even its fatal error: whoever renders must call
    `check()` afterwards.
    """

    def __init__(self):
        super().__init__(allowed_protocols=("static", "data"), allow_redirects=False)
        self.refused = []

    def fetch(self, url, headers=None):
        """Return the resource; note it and raise ValueError when it is not allowed or not there."""
        if url.startswith(DATA_TYPES):
            return super().fetch(url, headers)
        path = static_path(url)
        if path is None:
            self.refused.append(url[:200])
            raise ValueError("resource refused")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": STATIC_TYPES[path.suffix]})

    def check(self):
        """Raise `RefusedResource` when anything was refused."""
        if self.refused:
            logger.error("PDF resources refused: %s", ", ".join(self.refused))
            raise RefusedResource(self.refused)


def static_path(url):
    """Path of one of our static files from its `static:` address, None for anything else."""
    name = url.removeprefix(SCHEME)
    if name == url or not name.startswith(STATIC_FOLDERS) or Path(name).suffix not in STATIC_TYPES:
        return None
    try:
        found = finders.find(name)
    except SuspiciousOperation:
        return None
    return Path(found) if found else None
