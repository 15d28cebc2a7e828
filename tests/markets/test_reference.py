"""What every installation is given about trades, thresholds, penalties and criteria, and what it keeps of its own."""

from datetime import date
from decimal import Decimal

import pytest

from markets import reference
from markets.legal import SHIPPED_THRESHOLDS
from markets.models import (
    CpvCode,
    CriteriaGrid,
    Criterion,
    LegalThreshold,
    PenaltyRule,
    RomeCode,
    Trade,
    TradeParameters,
)

pytestmark = pytest.mark.django_db

TABLES = (RomeCode, CpvCode, Trade, TradeParameters, LegalThreshold, PenaltyRule, CriteriaGrid, Criterion)
DATED = (TradeParameters, LegalThreshold, PenaltyRule)


@pytest.fixture
def loaded():
    return reference.load()


def everything():
    links = Trade.occupations.through.objects.order_by("trade", "romecode").values_list("trade", "romecode")
    return [list(model.objects.order_by("pk").values()) for model in TABLES] + [list(links)]


def test_a_trade_has_its_codes_its_occupations_and_its_usual_values(loaded):
    assert loaded == Trade.objects.count() == 33
    trade = Trade.objects.get(code="nettoyage")
    assert trade.cpv_codes == ["90910000", "90911200"]
    assert [occupation.code for occupation in trade.occupations.all()] == ["K2204", "K2205"]
    usual = trade.usual_values.get()
    assert (usual.labour_share_low, usual.hourly_cost_high) == (Decimal("0.8"), Decimal(26))
    assert (usual.insertion_rate_low, usual.insertion_rate_high) == (Decimal("0.05"), Decimal("0.2"))
    assert (usual.valid_from, usual.valid_until) == (date(2026, 1, 1), None)


def test_a_trade_without_a_usual_rate_has_none(loaded):
    assert TradeParameters.objects.get(trade__code="ascenseurs").insertion_rate_low is None


def test_the_law_the_tariff_and_the_grid_are_there(loaded):
    assert LegalThreshold.objects.count() == len(SHIPPED_THRESHOLDS)
    in_force = LegalThreshold.objects.valid_on(date(2026, 8, 21))
    assert in_force.get(category="supplies_services_local").value == 216_000
    assert PenaltyRule.objects.get(code="hours_fixed").value == 50
    assert not PenaltyRule.objects.filter(code="hours_ceiling").exists()  # the other tariff of the same breach
    grid = CriteriaGrid.objects.in_force()
    assert (grid.version, grid.valid_from) == (1, date(2026, 1, 1))
    assert sum(criterion.weight for criterion in grid.criteria.all()) == 100
    assert list(grid.criteria.values_list("position", flat=True)) == list(range(1, 13))
    assert grid.criteria.get(code="computed_hours").floor == 150


def test_every_row_is_one_a_form_would_accept(loaded):
    for model in TABLES:
        for row in model.objects.all():
            row.full_clean()


def test_each_dated_row_has_the_beginning_of_its_history(loaded):
    for model in DATED:
        assert model.history.filter(history_type="+").count() == model.objects.count() > 0


def test_loading_again_changes_nothing(loaded):
    before = everything()
    reference.load()
    assert everything() == before
    assert [model.history.count() for model in DATED] == [model.objects.count() for model in DATED]


def test_loading_again_costs_few_queries(loaded, count_queries):
    assert count_queries(reference.load) <= 25


def test_loading_again_corrects_what_nobody_edits(loaded):
    RomeCode.objects.filter(code="K2204").update(label="Nettoyeur")
    Trade.objects.filter(code="nettoyage").update(label="Propreté", cpv_codes=[])
    Trade.objects.get(code="peinture").occupations.clear()
    reference.load()
    assert RomeCode.objects.get(code="K2204").label != "Nettoyeur"
    assert Trade.objects.get(code="nettoyage").label == "Nettoyage de locaux"
    assert Trade.objects.get(code="peinture").occupations.exists()


def test_loading_again_keeps_what_the_office_edited(loaded):
    LegalThreshold.objects.filter(category="works").update(value=1)
    TradeParameters.objects.filter(trade__code="peinture").update(hourly_cost_low=1)
    PenaltyRule.objects.filter(code="hours_fixed").update(value=1, valid_until=date(2026, 6, 30))
    CpvCode.objects.filter(code="45442100").update(label="Travaux de peinture")
    CriteriaGrid.objects.create(version=2, note="La nôtre", valid_from=date(2026, 6, 1))
    before = everything()
    reference.load()
    assert everything() == before


def test_a_new_threshold_of_the_office_is_not_doubled(loaded):
    LegalThreshold.objects.filter(category="works").exclude(valid_until=None).delete()
    reference.load()
    assert LegalThreshold.objects.filter(category="works").count() == 1


def test_what_is_missing_comes_back(loaded):
    TradeParameters.objects.filter(trade__code="peinture").delete()
    PenaltyRule.objects.filter(code="hours_fixed").delete()
    LegalThreshold.objects.filter(category="works").delete()
    reference.load()
    assert TradeParameters.objects.filter(trade__code="peinture").count() == 1
    assert PenaltyRule.objects.filter(code="hours_fixed").count() == 1
    assert LegalThreshold.objects.filter(category="works").count() == 3
