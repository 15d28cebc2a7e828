"""Small files, small functions (style.md §3): above these, a module becomes a package."""

import ast

from tests.support.source import PACKAGES, ROOT, modules

LINES_IN_A_MODULE = 400
LINES_IN_A_FUNCTION = 60


def test_modules_are_short():
    lengths = {
        path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules(*PACKAGES, "tests")
    }
    assert {path: length for path, length in lengths.items() if length > LINES_IN_A_MODULE} == {}


def test_functions_are_short():
    lengths = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in modules(*PACKAGES, "tests").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LINES_IN_A_FUNCTION} == {}
