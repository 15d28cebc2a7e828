"""A12: what somebody wrote is shown as she wrote it, in every page, and does nothing there."""

import os

import pytest

from facilitators.enums import Role
from tests.abuse.scripts import PAYLOADS, store
from tests.support.access import MATRIX
from tests.support.aviary import asked_by, fill, pages
from tests.support.pages import document

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
# Twelve turns put each text in each short field; one, with its number, is enough to see a page that does not escape.
TURNS = range(len(PAYLOADS)) if "EVERY_SCRIPT" in os.environ else [0]
MANY_FIELDS = 60


def obeyed(response):
    """What in this page was read as a page and not as a text: scripts of its own, handlers, frames, styles, links."""
    page = document(response)
    yield from page.xpath("//script[not(@src or @type='application/json')] | //svg[@onload] | //base")
    yield from page.xpath("//iframe | //style | //object | //embed")
    yield from page.xpath("//@*[starts-with(name(), 'on')]")
    links = page.xpath("//@href | //@src | //@action | //@formaction | //@*[starts-with(name(), 'hx-')]")
    yield from (link for link in links if link.strip().lower().startswith(("javascript:", "data:text", "vbscript:")))


@pytest.mark.parametrize("turn", TURNS)
def test_no_page_obeys_what_somebody_wrote(as_role, territory, turn):
    targets, visitors, wrong, shown = fill(territory), [], [], 0
    for role in (Role.MISSION_OFFICER, Role.FACILITATOR, Role.ADMINISTRATOR):
        place = {"territory": territory} if role == Role.FACILITATOR else {}
        visitor = as_role(role, **place)
        visitors.append((visitor, targets | asked_by(visitor.user, targets)))
    assert len(store(turn)) > MANY_FIELDS
    for visitor, theirs in visitors:
        for route, url in pages(MATRIX, theirs):
            response = visitor.get(url)
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                shown += "&lt;script&gt;alert(1)" in response.content.decode()
                wrong += [(route, str(found)[:80]) for found in obeyed(response)]
    assert wrong == []
    assert shown > MANY_FIELDS
