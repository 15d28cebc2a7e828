"""What is served from static/vendor/ is what vendor.toml says, and the icons named by the pages are there."""

import hashlib
import re
import tomllib
from pathlib import Path

from django.conf import settings

from clauses_portal.navigation import SCREENS

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
PACKAGES = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["package"]
ICON = re.compile(r'components/icon\.html" with name="([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"')


def test_every_vendored_file_is_declared_with_its_digest():
    declared = {
        f"{package['folder']}/{file['name']}": file["sha256"] for package in PACKAGES for file in package["files"]
    }
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.toml"
    }
    assert found == declared


def test_every_vendored_package_has_its_licence_and_its_version_in_its_folder():
    for package in PACKAGES:
        assert package["folder"] == f"{package['name']}-{package['version']}"
        assert "LICENSE" in {file["name"] for file in package["files"]}


def test_no_vendored_file_points_to_a_source_map():
    assert [path.name for path in VENDOR.rglob("*.*s") if "sourceMappingURL" in path.read_text("utf-8")] == []


def test_every_icon_named_by_a_page_is_in_the_sprite():
    sprite = next(VENDOR.rglob("sprite.svg")).read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        first or second
        for path in TEMPLATES.rglob("*.html")
        for first, second in ICON.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    assert (named | {icon for _, _, icon, _ in SCREENS}) - known == set()
