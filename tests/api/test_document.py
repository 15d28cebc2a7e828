"""The description of the interface: the committed file, its texts, the page and the two addresses that serve it."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from jsonschema import Draft202012Validator

from clauses_portal.api_docs import document as documents
from clauses_portal.api_docs.refusals import refusals
from clauses_portal.core.api import problems
from facilitators.enums import KeyScope, Role
from tests.support.api_examples import EXAMPLES
from tests.support.pages import document as page_of

STALE = (
    "docs/openapi.json is not what the views say: run « make openapi ». / "
    "docs/openapi.json ne décrit plus l’interface : lancez « make openapi »."
)
OPERATIONS = documents.operations(documents.document())
IDS = [told["operationId"] for _, _, told in OPERATIONS]
ENGLISH = re.compile(r"\b(the|of|and|with|row|rows|key|many|line|lines|nothing)\b")


def texts_of(told):
    """Every title, summary and description in this part of the document."""
    if isinstance(told, list):
        return [text for one in told for text in texts_of(one)]
    if not isinstance(told, dict):
        return []
    mine = [told[name] for name in ("title", "summary", "description") if isinstance(told.get(name), str)]
    return mine + [text for one in told.values() for text in texts_of(one)]


def test_the_committed_document_is_that_of_the_views():
    committed = json.loads(documents.COMMITTED.read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(documents.document(), default=str)), STALE


def test_every_operation_says_in_french_what_it_does():
    silent = [told["operationId"] for _, _, told in OPERATIONS if not told.get("summary")]
    assert silent == []
    assert [text for text in texts_of(documents.document()) if ENGLISH.search(text)] == []


def test_every_operation_has_its_example_and_no_example_is_left_over():
    assert sorted(EXAMPLES) == sorted(IDS)


def test_each_example_has_the_shape_that_is_described():
    schema, wrong = documents.document(), []
    for _, _, told in OPERATIONS:
        for content in contents_of(told):
            checked = {"$ref": "#/shape", "shape": content["schema"], "components": schema["components"]}
            wrong += [
                (told["operationId"], error.json_path, error.message)
                for error in Draft202012Validator(checked).iter_errors(content.get("example"))
                if "example" in content
            ]
    assert wrong == []


def contents_of(told):
    """What an operation receives and answers when all goes well."""
    bodies = [told.get("requestBody", {})]
    bodies += [answer for status, answer in told["responses"].items() if status.startswith("2")]
    return [body["content"]["application/json"] for body in bodies if "application/json" in body.get("content", {})]


def test_every_code_of_refusal_is_in_the_table():
    source = Path(problems.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'problem\(\d+, "(\w+)"', source)) | set(re.findall(r'= problem\(\d+, "(\w+)"', source))
    codes |= {"conflict", "refused", *problems.CODES.values()}
    assert {code for _, code, _ in refusals()} == codes


@pytest.mark.django_db
def test_the_document_is_served_to_keys_and_to_signed_in_persons(as_key, as_role, client):
    program, person = as_key(KeyScope.READ_ALERTS), as_role(Role.DIRECTOR)
    by_key = program.read("/openapi.json")
    assert by_key["Content-Type"] == "application/json"
    assert by_key.json() == person.get(reverse("interface_document")).json()
    assert by_key.json()["openapi"].startswith("3.1")
    assert client.get("/api/v1/openapi.json").status_code == 401
    assert person.get("/api/v1/openapi.json").status_code == 401
    assert client.get(reverse("interface_document")).status_code == 302


@pytest.mark.django_db
def test_the_page_shows_every_operation_and_every_refusal(as_role, convention):
    page = page_of(as_role(Role.FACILITATOR).get(reverse("interface")))
    shown = {" ".join(text.split()) for text in page.xpath("//article//code/text()")}
    assert {f"{method.upper()} {path}" for path, method, _ in OPERATIONS} <= shown
    assert {code for _, code, _ in refusals()} <= set(page.xpath("//th/code/text()"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/inconnu", "/api/v2/lots", "/api/x", "/api/v1/lots/", "/api/v1//lots"]
)
def test_an_unknown_address_is_an_unknown_one_whoever_asks(client, as_key, path):
    key = as_key(KeyScope.READ_MARKETS)
    for visitor in (client, key):
        answer = visitor.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, problems.PROBLEM)
        assert answer.json()["code"] == "not_found"


def test_an_operation_names_the_scopes_that_open_it():
    scopes = {told["operationId"]: told["x-scopes"] for _, _, told in OPERATIONS}
    assert scopes["lots_create"] == ["markets:write"]
    assert scopes["statements_list"] == ["statements:read"]
    assert {"persons:read", "persons:write"} == set(scopes["participants_list"])
    assert (scopes["references_retrieve"], scopes["packages_list"]) == ([], [])
    assert {one for some in scopes.values() for one in some} <= set(KeyScope.values)
