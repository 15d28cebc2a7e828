"""Markets by key: deposited with their first lot, read with the hours in sight, never an amount (C5, C22, C27)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clauses_portal.core.errors import NOT_FOUND
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import ExternalReference
from markets.enums import ExecutionTerm
from markets.models import Lot, Market, MarketTotal
from tests.factories.companies import CountingRuleFactory
from tests.factories.facilitators import CommuneFactory, ConventionFactory, TerritoryFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFactory, MarketFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.support.writing import accepted, not_to_be_sent

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

ESTIMATE = Decimal("918273.64")


@pytest.fixture
def operation(territory):
    return OperationFactory(communes=[territory.communes.first()])


@pytest.fixture
def sent(operation):
    """A body that is accepted; `territory` is the first of the convention."""
    return {
        "operation": operation.pk,
        "buyer_siret": "22130001500247",
        "number": "2026-M1",
        "title": "Rénovation du collège",
        "kind": "works",
        "territory": "AIX",
    }


def test_a_market_is_deposited_with_its_first_lot(depositor, sent, territory):
    response = depositor.write("/markets", sent | {"external_reference": "M-7", "notified_on": "2026-09-01"})
    assert response.status_code == 201, response.json()
    market = Market.objects.get()
    assert response.json() == depositor.read(f"/markets/{market.pk}").json()
    assert response.json()["external_reference"] == "M-7"
    assert response.json()["hours"] == {"required": 0, "declared": "0.00", "counted": "0.00"}
    assert response.json()["counting_rule"]["training_counts"] is True
    assert (market.lots.get().territory, market.notified_on) == (territory, date(2026, 9, 1))
    assert market.history.get().history_user == depositor.account


def test_hours_are_those_of_the_territories_of_the_key(reader, territory, elsewhere):
    lot = LotFactory(territory=territory)
    CountingRuleFactory(market=lot.market, tolerance_days=30)
    for place, required in ((territory, 1000), (elsewhere, 200), (TerritoryFactory(), 5000)):
        hours = {"declared": Decimal("70.5"), "counted": Decimal("60.25")}
        MarketTotal.objects.create(market=lot.market, territory=place, required=required, **hours)
    read = reader.read(f"/markets/{lot.market_id}").json()
    assert read["hours"] == {"required": 1200, "declared": "141.00", "counted": "120.50"}
    assert read["counting_rule"]["tolerance_days"] == 30


def test_a_market_elsewhere_does_not_exist(depositor, outside):
    assert depositor.read("/markets").json()["items"] == []
    for answer in (
        lambda pk: depositor.read(f"/markets/{pk}"),
        lambda pk: depositor.change(f"/markets/{pk}", {"title": "Autre", "version": 1}),
    ):
        there, nowhere = answer(outside.market_id), answer(outside.market_id + 1000)
        assert (there.status_code, there.content) == (404, nowhere.content)
        assert there.json()["detail"] == NOT_FOUND


def test_what_a_market_is_bound_to_is_in_sight(depositor, sent, outside):
    """The same words for what is elsewhere and for what is not (A7)."""
    CommuneFactory(territory=outside.territory)
    foreign = OperationFactory(communes=[outside.territory.communes.first()])
    told = [
        depositor.write("/markets", sent | {"operation": operation}) for operation in (foreign.pk, foreign.pk + 1000)
    ]
    assert [answer.status_code for answer in told] == [400, 400]
    assert told[0].content == told[1].content
    places = [depositor.write("/markets", sent | {"territory": code}) for code in (outside.territory.code, "ZZ")]
    assert [answer.status_code for answer in places] == [400, 400]
    assert places[0].content == places[1].content
    assert Market.objects.count() == 1


def test_a_key_that_reads_does_not_write(reader, sent, territory):
    market = LotFactory(territory=territory).market
    refused = [
        reader.write("/markets", sent),
        reader.write("/markets/bulk", {"items": [sent]}),
        reader.change(f"/markets/{market.pk}", {"title": "Autre", "version": 1}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "forbidden")}
    assert Market.objects.count() == 1


def test_a_key_of_persons_does_not_read_markets(as_key, territory):
    LotFactory(territory=territory)
    assert as_key(KeyScope.READ_PERSONS).read("/markets").status_code == 403


def test_only_its_own_fields_are_taken(depositor, sent, territory):
    market = LotFactory(territory=territory).market
    before = Market.objects.filter(pk=market.pk).values().get()
    fields = {"external_reference", "version", "defence", "volume", "execution_terms", "social_considerations"}
    fields |= {"procedure", "technique", "cpv", "consultation_on", "notified_on", "starts_on", "ends_on"}
    fields |= {"duration_months", "planned_publication_on", "planned_tenders_on", "planned_notification_on"}
    names = not_to_be_sent(Market, {*sent, *fields})
    assert {"id", "source", "source_key", "submitted_by", "submitted_at", "lots", "financials"} <= set(names)
    assert accepted(lambda body: depositor.write("/markets", sent | body), names) == []
    path = f"/markets/{market.pk}"
    assert accepted(lambda body: depositor.change(path, {"version": 1} | body), [*names, "territory"]) == []
    assert Market.objects.filter(pk=market.pk).values().get() == before
    assert Market.objects.count() == 1


def test_a_change_names_the_version_that_was_read(depositor, territory):
    path = f"/markets/{LotFactory(territory=territory).market_id}"
    version = depositor.read(path).json()["version"]
    assert depositor.change(path, {"title": "Sans version"}).status_code == 400
    changed = depositor.change(path, {"title": "Collège neuf", "version": version})
    assert (changed.status_code, changed.json()["title"]) == (200, "Collège neuf")
    stale = depositor.change(path, {"title": "Trop tard", "version": version})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert Market.objects.get().title == "Collège neuf"


def test_many_are_written_or_none(depositor, sent):
    lines = [sent | {"number": f"2026-M{rank}"} for rank in range(3)]
    wrong = [lines[0], lines[1] | {"kind": "autre"}, lines[2] | {"number": "2026-M0"}]
    refused = depositor.write("/markets/bulk", {"items": wrong})
    assert (refused.status_code, Market.objects.count()) == (422, 0)
    assert [(error["line"], error["field"]) for error in refused.json()["errors"]] == [(2, "kind"), (3, "")]
    written = depositor.write("/markets/bulk", {"items": lines})
    assert written.status_code == 201, written.json()
    assert [row["number"] for row in written.json()["items"]] == ["2026-M0", "2026-M1", "2026-M2"]
    assert Lot.objects.count() == 3


def test_a_reference_names_one_market_of_a_structure(depositor, sent):
    first = depositor.write("/markets", sent | {"external_reference": "M-7"}).json()
    again = depositor.write("/markets", sent | {"external_reference": "M-7", "number": "2026-M2"})
    assert (again.status_code, again.json()["code"]) == (409, "reference_taken")
    assert again.json()["existing"] == first["id"]
    assert ExternalReference.objects.get().object_id == first["id"]
    found = depositor.read("/markets", {"external_reference": "M-7"}).json()["items"]
    assert [row["id"] for row in found] == [first["id"]]


def test_another_structure_has_its_own_references(depositor, as_key, sent):
    place = TerritoryFactory()
    commune, convention = CommuneFactory(territory=place), ConventionFactory(territories=[place])
    other = as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR, structure=convention.structure)
    theirs = {"operation": OperationFactory(communes=[commune]).pk, "territory": place.code, "number": "2026-M2"}
    for key, body in ((depositor, sent), (other, sent | theirs)):
        assert key.write("/markets", body | {"external_reference": "M-7"}).status_code == 201
    assert [row["number"] for row in other.read("/markets", {"external_reference": "M-7"}).json()["items"]] == [
        "2026-M2"
    ]


def test_a_list_of_values_is_short_and_without_doubles(depositor, sent):
    long = depositor.write("/markets", sent | {"execution_terms": ["x"] * 100_000})
    assert (long.status_code, len(long.json()["errors"])) == (400, 1)
    term = ExecutionTerm.values[0]
    terms = depositor.write("/markets", sent | {"execution_terms": [term, term]}).json()["execution_terms"]
    assert terms == [term]


def test_what_changed_since_a_moment_is_asked(reader, territory):
    market = LotFactory(territory=territory).market
    now = timezone.now()
    for moment, expected in ((now - timedelta(hours=1), [market.pk]), (now + timedelta(hours=1), [])):
        items = reader.read("/markets", {"modified_since": moment.isoformat()}).json()["items"]
        assert [row["id"] for row in items] == expected


def test_a_list_is_filtered_by_what_it_shows(reader, territory):
    market, other = (LotFactory(territory=territory).market for _ in range(2))
    for name, value in (("operation", market.operation_id), ("number", market.number)):
        assert [row["id"] for row in reader.read("/markets", {name: value}).json()["items"]] == [market.pk]
    both = reader.read("/markets", {"buyer_siret": market.buyer_siret}).json()["items"]
    assert [row["id"] for row in both] == [market.pk, other.pk]


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": "1000000000"},
        {"ordering": "number"},
        {"montant__gt": "1"},
        {"financials__estimated_amount__gt": "900000"},
        {"operation": "x"},
        {"modified_since": "hier"},
    ],
)
def test_a_list_answers_no_other_question(reader, territory, asked):
    LotFactory(territory=territory)
    response = reader.read("/markets", asked)
    assert (response.status_code, [error["field"] for error in response.json()["errors"]]) == (400, [*asked])


def test_no_amount_is_ever_read(reader, territory):
    lot = LotFactory(territory=territory)
    MarketFinancialsFactory(market=lot.market, estimated_amount=ESTIMATE)
    LotFinancialsFactory(lot=lot, estimated_amount=ESTIMATE)
    for path in ("/markets", f"/markets/{lot.market_id}", "/lots", f"/lots/{lot.pk}"):
        assert b"918273" not in reader.read(path).content


def test_thirty_markets_cost_what_ten_do(reader, territory, count_queries):
    operation = OperationFactory()

    def more(number):
        for _ in range(number):
            LotFactory(territory=territory, market=MarketFactory(operation=operation))

    more(10)
    reader.read("/markets")
    ten = count_queries(lambda: reader.read("/markets"))
    more(20)
    assert count_queries(lambda: reader.read("/markets")) == ten <= 12
