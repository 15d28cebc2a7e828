import pytest

from facilitators import reference


@pytest.fixture
def places(db):
    """The territories and communes every installation has."""
    reference.load()
