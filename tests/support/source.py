"""The source code as the architecture tests read it."""

import ast
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("clauses_portal", "facilitators", "operations", "markets", "participants", "reporting")
# The apps whose tables hold the trade's data; `accounts` holds those who sign in.
APPS = ("facilitators", "operations", "markets", "participants", "reporting", "accounts")


@cache
def modules(*folders):
    """{path relative to the root: syntax tree} of the Python files of these folders, migrations left aside."""
    paths = [path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py")]
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(paths)
        if "migrations" not in path.parts
    }


def models(*labels):
    """The concrete models we wrote in these apps: neither histories nor automatic join tables."""
    return [
        model for label in labels or APPS for model in apps.get_app_config(label).get_models() if not is_history(model)
    ]


def histories():
    """The models that simple-history made."""
    return [model for label in APPS for model in apps.get_app_config(label).get_models() if is_history(model)]


def is_history(model):
    return model.__name__.startswith("Historical")


def with_parents(tree):
    """The same tree, each node knowing its `parent`."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    return tree
