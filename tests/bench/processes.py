"""Each line is measured in a process of its own, so that its peak memory is its own. Nothing is compared here."""

import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

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
    "annex-1500": ("lines_statements", "annex_line"),
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
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(action, argument).result()
