"""What comes from elsewhere: locked by its hash, under a licence that was read, listed."""

import re
import subprocess
from importlib.metadata import version

import pytest

from tests.support.licences import EVERYTHING, EXCEPTIONS, PAGE, family, packages, page
from tests.support.source import ROOT

REGISTRY = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|unpkg|jsdelivr|cdnjs|googleapis)[\w.-]*", re.I)


def test_every_locked_package_has_an_accepted_licence():
    assert [one.name for one in packages(*EVERYTHING) if one.licence is None] == []


def test_every_exception_is_a_locked_package():
    assert EXCEPTIONS.keys() <= {one.name for one in packages(*EVERYTHING)}


@pytest.mark.parametrize("said", ["AGPL-3.0-only", "License :: Other/Proprietary License", "LIMITED", ""])
def test_a_licence_that_nobody_read_is_not_accepted(said):
    assert family(said) is None


def test_the_page_of_licences_is_what_the_locks_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "lancez « make licences »"


def test_the_installed_versions_are_the_locked_ones():
    assert {one.name: version(one.name) for one in packages(*EVERYTHING)} == {
        one.name: one.version for one in packages(*EVERYTHING)
    }


def test_no_committed_file_names_a_registry():
    files = [ROOT / name for name in ("Makefile", "Dockerfile", "docker-compose.yml", "pyproject.toml")]
    files += [*(ROOT / ".ci").iterdir(), *(ROOT / "requirements").iterdir()]
    assert [path.name for path in files if path.is_file() and REGISTRY.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("said", "code", "expected"),
    [
        ("No known vulnerabilities found", 0, 0),
        ("Found 1 known vulnerability in 1 package", 1, 1),
        ("ERROR: django: Dependency not found and could not be audited: django (5.2.19)", 1, 2),
    ],
)
def test_an_audit_that_could_not_be_made_is_not_a_good_one(said, code, expected, tmp_path, monkeypatch):
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert subprocess.run([ROOT / ".ci" / "audit.sh"], capture_output=True).returncode == expected
