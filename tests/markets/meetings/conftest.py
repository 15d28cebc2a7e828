import pytest

from tests.factories.accounts import author
from tests.factories.companies import CompanyContactFactory
from tests.factories.markets import LotFactory
from tests.factories.meetings import MeetingFactory, MeetingGuestFactory


@pytest.fixture
def lot(territory):
    """An awarded lot, whose company has a contact."""
    lot = LotFactory(territory=territory, awarded=True, title="Gros œuvre")
    CompanyContactFactory(company=lot.awards.get().company, name="Camille Martin", email="camille@entreprise.example")
    return lot


@pytest.fixture
def meeting(lot):
    """The first meeting of the site, in a week; its only guest with an address is the contact of the company."""
    return MeetingFactory(lot=lot, title="Gros œuvre du collège")


@pytest.fixture
def held(lot):
    """A meeting held last week, its guests not seen yet."""
    return MeetingFactory(lot=lot, held=True)


@pytest.fixture
def site_manager(meeting):
    return MeetingGuestFactory(meeting=meeting, name="Paul Martin-Œuvre", email="paul@atelier.example")


@pytest.fixture
def ada(db):
    """Who acts."""
    return author()
