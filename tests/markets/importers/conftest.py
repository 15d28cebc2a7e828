import pytest
from django.contrib.auth import get_user_model

from facilitators import reference
from markets.importers.decp.apply import import_decp
from tests.markets.importers.decp_files import as_2019


@pytest.fixture
def places(db):
    """The territories and communes every installation has."""
    reference.load()


@pytest.fixture
def officer(db):
    return get_user_model().objects.create_user("mission@exemple.fr", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def load(places, officer):
    """Import 2019 rows (or 2022 rows with `layout=as_2022`)."""

    def run(*rows, layout=as_2019, **options):
        return import_decp(file=layout(*rows), by=officer, **options)

    return run
