"""The Département comments a draft, its author answers; each is told (C19)."""

import pytest
from django.urls import reverse

from clauses_portal.core.errors import Conflict
from facilitators.enums import Role
from facilitators.models import Notification
from reporting.services.comments import comment, publishers_of
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.reporting import StatementFactory
from tests.support.pages import assert_done, submit, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def draft(territory):
    return StatementFactory(territory=territory)


def page(statement, name="statement"):
    return reverse(f"reporting:{name}", args=[statement.pk])


def recipients():
    return set(Notification.objects.values_list("recipient", flat=True))


def test_a_draft_is_discussed_and_each_side_is_told(as_role, draft):
    officer, facilitator = as_role(Role.MISSION_OFFICER), as_role(Role.FACILITATOR)
    response = submit(officer, page(draft), page(draft, "comment"), text="Précisez les fins de contrat.")
    assert_done(response, "Le commentaire est enregistré et signalé.")
    assert recipients() == {facilitator.user.pk}
    notification = Notification.objects.get()
    assert (notification.path, draft.number in notification.text) == (page(draft), True)
    assert "Précisez les fins de contrat." in words(facilitator.get(page(draft)))
    submit(facilitator, page(draft), page(draft, "comment"), text="C’est fait.")
    assert recipients() == {facilitator.user.pk, officer.user.pk}


def test_a_wrong_comment_is_not_kept(as_role, draft):
    officer = as_role(Role.MISSION_OFFICER)
    response = officer.post(page(draft, "comment"), {"text": ""}, follow=True)
    assert told(response) == ["Commentaire : Ce champ est obligatoire."]
    assert not draft.remarks.exists()


def test_a_published_paper_is_not_commented_on(as_role, territory):
    published = StatementFactory(territory=territory, published=True)
    with pytest.raises(Conflict):
        comment(statement=published, text="Trop tard.", by=as_role(Role.MISSION_OFFICER).user)


def test_only_those_who_read_a_draft_comment_on_it(as_role, draft, elsewhere):
    for client in (as_role(Role.DIRECTOR), as_role(Role.LEGAL_OFFICER), as_role(Role.FACILITATOR, elsewhere)):
        assert client.post(page(draft, "comment"), {"text": "Bonjour"}).status_code == 404
    published = StatementFactory(territory=draft.territory, period_code="2026-T1", published=True)
    assert as_role(Role.DIRECTOR).post(page(published, "comment"), {"text": "Bonjour"}).status_code == 403


def test_who_prepares_a_paper(as_role, territory, elsewhere):
    here, there = as_role(Role.FACILITATOR).user, as_role(Role.FACILITATOR, elsewhere).user
    officer = as_role(Role.MISSION_OFFICER).user
    market = LotFactory(territory=elsewhere).market
    assert list(publishers_of(StatementFactory(territory=territory))) == [here]
    assert list(publishers_of(StatementFactory(territory=None, market=market))) == [there]
    assert list(publishers_of(StatementFactory(territory=None, directorate=DirectorateFactory()))) == [officer]
