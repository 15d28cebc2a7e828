"""What each market is to declare, and where its declaration contradicts the portal (domain.md §11, §12 n° 41)."""

import io
from itertools import chain, combinations

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from facilitators.enums import Role
from markets.enums import ClauseOutcome, LotState
from markets.models import ClauseDecision, Lot, Market, MarketTotal
from reporting.consolidation.decp import NOT_DECLARED, declarations, findings
from reporting.enums import DeclarationState
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, MarketFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.support.pages import table, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


def found():
    """{key of the market: its Finding}."""
    return {finding.market.pk: finding for finding in findings(declarations(Market.objects.all()))}


def sentences():
    """{key of the market: what is to correct}."""
    return {pk: finding.sentence for pk, finding in found().items() if finding.sentence}


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
    assert len(sentences()) == 5


def test_each_reads_the_markets_of_her_scope(as_role, territory, elsewhere):
    here = a_market(territory, ["none"], retained=True)
    there = a_market(elsewhere, ["none"], retained=True)
    url = reverse("reporting:decp")
    for role, numbers in ((Role.MISSION_OFFICER, {here.number, there.number}), (Role.FACILITATOR, {here.number})):
        assert {row[0] for row in table(as_role(role).get(url))} == numbers
        assert {row[0] for row in table(as_role(role).get(url, {"declaration": ""}))} == numbers


def test_the_file_says_what_the_page_says(as_role, territory):
    a_market(territory, ["none"], retained=True)
    client = as_role(Role.MISSION_OFFICER)
    rows = table(client.get(reverse("reporting:decp")))
    sent = client.get(reverse("reporting:decp_export", args=["xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.getvalue())).get_sheet_by_index(0).to_python()
    assert [" ".join(str(cell).split()) for cell in book[1]] == rows[0]
    other = client.get(reverse("reporting:decp_export", args=["csv"]), {"declaration": "agrees"})
    assert len(other.getvalue().decode().splitlines()) == 1


def test_nothing_to_correct_is_good_news(as_role):
    assert "Rien à corriger" in words(as_role(Role.MISSION_OFFICER).get(reverse("reporting:decp")))


def test_a_filter_without_a_market_says_so(as_role):
    response = as_role(Role.MISSION_OFFICER).get(reverse("reporting:decp"), {"declaration": "agrees"})
    assert "Aucun marché" in words(response)


# Decisions on a lot: (outcome, legal basis, other consideration), None for a lot that waits for its own.
EXECUTION, CRITERION = (ClauseOutcome.CLAUSE, "execution", ""), (ClauseOutcome.CLAUSE, "criterion", "")
BOTH, KEPT = (ClauseOutcome.CLAUSE, "execution_and_criterion", ""), (ClauseOutcome.CLAUSE, "reserved_both", "")
NOTHING, RESERVED = (ClauseOutcome.NO_CLAUSE, "", ""), (ClauseOutcome.NO_CLAUSE, "", "reserved")
TRAINING = (ClauseOutcome.NO_CLAUSE, "", "training")
MARKETS = {
    (): "",
    (None,): "",
    (EXECUTION,): "Clause sociale",
    (CRITERION,): "Critère social",
    (BOTH,): "Clause sociale, Critère social",
    (KEPT,): "Marché réservé",
    (RESERVED,): "Marché réservé",
    (NOTHING,): "Pas de considération sociale",
    (TRAINING,): "Clause sociale",
    (EXECUTION, NOTHING): "Clause sociale",
    (CRITERION, KEPT): "Critère social, Marché réservé",
    (EXECUTION, None): "Clause sociale",
    (NOTHING, None): "Pas de considération sociale",
    (CRITERION, None): "Critère social",
}


def decided(territory, decisions):
    """A market with a lot for each of these decisions, written without the services: thirty decisions cost little."""
    market = MarketFactory()
    for number, decision in enumerate(decisions):
        state = LotState.RETAINED if decision else LotState.TO_REVIEW
        lot = Lot.objects.create(market=market, number=str(number), title="Lot", territory=territory, state=state)
        if decision:
            outcome, basis, nature = decision
            ClauseDecision(
                lot=lot,
                outcome=outcome,
                legal_basis=basis,
                nature=nature,
                reason="Lot trop court.",
                decided_at=market.history.get().history_date,
                decided_by=author(),
            ).save()
    return market


def test_the_values_of_each_decision(territory):
    markets = {decided(territory, decisions).pk: expected for decisions, expected in MARKETS.items()}
    told = found()
    assert {pk: told[pk].expected if pk in told else "" for pk in markets} == markets


def test_a_concession_has_its_own_word(territory):
    market = decided(territory, (KEPT, EXECUTION))
    Market.objects.filter(pk=market.pk).update(kind="concession", social_considerations=["reserved"])
    finding = found()[market.pk]
    assert (finding.expected, finding.declared) == ("Clause sociale, Concession réservée", "Concession réservée")
    assert finding.state == DeclarationState.TO_CORRECT


def test_the_database_agrees_with_the_sentences(territory):
    """Each set of decisions, each declaration, with hours or without: what is filtered is what is told."""
    markets = [decided(territory, decisions) for decisions in MARKETS]
    MarketTotal.objects.bulk_create(MarketTotal(market=market, territory=territory) for market in markets)
    values = ("clause", "criterion", "reserved", "none")
    seen = set()
    for hours in (0, 12):
        MarketTotal.objects.update(declared=hours, counted=hours)
        for declared in chain.from_iterable(combinations(values, size) for size in range(len(values) + 1)):
            Market.objects.update(social_considerations=list(declared))
            for finding in found().values():
                assert (finding.state == DeclarationState.TO_CORRECT) == bool(finding.sentence), (declared, finding)
                seen.add(finding.state)
    assert seen == set(DeclarationState)


def test_a_value_that_is_expected_contradicts_nothing(territory):
    """Whoever corrects as the page says is done with it."""
    markets = [decided(territory, decisions) for decisions in MARKETS if decisions and None not in decisions]
    MarketTotal.objects.bulk_create(MarketTotal(market=market, territory=territory) for market in markets)
    codes = {"Clause sociale": "clause", "Critère social": "criterion", "Marché réservé": "reserved"}
    for hours in (0, 12):
        MarketTotal.objects.update(declared=hours, counted=hours)
        for finding in found().values():
            declared = [codes.get(label, "none") for label in finding.expected.split(", ")]
            Market.objects.filter(pk=finding.market.pk).update(social_considerations=declared)
        assert {finding.state for finding in found().values()} == {DeclarationState.AGREES}
