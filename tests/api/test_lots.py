"""Lots by key: described, then decided in the Département's software; their state is the portal's (C1, C3, C22)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from facilitators.enums import KeyScope
from markets.enums import LotState
from markets.models import Lot, RomeCode
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFactory
from tests.factories.operations import OperationFactory
from tests.factories.preparation import TradeFactory
from tests.support.writing import accepted, not_to_be_sent

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

CLAUSE = {"legal_basis": "execution", "hours": 1200, "decided_on": "2026-09-01"}
FIELDS = {"external_reference", "version", "starts_on", "ends_on", "firm_months", "trade", "occupations"}
FIELDS |= {"qualification", "clearances", "crew_size", "staff_takeover", "clause"}


@pytest.fixture
def sent(territory):
    """A body that is accepted, for a market that has its first lot in the territory."""
    market = LotFactory(territory=territory, number="1").market
    return {"market": market.pk, "number": "2", "title": "Plomberie", "territory": territory.code}


def test_a_lot_is_deposited_with_its_clause(depositor, sent):
    RomeCode.objects.create(code="F1603", label="Plomberie")
    trade = TradeFactory()
    more = {"trade": trade.code, "occupations": ["F1603"], "crew_size": 4, "external_reference": "L-2"}
    response = depositor.write("/lots", sent | more | {"clause": CLAUSE})
    assert response.status_code == 201, response.json()
    read = depositor.read(f"/lots/{response.json()['id']}").json()
    assert read == response.json()
    assert read["clause"] == CLAUSE | {"outcome": "clause"}
    assert (read["state"], read["trade"], read["occupations"]) == (LotState.CALIBRATED, trade.code, ["F1603"])
    lot = Lot.objects.get(pk=read["id"])
    assert lot.calibrations.get().retained_hours == 1200
    assert {line.history_user for line in lot.history.all()} == {depositor.account}


def test_the_clause_comes_when_it_is_decided(depositor, territory):
    path = f"/lots/{LotFactory(territory=territory).pk}"
    lot = depositor.read(path).json()
    assert (lot["clause"], lot["state"]) == (None, LotState.TO_REVIEW)
    without_hours = {"legal_basis": "execution", "decided_on": "2026-09-01"}
    lot = depositor.change(path, {"version": lot["version"], "clause": without_hours}).json()
    assert (lot["clause"]["hours"], lot["state"]) == (None, LotState.RETAINED)
    lot = depositor.change(path, {"version": lot["version"], "clause": CLAUSE}).json()
    assert (lot["clause"]["hours"], lot["state"]) == (1200, LotState.CALIBRATED)
    other = depositor.change(path, {"version": lot["version"], "clause": CLAUSE | {"hours": 900}})
    assert (other.status_code, other.json()["code"]) == (409, "hours_already_retained")
    assert depositor.read(path).json() == lot


def test_a_wrong_clause_says_which_field(depositor, sent):
    wrong = {"legal_basis": "habit", "hours": -1, "decided_on": "1er septembre", "labour_share": "0.4"}
    unknown = depositor.write("/lots", sent | {"clause": wrong}).json()["errors"]
    assert unknown == [{"field": "clause.labour_share", "message": "Champ inconnu."}]
    del wrong["labour_share"]
    errors = depositor.write("/lots", sent | {"clause": wrong}).json()["errors"]
    assert [error["field"] for error in errors] == ["clause.legal_basis", "clause.hours", "clause.decided_on"]
    part = depositor.change(f"/lots/{Lot.objects.get().pk}", {"version": 1, "clause": {"hours": 900}})
    assert [error["field"] for error in part.json()["errors"]] == ["clause.legal_basis", "clause.decided_on"]
    to_come = depositor.write("/lots", sent | {"clause": CLAUSE | {"decided_on": "2026-09-16"}})
    assert (to_come.status_code, to_come.json()["errors"][0]["field"]) == (400, "decided_on")
    assert Lot.objects.count() == 1


def test_a_lot_elsewhere_does_not_exist(depositor, outside):
    assert depositor.read("/lots").json()["items"] == []
    for answer in (
        lambda pk: depositor.read(f"/lots/{pk}"),
        lambda pk: depositor.change(f"/lots/{pk}", {"clause": CLAUSE, "version": 1}),
    ):
        there, nowhere = answer(outside.pk), answer(outside.pk + 1000)
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert Lot.objects.get().state == LotState.TO_REVIEW


def test_a_lot_is_added_where_the_key_may(depositor, sent, outside):
    market = outside.market_id
    for name, values in (("market", (market, market + 1000)), ("territory", (outside.territory.code, "ZZ"))):
        answers = [depositor.write("/lots", sent | {name: value}) for value in values]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].content == answers[1].content
    assert Lot.objects.count() == 2


def test_a_key_that_reads_does_not_write(reader, sent):
    lot = Lot.objects.get()
    answers = [reader.write("/lots", sent), reader.change(f"/lots/{lot.pk}", {"version": 1, "clause": CLAUSE})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert Lot.objects.get().state == LotState.TO_REVIEW


def test_only_its_own_fields_are_taken(depositor, sent, elsewhere):
    lot = Lot.objects.get()
    before = Lot.objects.filter(pk=lot.pk).values().get()
    names = not_to_be_sent(Lot, {*sent, *FIELDS})
    assert {"id", "state", "source_key", "decision", "calibrations", "financials", "takeover_hours"} <= set(names)
    assert accepted(lambda body: depositor.write("/lots", sent | body), names) == []
    moved = [*names, "market", "territory"]
    assert accepted(lambda body: depositor.change(f"/lots/{lot.pk}", {"version": 1} | body), moved) == []
    assert Lot.objects.filter(pk=lot.pk).values().get() == before
    assert Lot.objects.count() == 1


def test_a_change_names_the_version_that_was_read(depositor, territory):
    path = f"/lots/{LotFactory(territory=territory).pk}"
    version = depositor.read(path).json()["version"]
    assert depositor.change(path, {"crew_size": 6, "version": version}).json()["crew_size"] == 6
    stale = depositor.change(path, {"crew_size": 7, "version": version})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert Lot.objects.get().crew_size == 6


def test_many_are_written_or_none(depositor, sent):
    lines = [sent | {"number": str(rank)} for rank in (2, 3)]
    refused = depositor.write("/lots/bulk", {"items": [*lines, sent | {"number": "1"}]})
    assert (refused.status_code, Lot.objects.count()) == (422, 1)
    [error] = refused.json()["errors"]
    assert (error["line"], error["message"]) == (3, "Ce numéro de lot existe déjà dans ce marché.")
    too_many = depositor.write("/lots/bulk", {"items": lines * 51})
    assert (too_many.status_code, "1 à 100 lignes" in too_many.json()["detail"]) == (400, True)
    written = depositor.write("/lots/bulk", {"items": lines})
    assert [row["number"] for row in written.json()["items"]] == ["2", "3"]


def test_a_market_is_named_by_the_reference_of_the_caller(depositor, sent, territory):
    market = {"operation": OperationFactory(communes=[territory.communes.first()]).pk, "territory": territory.code}
    market |= {"buyer_siret": "22130001500247", "number": "M1", "title": "École", "kind": "works"}
    deposited = depositor.write("/markets", market | {"external_reference": "M-7"}).json()
    lot = depositor.write("/lots", sent | {"market": "M-7", "external_reference": "L-2"})
    assert (lot.status_code, lot.json()["market"]) == (201, deposited["id"])
    again = depositor.write("/lots", sent | {"number": "3", "external_reference": "L-2"})
    assert (again.status_code, again.json()["existing"]) == (409, lot.json()["id"])


def test_a_list_is_filtered_by_what_it_shows(reader, territory, elsewhere):
    lot = LotFactory(territory=territory, retained=True)
    other = LotFactory(territory=elsewhere)
    since, later = (timezone.now() + timedelta(hours=hours) for hours in (-1, 1))
    asked = [
        ({"market": lot.market_id}, [lot.pk]),
        ({"state": "to_review"}, [other.pk]),
        ({"territory_code": elsewhere.code}, [other.pk]),
        ({"modified_since": since.isoformat()}, [lot.pk, other.pk]),
        ({"modified_since": later.isoformat()}, []),
    ]
    for parameters, expected in asked:
        assert [row["id"] for row in reader.read("/lots", parameters).json()["items"]] == expected, parameters
    for name in ("ordering", "financials__estimated_amount__gt", "limit"):
        assert reader.read("/lots", {name: "1000000000"}).status_code == 400


def test_how_hours_were_computed_is_never_read(as_key, depositor, territory):
    """43.217 % of 564 738.29 € at 31.87 € an hour: whoever holds whichever scopes."""
    lot = LotFactory(territory=territory, calibrated=True)
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("564738.29"))
    computation = lot.calibrations.get().computation
    computation.parameters = {"labour_share": "0.43217", "hourly_cost": "31.87"}
    computation.save()
    everything = as_key(*KeyScope.of("to_department"))
    for key in (depositor, everything):
        for path in ("/lots", f"/lots/{lot.pk}"):
            content = key.read(path).content
            assert b'"hours":1000' in content
            assert not any(secret in content for secret in (b"564738", b"43217", b"31.87"))


def test_thirty_lots_cost_what_ten_do(reader, territory, count_queries):
    market = MarketFactory()

    def more(number):
        LotFactory.create_batch(number - 1, territory=territory, market=market)
        LotFactory(territory=territory, market=market, retained=True)

    more(10)
    reader.read("/lots")
    ten = count_queries(lambda: reader.read("/lots"))
    more(20)
    assert count_queries(lambda: reader.read("/lots")) == ten <= 12


def test_a_territory_without_convention_is_not_read(as_key, territory, convention):
    convention.territories.set([TerritoryFactory()])
    LotFactory(territory=territory)
    assert as_key(KeyScope.READ_MARKETS).read("/lots").json()["items"] == []
