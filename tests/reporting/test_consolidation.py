"""The national consolidation, counted by hand (see small_world): persons, contracts, validations are three counts."""

import pytest

from clauses_portal.core.periods import Year
from reporting.consolidation import national as chapters
from reporting.indicators import national
from reporting.indicators.definition import split
from reporting.indicators.scope import Scope
from reporting.statements.figures import told
from tests.reporting.small_world import small_world
from tests.support.shared import for_the_module

pytestmark = pytest.mark.usefixtures("today")

Y2026 = Year(2026)


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    with for_the_module(django_db_blocker):
        yield small_world()


@pytest.fixture
def scope(small, db):
    return Scope(territory_id=small.territory.pk)


def test_persons_contracts_and_validations_are_told_apart(scope):
    values = {row["code"]: row["value"] for part in told(chapters.PARTS, scope, Y2026) for row in part["rows"]}
    assert (values["persons_hired"], values["contracts_started"], values["validations_granted"]) == (3, 4, 2)
    assert (values["operations_followed"], values["markets_followed"], values["lots_followed"]) == (1, 1, 2)
    assert (values["hours_engaged"], values["hours_counted"]) == ("2000.00", "410.00")


def test_what_is_told_by_criterion_adds_up_to_its_total(scope):
    assert split(national.STARTED_BY_LENGTH, scope, Y2026) == [("Sans terme", 3), ("1 à 3 mois", 1)]
    assert split(national.HOURS_BY_EMPLOYER, scope, Y2026) == [("Entreprise", 410)]
    assert split(national.HOURS_BY_BASIS, scope, Y2026) == [("Condition d’exécution (L. 2112-2)", 410)]
    assert split(national.LOTS_BY_BASIS, scope, Y2026) == [("Condition d’exécution (L. 2112-2)", 2)]
    assert split(national.BY_SITUATION, scope, Y2026) == [("Non renseignée", 3)]
    assert sum(value for _, value in split(national.HOURS_BY_DIRECTORATE, scope, Y2026)) == 410


def test_every_figure_of_the_consolidation_says_what_it_counts(scope):
    for part in told(chapters.PARTS, scope, Y2026):
        for figure in (*part["rows"], *part["tables"]):
            assert all(figure[name] for name in ("label", "definition", "unit", "moment", "source")), figure["code"]
