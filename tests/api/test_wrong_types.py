"""A value that is not what its field is described to be is refused, in every field of every writing (security.md §5 d).

One value for each field here; all of them when `SCHEMATHESIS` asks for more (docs/api.md).
"""

import json
import os

import pytest
from django.db import transaction
from jsonschema import Draft202012Validator

from clauses_portal.api_docs.document import document, operations
from clauses_portal.core.api.problems import PROBLEM
from tests.support.api_examples import EXAMPLES, METHODS, body_of

VALUES = [[], {}, True, 1.5, -1, 10**19, "x" * 20_000, None, "", "2026-02-30", [None], {"id": 1}, "1e3", " ", "é\u202e"]
EVERY = "SCHEMATHESIS" in os.environ
SCHEMA = document()


def resolved(told):
    while "$ref" in told:
        told = SCHEMA["components"]["schemas"][told["$ref"].rpartition("/")[2]]
    return told


def writings():
    """(operationId, {field: its schema}) of every operation that receives the fields of one row."""
    for _, _, told in operations(SCHEMA):
        sent = resolved(told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}))
        if sent.get("properties", {}).keys() - {"items"}:
            yield told["operationId"], sent["properties"]


def wrong_values(told, start):
    """Values this field is not described to take, another first for each."""
    validator = Draft202012Validator({"$ref": "#/field", "field": told, "components": SCHEMA["components"]})
    turned = VALUES[start % len(VALUES) :] + VALUES[: start % len(VALUES)]
    refused = [value for value in turned if not validator.is_valid(value)]
    return refused if EVERY else refused[:1]


WRITINGS = dict(writings())


@pytest.mark.parametrize("operation", WRITINGS)
def test_a_value_of_another_kind_is_refused(exchange, operation):
    key = getattr(exchange, EXAMPLES[operation]["by"])
    good = json.loads(body_of(key, operation)["data"])
    accepted = []
    for number, (name, told) in enumerate(WRITINGS[operation].items()):
        for value in wrong_values(told, number + len(operation)):
            with transaction.atomic():
                answer = send(key, operation, good | {name: value})
                transaction.set_rollback(True)
            if not (400 <= answer.status_code < 500 and answer["Content-Type"] == PROBLEM):
                accepted.append((name, repr(value)[:40], answer.status_code, answer.content[:100]))
    assert accepted == []


def send(key, operation, body):
    options = {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(key, METHODS[operation])(EXAMPLES[operation]["path"], **options)
