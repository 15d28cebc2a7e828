"""Every form under what no page lets anybody type: refused, never a 5xx (security.md §4.7).

A few for each here; `make fuzz` sends 500 to each form.
"""

import os
import random
import re
from pathlib import Path

import pytest
from django.urls import resolve

from tests.fuzz.counts import answer
from tests.fuzz.form_requests import spoilt
from tests.support.access import MATRIX
from tests.support.access.rules import EVERYONE, A, F, L, M, O
from tests.support.aviary import pages
from tests.support.pages import document
from tests.test_access_matrix import sign_in

MOST = int(os.environ.get("FUZZ_FORMS", "4"))
IDENTITIES = [F, O, L, A, M, *sorted(EVERYONE - {F, O, L, A, M})]
READ = re.compile(r'(?:POST|FILES)(?:\.get|\.getlist)?[(\[]"(\w+)"|"(\w+)" in request\.POST|ticked\(request')


def forms_of(client, targets, identity):
    """{address: ([name, value] pairs, names of its files)} of every form that this person meets in the portal."""
    met = {}
    for route, url in pages(MATRIX, targets):
        if identity in MATRIX[route].get and identity in (MATRIX[route].see or {identity}):
            response = client.get(url)
            if response.get("Content-Type", "").startswith("text/html") and response.content:
                found = dict(_forms(response, url))
                met |= {address: form for address, form in found.items() if len(form[0]) >= _known(met, address)}
    return met


def _known(met, address):
    return len(met[address][0]) if address in met else 0


def _forms(response, url):
    for form in document(response).xpath("//form"):
        if form.method == "POST":
            fields = [field for field in form.inputs if field.name]
            files = [field.name for field in fields if field.get("type") == "file"]
            pairs = [(field.name, _typed(field)) for field in fields if field.name not in files]
            yield (form.action or url).partition("?")[0], (pairs, files)


def _typed(field):
    """What is in the field, or the first thing one may choose there."""
    options = [value for value in getattr(field, "value_options", []) if value]
    value = field.value if isinstance(field.value, str) else None
    return value or (options[0] if options else field.get("value") or "")


def names_read_by(url):
    """For a button met in no page: the names its view reads in what is sent."""
    view = resolve(url).func
    found = READ.findall(Path(view.__code__.co_filename).read_text())
    return [(name, "1") for name in sorted({one or two for one, two in found} - {""} | {"line", "version"})]


POSTED = [route for route, rule in MATRIX.items() if rule.post]


@pytest.fixture(scope="module")
def known():
    """What each identity met, kept for the tests that follow."""
    return {}


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_form_breaks_a_page(world, identity):
    client, broken = sign_in(world, identity), []
    mine = {route: MATRIX[route] for route in POSTED if first_of(MATRIX[route]) == identity}
    met = forms_of(client, world["targets"], identity) if mine else {}
    for route, rule in mine.items():
        url, rng = rule.address(route, world["targets"]), random.Random(f"form {route}")
        pairs, files = met.get(url) or (names_read_by(url), [])
        for _ in range(MOST):
            sent = spoilt(rng, url, pairs, files)
            body, kind = sent.request()
            client.cookies.pop("messages", None)
            fault = answer(
                f"form {route}",
                lambda: client.generic("POST", url, body, content_type=kind, headers=sent.headers),  # noqa: B023
            )
            if fault:
                broken.append((fault, ascii(body)[:600], kind, sent.headers))
    assert broken == [], "\n".join(map(str, broken[:30]))


def first_of(rule):
    """The first of our identities that may send this form."""
    return next(identity for identity in IDENTITIES if identity in rule.post and identity in (rule.see or {identity}))
