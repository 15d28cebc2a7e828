"""`make bench`: prepare the database, measure each line in a process of its own, print the table, exit 1 on a FAIL.

    make bench                                  every line, 60 000 rows of hours
    make bench ARGS="--size M --only list,perm" two lines, 600 000 rows
"""

import argparse
import logging
import multiprocessing
import os
import sys

# line: (module, function that builds it). The modules are loaded by the process that measures.
LINES = {
    "list": ("lines_rights", "list_line"),
    "perm": ("lines_rights", "perm_line"),
    "stmt-territory": ("lines_statements", "territory_line"),
    "grid-render": ("lines_grid", "render_line"),
    "grid-save": ("lines_grid", "save_line"),
    "import": ("lines_imports", "import_line"),
    "import-again": ("lines_imports", "again_line"),
    "pdf-60": ("lines_statements", "pdf_line"),
}


def load_django():
    """Set Django up with the settings of the bench, whatever the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    logging.disable(logging.WARNING)


def prepare(size):
    """In a process of its own: the generator's memory must not be counted with the lines."""
    load_django()
    from tests.bench.database import make_ready
    from tests.bench.sizes import SIZES

    return make_ready(SIZES[size])


def measured(name):
    load_django()
    from importlib import import_module

    from tests.bench.rounds import measure

    module, function = LINES[name]
    return measure(getattr(import_module(f"tests.bench.{module}"), function)())


def alone(action, argument):
    """Run `action(argument)` in a new process; return its answer, raise its error."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(action, (argument,))


def options():
    parser = argparse.ArgumentParser(prog="make bench", description="Compare les pages et les états à leurs témoins.")
    parser.add_argument("--size", choices=["S", "M"], default="S", help="60 000 ou 600 000 lignes d’heures")
    parser.add_argument("--only", help=f"des lignes parmi : {', '.join(LINES)}")
    asked = parser.parse_args()
    asked.names = asked.only.split(",") if asked.only else list(LINES)
    if unknown := set(asked.names) - set(LINES):
        parser.error(f"lignes inconnues : {', '.join(sorted(unknown))}")
    return asked


def main():
    """Return the exit code: 0 when every goal is met."""
    from tests.bench.table import head, row

    asked = options()
    print(f"Taille {asked.size} ; {alone(prepare, asked.size)}.", flush=True)
    print(head(), flush=True)
    passed = []
    for name in asked.names:
        result = alone(measured, name)
        passed.append(result.passed)
        print(row(result), flush=True)
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
