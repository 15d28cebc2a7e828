"""What mutated requests once broke: refused ever since."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.markets import LotFactory
from tests.support.pages import typed

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]
NO_PAGE = ["1,2,3", "http://[", "http://[::1", "\ud800", "[[[[", "//evil.test", "javascript:alert(1)", "é" * 300]


@pytest.mark.parametrize("onward", NO_PAGE)
def test_what_is_no_page_leads_home(as_role, client, onward):
    onward = onward.encode("utf-8", "surrogatepass")
    officer, user = as_role(Role.MISSION_OFFICER), UserFactory()
    charter = officer.post(reverse("charter"), {"next": onward})
    draft = officer.post(reverse("draft_discard", args=["market-new"]), {"next": onward})
    assert {charter["Location"], draft["Location"]} == {"/"}
    sent = {"login": user.email, "password": PASSWORD, "next": onward}
    answer = client.post(reverse("account_login"), sent)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/")


@pytest.mark.parametrize("code", ["\0", "F1703,\0", "F" * 400])
def test_a_code_that_cannot_be_one_is_refused(as_role, territory, code):
    officer, lot = as_role(Role.MISSION_OFFICER), LotFactory(territory=territory)
    page = reverse("markets:lot_edit", args=[lot.pk])
    fields = [name for name in typed(officer.get(page)) if "occupation" in name or "rome" in name]
    assert fields
    assert officer.post(page, typed(officer.get(page)) | dict.fromkeys(fields, code)).status_code == 422


def test_a_version_of_what_has_none_is_another_version(as_role, territory):
    officer, lot = as_role(Role.MISSION_OFFICER), LotFactory(territory=territory)
    page = reverse("markets:lot_amounts", args=[lot.pk])
    for version in ("-1", "9" * 30, "x"):
        answer = officer.post(page, typed(officer.get(page)) | {"seen": version})
        assert answer.status_code == 422
        assert "Cette fiche a été modifiée entre-temps" in answer.content.decode()
