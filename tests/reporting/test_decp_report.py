"""Markets whose declaration contradicts the portal: told with what to correct (domain.md §11, §12 n° 41)."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from facilitators.enums import Role
from markets.models import Market
from reporting.consolidation.decp import NOT_DECLARED, candidates, findings
from tests.factories.markets import LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.pages import table, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


def sentences():
    return {finding.market.pk: finding.sentence for finding in findings(candidates(Market.objects.all()))}


def a_market(territory, declared, **state):
    return LotFactory(territory=territory, market__social_considerations=declared, **state).market


def with_hours(territory, declared):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    HoursEntryFactory(contract=contract)
    Market.objects.filter(pk=contract.market_id).update(social_considerations=declared)
    return contract.market


@pytest.mark.parametrize(
    ("state", "declared", "told"),
    [
        ("retained", ["clause"], ""),
        ("retained", [], ""),
        ("retained", ["none"], "Clause sociale est à déclarer"),
        ("retained", ["reserved"], "Clause sociale est à déclarer"),
        ("set_aside", ["clause"], "Pas de considération sociale est à déclarer"),
        ("set_aside", ["none"], ""),
    ],
)
def test_a_declaration_against_the_decision(territory, state, declared, told):
    market = a_market(territory, declared, **{state: True})
    assert told in sentences().get(market.pk, "")
    assert bool(told) == (market.pk in sentences())


def test_hours_without_a_declaration(territory):
    market = with_hours(territory, [])
    assert sentences() == {market.pk: NOT_DECLARED}


def test_hours_with_a_declared_clause_say_nothing(territory):
    with_hours(territory, ["clause"])
    assert sentences() == {}


def test_hours_of_a_market_that_nobody_decided_upon(territory):
    market = with_hours(territory, ["none"])
    market.lots.get().decision.delete()
    assert "le marché déclare « Pas de considération sociale »" in sentences()[market.pk]


def test_a_market_not_decided_yet_contradicts_nothing(territory):
    a_market(territory, ["clause"])
    assert sentences() == {}


def test_the_report_costs_the_same_however_many_markets(territory, count_queries):
    a_market(territory, ["none"], retained=True)
    first = count_queries(sentences)
    for _ in range(4):
        a_market(territory, ["none"], retained=True)
    assert count_queries(sentences) == first <= 2


def test_each_reads_the_markets_of_her_scope(as_role, territory, elsewhere):
    here = a_market(territory, ["none"], retained=True)
    there = a_market(elsewhere, ["none"], retained=True)
    url = reverse("reporting:decp")
    for role, numbers in ((Role.MISSION_OFFICER, {here.number, there.number}), (Role.FACILITATOR, {here.number})):
        assert {row[0] for row in table(as_role(role).get(url))} == numbers


def test_the_file_says_what_the_page_says(as_role, territory):
    a_market(territory, ["none"], retained=True)
    client = as_role(Role.MISSION_OFFICER)
    rows = table(client.get(reverse("reporting:decp")))
    sent = client.get(reverse("reporting:decp_export", args=["xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.getvalue())).get_sheet_by_index(0).to_python()
    assert [" ".join(str(cell).split()) for cell in book[1]] == rows[0]


def test_nothing_to_correct_is_good_news(as_role):
    assert "Rien à corriger" in words(as_role(Role.MISSION_OFFICER).get(reverse("reporting:decp")))
