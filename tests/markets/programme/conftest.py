"""A direction, the places of the Département, and an agent who may import her programme."""

import pytest

from facilitators import reference
from facilitators.enums import Role
from facilitators.models import Territory
from facilitators.permissions import grant
from markets.models import ProgrammeImport
from markets.services.programme import ask_programme_import
from markets.tasks import import_programme
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import DirectorateFactory
from tests.markets.programme.sheets import as_xlsx


@pytest.fixture
def places(db):
    """{code: Territory} of the real list."""
    reference.load()
    return {territory.code: territory for territory in Territory.objects.all()}


@pytest.fixture
def direction(db):
    return DirectorateFactory(code="DEJ", name="Direction de l’éducation")


@pytest.fixture
def agent(direction):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.DIRECTORATE_AGENT, directorate=direction, by=None)
    return user


@pytest.fixture
def bring(places, today, agent, direction):
    """bring(lines…) imports them for good as the agent, and returns the run; `file` gives another file."""

    def do(*lines, file=None, dry_run=False, by=None, **options):
        name, content = file or as_xlsx(*lines)
        run = ask_programme_import(
            by=by or agent, directorate=direction, file_name=name, content=content, dry_run=dry_run, **options
        )
        import_programme(run.pk)
        return ProgrammeImport.objects.get(pk=run.pk)

    return do


@pytest.fixture
def outcomes():
    """outcomes(run) gives [(outcome, details)] of its report."""

    def told(run):
        assert run.state == "done", run.error
        return [(line["outcome"], line["details"]) for line in run.report["lines"]]

    return told
