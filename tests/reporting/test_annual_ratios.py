"""What is told in euros: ratios of three markets at least, for those who see the amounts, and nowhere else (C27)."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from reporting.enums import FileKind, StatementKind
from reporting.models import StatementFile, StatementRatios
from reporting.statements.annual import build_annual
from reporting.statements.annual_ratios import annual_ratios, hidden_ranks
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.reporting import StatementFactory

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]


def annual(**place):
    place = {"territory": None, **place}
    return StatementFactory(kind=StatementKind.ANNUAL, period_code="2026", **place)


def market(territory, amount, kind="works", considerations=("clause",), **lot):
    """A market of one awarded lot, 1 000 h due, with this awarded amount (€)."""
    made = LotFactory(
        territory=territory,
        awarded=True,
        market__kind=kind,
        market__social_considerations=list(considerations),
        **lot,
    )
    if amount is not None:
        MarketFinancialsFactory(market=made.market, awarded_amount=Decimal(amount))
    return made.market


def test_ratios_of_the_year(territory):
    for amount in (1_000_000, 2_000_000, 1_000_000):
        market(territory, amount)
    market(territory, 4_000_000, considerations=["none"])
    market(territory, None)
    ratios = annual_ratios(annual(territory=territory))
    assert ratios["rows"] == [
        {"label": "Ensemble", "markets": 4, "share": "50.0", "hours": "500.0"},
        {"label": "Travaux", "markets": 4, "share": "50.0", "hours": "500.0"},
    ]
    assert ratios["unknown"] == 1


def test_fewer_than_three_markets_tell_nothing(territory):
    market(territory, 1_000_000)
    market(territory, 2_000_000)
    (whole, works) = annual_ratios(annual(territory=territory))["rows"]
    assert (whole["share"], whole["hours"], works["share"], works["hours"]) == (None, None, None, None)


def test_what_would_be_worked_out_by_subtraction_is_kept_back(territory):
    for amount in (1_000_000, 1_000_000, 1_000_000):
        market(territory, amount)
        market(territory, amount, kind="services")
    market(territory, 7_000_000, kind="supplies")
    rows = {row["label"]: row["hours"] for row in annual_ratios(annual())["rows"]}
    assert rows == {"Ensemble": "538.5", "Travaux": None, "Services": "1000.0", "Fournitures": None}


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [([3, 3], set()), ([2, 2, 5], {0, 1}), ([1, 4, 3], {0, 2}), ([1], {0}), ([0, 3], {0}), ([], set())],
)
def test_parts_that_may_be_told(sizes, hidden):
    assert hidden_ranks(sizes) - {rank for rank, size in enumerate(sizes) if not size} == hidden - {
        rank for rank, size in enumerate(sizes) if not size
    }


def test_a_market_shared_with_another_territory_is_not_priced_here(territory, elsewhere):
    shared = market(territory, 1_000_000)
    LotFactory(territory=elsewhere, market=shared)
    assert annual_ratios(annual(territory=territory))["rows"][0]["markets"] == 0
    assert annual_ratios(annual())["rows"][0]["markets"] == 1


def test_the_amounts_of_the_lots_make_the_amount_of_a_market(territory):
    lots = [LotFactory(territory=territory, awarded=True)]
    lots.append(LotFactory(territory=territory, awarded=True, market=lots[0].market))
    statement = annual()
    LotFinancialsFactory(lot=lots[0], awarded_amount=Decimal(600_000))
    assert annual_ratios(statement)["unknown"] == 1
    LotFinancialsFactory(lot=lots[1], awarded_amount=Decimal(400_000))
    assert annual_ratios(statement)["rows"][0]["markets"] == 1


def test_ratios_hold_no_amount_and_the_snapshot_no_ratio(territory):
    for amount in (1_234_567, 2_345_678, 3_456_789):
        market(territory, amount)
    statement = annual(territory=territory)
    texts = json.dumps(annual_ratios(statement)), json.dumps(build_annual(statement, dated_on=date(2027, 1, 12)))
    for amount in ("1234567", "2345678", "3456789", "7037034"):
        assert amount not in texts[0] + texts[1]
    assert "million" not in texts[1]


def test_the_share_of_contracts_with_a_social_consideration(territory):
    for considerations in (["clause", "criterion"], ["none"], ["reserved"], []):
        LotFactory(territory=territory, market__social_considerations=considerations)
    data = build_annual(annual(territory=territory), dated_on=date(2027, 1, 12))
    values = {row["code"]: row["value"] for part in data["parts"] for row in part["rows"]}
    assert (values["markets_notified"], values["markets_considerate"]) == (4, 2)
    assert values["markets_considerate_share"] == "50.0"
    tables = {table["code"]: table["rows"] for part in data["parts"] for table in part["tables"]}
    assert [(row["label"], row["value"]) for row in tables["markets_notified_by_consideration"]] == [
        ("Clause et critère social", 1),
        ("Marché réservé", 1),
        ("Pas de considération sociale", 1),
        ("Déclaration non renseignée", 1),
    ]


@pytest.mark.usefixtures("convention")
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MISSION_OFFICER, 200),
        (Role.LEGAL_OFFICER, 200),
        (Role.FACILITATOR, 200),
        (Role.DIRECTOR, 404),
        (Role.ADMINISTRATOR, 404),
    ],
)
def test_the_restricted_version_is_for_those_who_see_the_amounts(as_role, territory, role, status):
    statement = StatementFactory(kind=StatementKind.ANNUAL, period_code="2025", territory=territory)
    file = StatementFile.objects.create(
        statement=statement,
        kind=FileKind.RESTRICTED,
        name="restreint.pdf",
        mime="application/pdf",
        content=b"%PDF-1.7",
        size=8,
        sha256="0" * 64,
    )
    StatementRatios.objects.create(statement=statement, data={"rows": []})
    StatementFactory._meta.model.objects.filter(pk=statement.pk).update(
        state="published",
        published_at="2026-07-10T09:00:00Z",
        published_by=as_role(Role.MISSION_OFFICER).user,
        snapshot={"schema": 1},
        pdf="statements/2026/etat.pdf",
        sha256="0" * 64,
    )
    client = as_role(role)
    assert client.get(reverse("reporting:file", args=[file.pk])).status_code == status
    assert StatementRatios.objects.visible_to(client.user).exists() == (status == 200)
