"""The référent of a lot, the substitute, the history, and a portfolio handed over (C4, C13)."""

from datetime import date

import pytest
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.models import Lot, ReferentAssignment
from markets.services import referents
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory
from tests.factories.preparation import ReferentAssignmentFactory
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
DAY = date(2026, 9, 15)


def facilitator(territory, **fields):
    user = UserFactory(**fields)
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory)


def assign(lot, referent, substitute=None):
    return referents.assign(lot=lot, referent=referent, substitute=substitute, by=author())


def test_a_lot_has_its_referent_and_a_substitute(lot, territory):
    one, two = facilitator(territory), facilitator(territory)
    row = assign(lot, one, two)
    assert referents.referent_of(lot, DAY) == row
    assert Notification.objects.get().recipient == one


def test_the_one_before_stays_in_the_history(lot, territory):
    one, two = facilitator(territory), facilitator(territory)
    ReferentAssignmentFactory(lot=lot, referent=one, valid_from=date(2026, 1, 1))
    assign(lot, two)
    assert referents.referent_of(lot, DAY).referent == two
    assert referents.referent_of(lot, date(2026, 9, 14)).referent == one


def test_two_named_the_same_day_leave_the_last(lot, territory):
    one, two = facilitator(territory), facilitator(territory)
    assign(lot, one)
    assign(lot, two)
    assert referents.referent_of(lot, DAY).referent == two
    assert lot.referents.count() == 2


def test_a_referent_is_a_facilitator_of_the_territory(lot, elsewhere):
    with pytest.raises(DomainError, match="n’est pas facilitateur du territoire"):
        assign(lot, facilitator(elsewhere))


def test_a_departure_hands_the_lots_over(lot, territory):
    leaver, successor, third = facilitator(territory), facilitator(territory), facilitator(territory)
    other = LotFactory(territory=territory)
    assign(lot, leaver, third)
    assign(other, third, leaver)
    moved = referents.transfer(
        leaver=leaver, successor=successor, lots=Lot.objects.all(), by=author(), reason="Mutation"
    )
    assert moved == 2
    assert referents.referent_of(lot, DAY).referent == successor
    assert referents.referent_of(other, DAY).substitute == successor
    assert not ReferentAssignment.objects.filter(valid_until=None).of(leaver).exists()


def test_the_substitute_who_takes_over_stands_in_for_nobody(lot, territory):
    leaver, successor = facilitator(territory), facilitator(territory)
    assign(lot, leaver, successor)
    referents.transfer(leaver=leaver, successor=successor, lots=Lot.objects.all(), by=author(), reason="Mutation")
    row = referents.referent_of(lot, DAY)
    assert (row.referent, row.substitute) == (successor, None)


def test_an_empty_portfolio_is_said(territory):
    with pytest.raises(DomainError, match="d’aucun de vos lots"):
        referents.transfer(
            leaver=facilitator(territory),
            successor=facilitator(territory),
            lots=Lot.objects.all(),
            by=author(),
            reason="Mutation",
        )


def test_only_the_lots_in_reach_change_hands(lot, territory, elsewhere):
    leaver, successor = facilitator(territory), facilitator(territory)
    grant(user=leaver, role=Role.FACILITATOR, territory=elsewhere, by=None)
    far = LotFactory(territory=elsewhere)
    assign(lot, leaver)
    assign(far, leaver)
    mine = Lot.objects.filter(territory=territory)
    assert referents.transfer(leaver=leaver, successor=successor, lots=mine, by=author(), reason="Mutation") == 1
    assert referents.referent_of(far, DAY).referent == leaver


def test_the_page_says_which_lots_nobody_follows(lot, as_role):
    page = words(as_role(Role.MISSION_OFFICER).get(reverse("markets:referents")))
    assert "Lots sans référent" in page
    assert lot.market.number in page


def test_a_referent_is_named_from_the_page_for_the_whole_operation(lot, territory, as_role):
    person = facilitator(territory, first_name="Zoé", last_name="Garcia")
    twin = LotFactory(territory=territory, market__operation=lot.market.operation)
    client = as_role(Role.MISSION_OFFICER)
    data = {"referent": person.pk, "substitute": "", "reason": "", "whole_operation": "on"}
    assert client.post(reverse("markets:referent", args=[lot.pk]), data).status_code == 302
    assert referents.referent_of(twin, DAY).referent == person
    assert "Zoé Garcia" in words(client.get(reverse("markets:lot", args=[lot.pk])))


def test_a_facilitator_hands_over_her_own_territory(lot, territory, as_role):
    client = as_role(Role.FACILITATOR)
    person = facilitator(territory)
    assign(lot, client.user)
    data = {"leaver": client.user.pk, "successor": person.pk, "reason": "Congé"}
    assert client.post(reverse("markets:portfolio"), data).status_code == 302
    assert referents.referent_of(lot, DAY).referent == person


def test_the_list_costs_the_same_however_long(lot, territory, as_role, count_queries):
    client = as_role(Role.MISSION_OFFICER)
    url = reverse("markets:referents")
    assign(lot, facilitator(territory))
    few = count_queries(lambda: client.get(url))
    for _ in range(4):
        assign(LotFactory(territory=territory), facilitator(territory))
    assert count_queries(lambda: client.get(url)) == few
