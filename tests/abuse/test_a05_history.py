"""A5: what was before is not read by asking for it: no page of differences, no day to go back to, no way to undo."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from tests.factories.markets import LotFactory
from tests.factories.participants import ParticipantFactory
from tests.support.pages import words
from tests.test_access_matrix import route_names

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
ASKED = {"as_of": "2020-01-01", "history": "1", "version": "1", "diff": "1", "revert": "1", "history_id": "1"}


@pytest.mark.parametrize("role", [Role.MISSION_OFFICER, Role.FACILITATOR])
def test_a_page_shows_the_present_whatever_is_asked(as_role, role, territory):
    client, lot = as_role(role), LotFactory(territory=territory)
    pages = [reverse("markets:lot", args=[lot.pk]), reverse("markets:detail", args=[lot.market_id])]
    if role == Role.FACILITATOR:
        pages.append(reverse("participants:person", args=[ParticipantFactory(territory=territory).pk]))
    for page in pages:
        assert words(client.get(page, ASKED)) == words(client.get(page)), page


def test_no_address_leads_to_a_table_of_history(client, as_role):
    assert [name for name in route_names() if any(word in name for word in ("histor", "revert", "diff", "admin"))] == []
    for path in ("/admin/", "/admin/markets/lotfinancials/", "/marches/1/history/", "/personnes/1/historique/"):
        assert as_role(Role.ADMINISTRATOR).get(path).status_code == 404
