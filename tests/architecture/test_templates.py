"""No template lies unused."""

import re
from pathlib import Path

from django.template.utils import get_app_template_dirs

from tests.support.source import PACKAGES, ROOT

FOLDER = ROOT / "templates"
# Found by Django or by a library through its name, which our code does not write.
BY_CONVENTION = {
    "400.html": "Django's handler",
    "403.html": "Django's handler",
    "404.html": "Django's handler",
    "500.html": "Django's handler",
}
BARE_KEY = re.compile(r"\{\{\s*[\w.]+\.(?:pk|id|\w+_id)\s*\}\}")
NOT_A_KEY = {"auto_id", "france_travail_id"}  # the id of a widget; an identifier that is a text
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt|xml|svg|css))(?:#[\w-]+)?["']""")


def templates():
    return {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".md"}


def names_used():
    """Every template name written in a template or in Python."""
    files = [*FOLDER.rglob("*.*"), *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))]
    texts = (path.read_text(encoding="utf-8") for path in files if path.is_file())
    return {name for text in texts for name in NAME.findall(text)}


def overrides():
    """Templates of ours that replace one of an installed library."""
    libraries = [Path(folder) for folder in get_app_template_dirs("templates")]
    return {name for name in templates() if any((folder / name).exists() for folder in libraries)}


def test_every_template_is_used():
    assert templates() - names_used() - overrides() - set(BY_CONVENTION) == set()


def test_no_template_is_named_in_vain():
    """A name that no file answers to is an error 500 waiting for its first visitor."""
    libraries = [Path(folder) for folder in get_app_template_dirs("templates")]
    named = {name for name in names_used() if name.endswith(".html")}
    missing = {name for name in named - templates() if not any((folder / name).exists() for folder in libraries)}
    assert missing == set()


def test_no_key_is_printed_as_a_figure():
    """From one thousand on a number gets a space: « 4 596 » is no key. `unlocalize` prints it as it is."""
    wrong = [
        f"{name}: {bare}"
        for name in sorted(templates())
        for bare in BARE_KEY.findall((FOLDER / name).read_text(encoding="utf-8"))
        if not NOT_A_KEY & set(re.findall(r"\w+", bare))
    ]
    assert wrong == []
