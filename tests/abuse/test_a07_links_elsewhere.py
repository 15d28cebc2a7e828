"""A7: a row of another territory named in a form is refused with the words that meet a row that does not exist."""

from django.db import transaction

from tests.support.access import MATRIX
from tests.support.access.rules import FE
from tests.support.contents import contents
from tests.support.pages import document, errors
from tests.test_access_matrix import sign_in

NAMED = {"participant": "person", "employer": "company", "lots": "lot", "participants": "person", "awards": "award"}
UNKNOWN = 2**31 - 1


def own_form(response, url):
    """[(name, value)] of the form of the page that is sent to the page itself; none of its own on some pages."""
    forms = [form for form in document(response).forms if (form.action or url) == url and form.method == "POST"]
    return [(field.name, field.get("value") or "") for form in forms for field in form.inputs if field.name]


def said(client, url, fields):
    """Status and sentences of a refusal, undone."""
    with transaction.atomic():
        answer = client.post(url, fields)
        transaction.set_rollback(True)
    return answer.status_code, errors(answer) if answer.status_code == 422 else answer.get("Location")


def test_a_row_elsewhere_named_in_a_form_is_an_unknown_row(world):
    client, targets, before, asked, different = sign_in(world, FE), world["targets"], contents(), set(), []
    targets |= {"territory": world["territory"]}
    for route, rule in MATRIX.items():
        if rule.target or not (rule.get and rule.post) or FE not in rule.get & rule.post:
            continue
        url = rule.address(route)
        fields = dict(own_form(client.get(url), url))
        for name in fields:
            target = targets.get(NAMED.get(name, name))
            if target is not None:
                asked.add((route, name))
                hidden, unknown = (said(client, url, fields | {name: pk}) for pk in (target.pk, UNKNOWN))
                if hidden != unknown or hidden[0] != 422:
                    different.append((route, name, hidden, unknown))
    assert different == []
    assert len(asked) >= 3
    assert contents() == before
