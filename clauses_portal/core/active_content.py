"""What hides in a PDF or a picture: programs, attachments, another file, more points than a memory holds (A23)."""

import io
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

from PIL import Image

from clauses_portal.core.archives import BROKEN, PROTECTED
from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import number, typographic

PROBE = Path(__file__).with_name("pdf_probe.py")
PATIENCE = 30  # seconds on the clock, when the machine is busy elsewhere; the probe has limits of its own
MOST_POINTS = 50_000_000  # a A0 plan at 150 points an inch is a little less
ACTIVE = typographic(
    "Type de fichier refusé : ce PDF contient un programme ou un formulaire actif. "
    "Imprimez-le dans un nouveau PDF, puis déposez celui-ci."
)
ATTACHMENT = typographic("Type de fichier refusé : ce PDF contient une pièce jointe. Retirez-la, ou déposez-la à part.")
TWO_FILES = typographic(
    "Type de fichier refusé : une archive est cachée dans ce fichier. Déposez-la à part, ou enregistrez le document "
    "de nouveau."
)
TOO_MANY_POINTS = typographic(
    f"Cette image est trop grande : {number(MOST_POINTS // 1_000_000)} millions de points au plus. Réduisez-la."
)
READ = ["PNG", "JPEG"]
SENTENCES = {"active": ACTIVE, "attachment": ATTACHMENT, "protected": PROTECTED}


def inspect_pdf(kind, content):
    """Refuse a PDF with a script, an action, an active form, an attachment that is not data; or that cannot be read.

    Read in a process of its own, bounded in time and memory: a PDF decompresses without telling how much.
    """
    _check_alone(content)
    verdict = _probe(content) if b"obj" in content else ""
    if verdict != "clean":
        raise DomainError(SENTENCES.get(verdict, BROKEN))


def _probe(content):
    """The word of the probe, « » when it died of this file."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the document is its input, never an argument)
            [sys.executable, "-I", PROBE],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("ascii", "replace")


def inspect_picture(kind, content):
    """Refuse a picture that cannot be read, or of more than `MOST_POINTS`: its header tells, nothing is drawn."""
    _check_alone(content)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(content), formats=READ) as image,
        ):
            points = image.width * image.height
            image.verify()
    except Image.DecompressionBombError as error:
        raise DomainError(TOO_MANY_POINTS) from error
    except Exception as error:  # Pillow lets almost anything through
        raise DomainError(BROKEN) from error
    if points > MOST_POINTS:
        raise DomainError(TOO_MANY_POINTS)


def _check_alone(content):
    """A ZIP is read from its end: appended to anything, it is still one."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise DomainError(TWO_FILES)
