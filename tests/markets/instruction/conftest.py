"""A lot to review in Pays d’Aix, people who instruct it, and what the law says of its market."""

from datetime import date
from decimal import Decimal

import pytest

from facilitators.enums import Role
from facilitators.permissions import grant
from markets.enums import MarketKind
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory, MarketFinancialsFactory


@pytest.fixture
def directorate(db):
    return DirectorateFactory()


@pytest.fixture
def lot(territory, directorate):
    """To review, before its award, without an amount; its market is a service to be published in two months."""
    return LotFactory(
        territory=territory,
        market__operation__directorate=directorate,
        market__kind=MarketKind.SERVICES,
        market__notified_on=None,
        market__planned_publication_on=date(2026, 11, 17),
    )


@pytest.fixture
def obliged(lot):
    """The same lot, its market at the threshold: a social consideration is mandatory."""
    MarketFinancialsFactory(market=lot.market, estimated_amount=Decimal("216000"))
    return lot


@pytest.fixture
def member(territory, directorate):
    """member(role, territory=…) is an account that holds this role."""

    def hold(role, territory=territory):
        user, place = UserFactory(), {}
        if role == Role.FACILITATOR:
            place = {"territory": territory}
        elif role == Role.DIRECTORATE_AGENT:
            place = {"directorate": directorate}
        grant(user=user, role=role, by=None, **place)
        return user

    return hold


@pytest.fixture
def officer(member):
    return member(Role.MISSION_OFFICER)


@pytest.fixture
def facilitator(member, convention):
    """The facilitator of Pays d’Aix, under the convention."""
    return member(Role.FACILITATOR)
