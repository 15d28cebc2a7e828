"""guardian has one door."""

import ast

from tests.support.source import modules

ALLOWED = ("facilitators/permissions.py", "facilitators/models/")


def imports_guardian(tree):
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0] == "guardian" for name in names):
            return True
    return False


def test_only_permissions_and_its_tables_know_guardian():
    users = [path for path, tree in modules().items() if imports_guardian(tree)]
    assert [path for path in users if not path.startswith(ALLOWED)] == []
    assert "facilitators/permissions.py" in users
