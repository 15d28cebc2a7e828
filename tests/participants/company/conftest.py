"""A company with a person at work, and the link it was sent."""

import pytest
from django.test import Client

from markets.services.company_links import address_of
from tests.factories.links import CompanyLinkFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory


@pytest.fixture
def contract(territory):
    """A validated person of a company of Pays d’Aix."""
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    return EmploymentContractFactory(award=award, validated=True)


@pytest.fixture
def link(contract):
    """The link of August 2026 of her employer."""
    return CompanyLinkFactory(company=contract.employer)


@pytest.fixture
def opened():
    """opened(link) is a visitor without account who has followed the link."""

    def follow(link):
        visitor = Client()
        visitor.first = visitor.get(path_of(link))
        return visitor

    return follow


def path_of(link):
    """The address of a link, without its host."""
    return "/" + address_of(link).split("/", 3)[3]


@pytest.fixture
def sent():
    """sent(link, contract, …) is what a company’s page posts."""

    def fields(link, *contracts, hours="70,5", **changes):
        typed = {f"hours-{contract.pk}": hours for contract in contracts}
        closing = {"signatory": "Camille Paie", "certified": "on", "act": "send", "link": str(link.pk)}
        return typed | closing | changes

    return fields
