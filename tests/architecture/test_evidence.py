"""What the security documents cite as a proof exists: a document that nobody checks soon lies."""

import ast
import re

import pytest

from tests.support.source import ROOT

CITED = re.compile(
    r"`((?:tests|clauses_portal|facilitators|operations|markets|participants|reporting|docs)/[\w./-]+)(?:::(\w+))?`"
)
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| (tenu|en partie|non fait|sans objet) \| [^|]+ \|$", re.M)


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["docs/asvs.md", "docs/homologation.md", "docs/sauvegarde.md", "SECURITY.md"])
def test_every_proof_that_is_cited_exists(name):
    missing = [
        f"{path}::{function or ''}" for path, function in CITED.findall(page(name)) if not _exists(path, function)
    ]
    assert missing == []


def _exists(path, function):
    if not (ROOT / path).exists():
        return False
    if not function:
        return True
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_87_requirements_have_a_state_and_are_counted():
    rows = ROW.findall(page("docs/asvs.md"))
    assert [int(number) for number, _ in rows] == list(range(1, 88))
    states = [state for _, state in rows]
    counted = re.search(r"Tenues : (\d+)\. En partie : (\d+)\. Non faites : (\d+)\.", page("docs/asvs.md")).groups()
    assert tuple(map(int, counted)) == tuple(states.count(state) for state in ("tenu", "en partie", "non fait"))


def test_a_requirement_that_is_held_cites_something():
    held = [line for line in page("docs/asvs.md").splitlines() if "| tenu |" in line]
    settled = ("aucun réglage", "règle S608", "aucun composant")
    assert [line for line in held if not CITED.search(line) and not any(words in line for words in settled)] == []
