"""A refusal of the database becomes one French sentence, and nothing else is touched."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from clauses_portal.core.db_errors import GENERIC, refusals
from clauses_portal.core.errors import Conflict, DomainError
from facilitators.models import Territory
from markets.models import Calibration, Company
from operations.models import Milestone
from tests.factories.facilitators import TerritoryFactory, siret
from tests.factories.markets import LotFactory, MarketFactory
from tests.factories.operations import MilestoneFactory

pytestmark = pytest.mark.django_db


def sentence(action, sentences=None):
    with pytest.raises(DomainError) as refusal, refusals(sentences):
        action()
    assert isinstance(refusal.value.__cause__, IntegrityError)
    return refusal.value.message


def test_a_constraint_of_a_model_says_its_sentence():
    market = MarketFactory()
    market.ends_on = market.starts_on.replace(year=2000)
    assert sentence(market.save) == "La fin d’exécution précède son début."


def test_a_double_says_its_sentence():
    milestone = MilestoneFactory()
    twin = Milestone(operation=milestone.operation, kind=milestone.kind, planned_on=milestone.planned_on)
    assert sentence(twin.save) == "Cette étape figure déjà au calendrier."


def test_what_no_model_describes_is_told_by_the_caller():
    def insert():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO markets_lot (id, market_id) VALUES (1, NULL)")

    assert sentence(insert, {"23502": "Il manque une donnée."}) == "Il manque une donnée."
    assert sentence(insert) == GENERIC


def test_an_internal_constraint_does_not_show_its_name():
    lot = LotFactory(calibrated=True)
    assert sentence(Calibration(lot=lot, version=1, proposed_hours=1).save) == GENERIC


def test_the_caller_s_sentence_goes_first():
    company = Company.objects.create(siret=siret(1))
    company.siret = "1"
    assert sentence(company.save, {"company_siret_format": "Autre phrase."}) == "Autre phrase."


def test_a_refusal_gives_back_a_transaction_that_works():
    TerritoryFactory(code="AIX")
    with transaction.atomic():
        sentence(lambda: Territory(code="AIX", name="x", slug="x").save())
        TerritoryFactory(code="ARLES")
    assert Territory.objects.count() == 2


def test_what_succeeds_stays_and_other_errors_pass():
    with refusals():
        TerritoryFactory(code="AIX")

    def change_one_s_mind():
        with refusals():
            TerritoryFactory(code="ARLES")
            raise Conflict("Trop tard.")

    with pytest.raises(Conflict):
        change_one_s_mind()
    with pytest.raises(DatabaseError), refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert list(Territory.objects.values_list("code", flat=True)) == ["AIX"]


def test_a_domain_error_carries_its_status():
    assert (DomainError("x").status, Conflict("x").status) == (422, 409)
    assert str(Conflict("Trop tard.")) == "Trop tard."
