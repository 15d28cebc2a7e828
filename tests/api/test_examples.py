"""The examples of the documentation, sent as they are written: what it shows is what happens (docs/api/examples)."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from clauses_portal.api_docs.document import document, operations
from tests.support.api_examples import METHODS, SHOWN, body_of


def shape(value):
    """What a value is made of: names and kinds; the lines of a list count for one."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "null" if value is None else type(value).__name__


def send(world, operation, example):
    """The answer to this example, whose effects are undone."""
    key = getattr(world, example["by"])
    with transaction.atomic():
        answer = getattr(key, METHODS[operation])(example["path"], **body_of(key, operation))
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("operation", SHOWN)
def test_an_example_does_what_it_shows(exchange, operation):
    example = SHOWN[operation]
    answer = send(exchange, operation, example)
    assert answer.status_code in {200, 201, 202}, answer.content.decode()
    assert shape(answer.json()) == shape(example["answer"])


def test_an_example_is_at_the_address_of_its_operation():
    paths = {told["operationId"]: re.sub(r"{\w+}", r"\\d+", path) for path, _, told in operations(document())}
    wrong = {name for name, one in SHOWN.items() if not re.fullmatch(paths[name], urlsplit(one["path"]).path)}
    assert wrong == set()


# A correction tells the month in which it is booked.
ELSEWHERE = {("hours_regularisations_create", "month")}


def test_what_an_example_deposits_is_what_it_is_told():
    """The answer repeats what was sent, under the same names: hours as texts, references as identifiers."""
    silent = []
    for operation, example in SHOWN.items():
        request, answer = example.get("request", {}), example["answer"]
        if operation.endswith(("_create", "_partial_update")) and "items" not in request and "id" in answer:
            silent += [
                (operation, name)
                for name, value in request.items()
                if name in answer
                and name != "version"
                and (operation, name) not in ELSEWHERE
                and not _same(value, answer[name])
            ]
    assert silent == []


def _same(sent, told):
    if isinstance(sent, dict):
        return isinstance(told, int) or all(_same(value, told[name]) for name, value in sent.items())
    if isinstance(sent, str) and isinstance(told, str) and re.fullmatch(r"[\d.]+", sent):
        return float(sent) == float(told)
    return sent == told
