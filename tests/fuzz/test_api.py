"""Every resource of the interface under requests nobody should send: refused, never a 5xx (security.md §4.7).

A few of each here; `make fuzz` sends 2 000 to each resource.
"""

import json
import os
import random
from collections import defaultdict
from urllib.parse import urlencode

import pytest

from tests.fuzz.api_requests import Sent, spoilt
from tests.fuzz.counts import answer
from tests.support.api_examples import EXAMPLES, METHODS, body_of

MOST = int(os.environ.get("FUZZ_API", "30"))
RESOURCES = defaultdict(list)
for name, example in EXAMPLES.items():
    RESOURCES[example["path"].split("?")[0].split("/")[3]].append(name)


def good(key, name):
    """The example of the documentation, which succeeds."""
    body = body_of(key, name)
    data = body.get("data")
    if isinstance(data, str):
        data = json.loads(data)
    return Sent(METHODS[name], EXAMPLES[name]["path"], data, body.get("content_type", "application/json"))


def sender(key, sent):
    def send():
        query = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in sent.query])
        path = sent.path + (("&" if "?" in sent.path else "?") + query if query else "")
        body = b"" if sent.method == "get" else sent.data()
        return key.generic(sent.method.upper(), path, body, content_type=sent.kind, headers=sent.headers)

    return send


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_no_request_breaks_the_interface(exchange, resource):
    rng, names, broken = random.Random(f"api {resource}"), RESOURCES[resource], []
    goods = {name: good(getattr(exchange, EXAMPLES[name]["by"]), name) for name in names}
    for number in range(MOST):
        name = names[number % len(names)]
        key = getattr(exchange, EXAMPLES[name]["by"])
        sent = spoilt(rng, goods[name])
        fault = answer(f"api {resource}", sender(key, sent))
        if fault:
            broken.append((fault, name, ascii(sent)[:600]))
    assert broken == [], "\n".join(map(str, broken[:30]))
