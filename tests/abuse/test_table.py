"""docs/abus.md says what proves each abuse case: whole, and true."""

import ast
import re
from functools import cache

from django.conf import settings

ROOT = settings.BASE_DIR
TABLE = (ROOT / "docs/abus.md").read_text()
SOURCES = ("clauses_portal", "facilitators", "operations", "markets", "participants", "reporting", "templates")
LINES = dict(re.findall(r"^\| (A\d+) \|(.*)$", TABLE, re.M))
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def named_in(path):
    """Names of the tests of a file; none when it is not there."""
    if not (ROOT / path).exists():
        return set()
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}


@cache
def sources():
    files = [file for folder in SOURCES for kind in ("*.py", "*.html", "*.po") for file in (ROOT / folder).rglob(kind)]
    return " ".join(" ".join(file.read_text().split()) for file in files)


def test_every_abuse_case_has_its_line_and_its_test():
    assert list(LINES) == [f"A{number}" for number in range(1, 33)]
    assert [case for case, line in LINES.items() if not NAMED.findall(line)] == []


def test_every_test_that_is_named_exists():
    assert [(path, name) for path, name in NAMED.findall(TABLE) if name not in named_in(path)] == []


def test_every_sentence_is_one_of_the_code():
    """Up to what changes from one time to another."""
    told = {
        number: sentence.partition("{")[0].strip()
        for number, sentence in re.findall(r"^\| (M\d+) \| « (.+?) »", TABLE, re.M)
    }
    assert len(told) >= 17
    assert {number: sentence for number, sentence in told.items() if sentence not in sources()} == {}
