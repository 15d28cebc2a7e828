"""A12: what somebody wrote is shown as she wrote it, in every page, and does nothing there.

On the way, no page holds what the content policy forbids (ASVS 3, 14.3).
"""

import os

import pytest

from facilitators.enums import Role
from tests.abuse.scripts import PAYLOADS, store
from tests.support.access import MATRIX
from tests.support.aviary import asked_by, fill, pages
from tests.support.page_policy import forbidden
from tests.support.pages import document

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
# Twelve turns put each text in each short field; one, with its number, is enough to see a page that does not escape.
TURNS = range(len(PAYLOADS)) if "EVERY_SCRIPT" in os.environ else [0]
MANY_FIELDS = 60
# These open every page they may; the others, the pages that are left.
EVERYWHERE = (Role.MISSION_OFFICER, Role.FACILITATOR, Role.ADMINISTRATOR)
THEIR_OWN = (Role.LEGAL_OFFICER, Role.PRIVACY_OFFICER)


def obeyed(page):
    """What in this page was read as a page and not as a text: scripts of its own, handlers, frames, styles, links."""
    yield from forbidden(page)
    yield from page.xpath("//svg[@onload] | //base | //iframe | //object | //embed")
    links = page.xpath("//@href | //@src | //@action | //@formaction | //@*[starts-with(name(), 'hx-')]")
    yield from (link for link in links if link.strip().lower().startswith(("javascript:", "data:text", "vbscript:")))


@pytest.mark.parametrize("turn", TURNS)
def test_no_page_obeys_what_somebody_wrote(as_role, territory, turn):
    targets, visitors, wrong, shown, seen = fill(territory), [], [], 0, set()
    for role in (*EVERYWHERE, *THEIR_OWN):
        place = {"territory": territory} if role == Role.FACILITATOR else {}
        visitor = as_role(role, **place)
        visitors.append((visitor, targets | asked_by(visitor.user, targets)))
    assert len(store(turn)) > MANY_FIELDS
    for number, (visitor, theirs) in enumerate(visitors):
        for route, url in pages(MATRIX, theirs):
            if number >= len(EVERYWHERE) and route in seen:
                continue
            response = visitor.get(url)
            seen |= {route} if response.status_code == 200 else set()
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                shown += "&lt;script&gt;alert(1)" in response.content.decode()
                wrong += [(route, str(found)[:80]) for found in obeyed(document(response))]
    assert wrong == []
    assert shown > MANY_FIELDS
    assert {route for route, rule in MATRIX.items() if rule.get} <= seen
