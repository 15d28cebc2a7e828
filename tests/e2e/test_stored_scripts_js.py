"""A12 in a browser: pages full of hostile texts open no dialog and lead nowhere."""

import pytest

from facilitators.enums import Role
from tests.abuse.scripts import store
from tests.support.access import MATRIX
from tests.support.access.rules import F
from tests.support.aviary import asked_by, fill, pages

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "convention")]
OPENED = 30


def test_no_text_opens_a_dialog(visit, as_role, territory, live_server):
    facilitator, targets = as_role(Role.FACILITATOR), fill(territory)
    targets |= asked_by(facilitator.user, targets)
    store(0)
    page, dialogs, led = visit(facilitator, "/"), [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = [path for route, path in pages(MATRIX, targets) if MATRIX[route].target and F in MATRIX[route].get]
    shown = [path for path in paths if is_page(facilitator.get(path))]
    for path in shown:
        page.goto(live_server.url + path)
        page.keyboard.press("Tab")
        led += [page.url] if page.url != live_server.url + path else []
    assert (dialogs, led) == ([], [])
    assert len(shown) > OPENED
    assert page.evaluate("window.length") == 0


def is_page(response):
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
