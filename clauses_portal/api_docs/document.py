"""The OpenAPI document of the interface: generated from the views, completed with the examples of docs/api/examples."""

import json
from functools import cache

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

EXAMPLES = settings.BASE_DIR / "docs" / "api" / "examples"
COMMITTED = settings.BASE_DIR / "docs" / "openapi.json"


@cache
def document():
    """The whole document as data, made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema):
    """[(path, method, operation)] of a document, in its order."""
    return [(path, method, told) for path, methods in schema["paths"].items() for method, told in methods.items()]


def read_examples():
    """{operationId: {"parameters"?, "request"?, "answer"?}}, one file per resource (docs/api.md)."""
    found = {}
    for file in sorted(EXAMPLES.glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def complete(result, generator, request, public):
    """Hook of drf-spectacular: French texts only, and one example for each operation that has one."""
    for component in result.get("components", {}).get("schemas", {}).values():
        # a serializer explains itself to engineers; its fields speak to everybody
        if component.get("type") == "object":
            component.pop("description", None)
    examples = read_examples()
    for _, _, operation in operations(result):
        _show(operation, examples.get(operation["operationId"], {}))
    result["servers"] = [{"url": "/"}]
    _mend(result)
    return result


def _mend(told):
    """Set right, everywhere, what drf-spectacular adds: a private name, an empty text said to be of two kinds."""
    if isinstance(told, dict):
        told.pop("x-spec-enum-id", None)
        if {"type": "string", "maxLength": 0} in told.get("oneOf", ()):
            told["anyOf"] = told.pop("oneOf")
    for inner in told.values() if isinstance(told, dict) else told:
        if isinstance(inner, dict | list):
            _mend(inner)


def _show(operation, example):
    if "request" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["request"]
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if status.startswith("2") and "application/json" in content and "answer" in example:
            content["application/json"]["example"] = example["answer"]
