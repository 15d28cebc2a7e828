"""Every migration written since the baseline, read by django-migration-linter (`make check`).

A migration runs while the processes of the version before still serve (docs/sauvegarde.md, « Migrations »): no column
dropped or renamed, no NOT NULL without a default of the database, no lock that lasts. Warnings are errors.
"""

import os
import sys
from pathlib import Path

BASELINE = Path(__file__).with_name("migrations_before_production.txt")


def baseline():
    """The migrations that no installed version ever ran beside: {« app.name »}."""
    lines = BASELINE.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def ours(loader):
    """{« app.name »: migration} of our own applications."""
    from tests.support.source import PACKAGES

    return {
        f"{app}.{name}": migration
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if type(migration).__module__.split(".")[0] in PACKAGES
    }


def refused(names=None, quiet=False):
    """Lint these migrations, by default those that follow the baseline; returns the names of those it refuses."""
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(no_cache=True, all_warnings_as_errors=True, analyser_string="postgresql", no_output=quiet)
    known = ours(linter.migration_loader)
    bad = []
    for name in sorted(known.keys() - baseline() if names is None else names):
        before = linter.nb_erroneous
        linter.lint_migration(known[name])
        if linter.nb_erroneous > before:
            bad.append(name)
    return bad


def main():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clauses_portal.settings.dev")
    django.setup()
    bad = refused()
    if bad:
        sys.exit(f"Migrations refused by the linter: {', '.join(bad)}.")


if __name__ == "__main__":
    main()
