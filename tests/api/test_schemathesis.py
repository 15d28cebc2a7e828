"""Every operation under invented requests, well-formed and ill-formed: never a 5xx, always what the document says.

A few of each here; `SCHEMATHESIS=300` asks for many more (docs/api.md).
"""

import json
import os
import re

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clauses_portal.api_docs.document import document
from tests.support.api_examples import EXAMPLES

MOST = int(os.environ.get("SCHEMATHESIS", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PORTAL = get_wsgi_application()


@schemathesis.serializer("application/zip")
def as_it_is(context, value):
    """An archive, which nobody invents: bytes that are not one."""
    return {"data": value if isinstance(value, bytes) else str(value).encode(errors="replace")}


def app(environ, start_response):
    """The portal, which would leave its connection at the end of a request: here it holds the world of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return PORTAL(environ, start_response)


SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str)))
SCHEMA.app = app
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}
PACE = settings(
    max_examples=MOST,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _as_before():
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_invented_requests_are_answered_as_documented(exchange, operation):
    example = EXAMPLES[operation]
    key = getattr(exchange, example["by"])
    for mode in GenerationMode:
        ask_many(OPERATIONS[operation], mode, key, example)


def ask_many(operation, mode, key, example):
    @PACE
    @given(case=operation.as_strategy(generation_mode=mode), choose=st.data())
    def ask(case, choose):
        graft(case, choose, key, example)
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key.text}"}
        with transaction.atomic():
            answer = case.call()
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    ask()


def graft(case, choose, key, example):
    """Half of the time, put some of what was invented on a request that would be accepted, to go further than the
    fields."""
    if not choose.draw(st.booleans()):
        return
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = int(re.search(r"/(\d+)", example["path"])[1])
    request = example.get("request")
    if request is not None and isinstance(case.body, dict):
        case.body = mixed(request, case.body, choose)
        if "version" in request and choose.draw(st.booleans()):
            row = "/".join(example["path"].split("/")[:5])
            case.body["version"] = key.get(row).json()["version"]


def mixed(request, invented, choose):
    """The fields of the request, some of them as they were invented; the same inside its lines."""
    if isinstance(request.get("items"), list) and isinstance(invented.get("items"), list):
        lines = [line for line in invented["items"] if isinstance(line, dict)]
        return {"items": [mixed(request["items"][0], line, choose) for line in lines] or request["items"]}
    taken = choose.draw(st.sets(st.sampled_from(sorted(invented)), max_size=3)) if invented else set()
    return request | {name: invented[name] for name in taken}
