"""A year's programme comes in: one file, its operations, markets, lots and calendar, and nothing twice (C5)."""

import json
from datetime import date
from decimal import Decimal

import pytest

from markets.enums import LotState, MarketKind, Procedure
from markets.models import Lot, LotFinancials, Market, MarketFinancials
from operations.models import Operation
from tests.factories.preparation import TradeFactory
from tests.markets.programme.sheets import HEADERS, a_line, as_csv, as_ods, as_xlsx
from tests.support import canaries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [as_xlsx, as_ods, as_csv])
def test_a_line_gives_an_operation_a_market_and_a_programmed_lot(bring, outcomes, direction, places, make):
    assert outcomes(bring(file=make(a_line()))) == [("created", "")]
    market = Market.objects.get()
    assert (market.number, market.title) == ("2027-014", "Réfection des façades")
    assert (market.kind, market.procedure) == (MarketKind.WORKS, Procedure.ADAPTED)
    assert market.planned_publication_on == date(2027, 1, 15)
    assert (market.starts_on, market.ends_on) == (date(2027, 7, 1), date(2028, 2, 28))
    operation = market.operation
    assert (operation.reference, operation.title, operation.directorate) == ("OP-2027-12", "Collège Mignet", direction)
    lot = market.lots.get()
    assert (lot.state, lot.territory, lot.firm_months) == (LotState.PROGRAMMED, places["AIX"], 8)
    assert lot.financials.estimated_amount == market.financials.estimated_amount == Decimal(125_000)


def test_the_author_is_in_the_history(bring, agent):
    bring(a_line())
    assert Lot.objects.get().history.first().history_user == agent


def test_a_trial_does_the_same_work_and_writes_nothing(bring, outcomes):
    assert outcomes(bring(a_line(), dry_run=True)) == [("created", "")]
    assert not Operation.objects.exists()
    assert not Market.objects.exists()


def test_the_same_file_twice_changes_nothing(bring, outcomes):
    lines = [a_line(), a_line(market_number=None, title="Toiture"), a_line(lot_number=2, lot_title="Peinture")]
    bring(*lines)
    before = Lot.history.count(), Market.history.count(), LotFinancials.history.count(), Operation.history.count()
    assert [outcome for outcome, _ in outcomes(bring(*lines))] == ["unchanged"] * 3
    after = Lot.history.count(), Market.history.count(), LotFinancials.history.count(), Operation.history.count()
    assert after == before


def test_the_lots_of_a_market_come_line_by_line(bring, outcomes, places):
    run = bring(
        a_line(lot_number="Lot 01", lot_title="Gros œuvre", starts_on="01/07/2027", ends_on="31/12/2027"),
        a_line(lot_number=2, lot_title="Peinture", communes="Martigues", starts_on="01/11/2027", ends_on="30/04/2028"),
    )
    assert [outcome for outcome, _ in outcomes(run)] == ["created", "created"]
    market = Market.objects.get()
    lots = list(market.lots.order_by("number").values_list("number", "title", "territory__code"))
    assert lots == [("1", "Gros œuvre", "AIX"), ("2", "Peinture", "MARTIGUES")]
    assert (market.starts_on, market.ends_on) == (date(2027, 7, 1), date(2028, 4, 30))
    assert sorted(commune.name for commune in market.operation.communes.all()) == ["Aix-en-Provence", "Martigues"]


def test_merged_cells_go_on_with_the_market_above(bring):
    blank = dict.fromkeys(("operation_reference", "operation_title", "market_number", "title", "communes"))
    bring(a_line(lot_number=1, lot_title="Gros œuvre"), a_line(**blank, lot_number=2, lot_title="Peinture"))
    assert Market.objects.get().lots.count() == 2


def test_a_market_without_a_number_gets_a_provisional_one(bring, outcomes):
    run = bring(a_line(market_number=None), a_line(market_number=None, title="Toiture"))
    assert sorted(Market.objects.values_list("number", flat=True)) == ["PRG-DEJ-2027-001", "PRG-DEJ-2027-002"]
    assert "numéro provisoire PRG-DEJ-2027-001" in outcomes(run)[0][1]


def test_the_number_of_procurement_replaces_a_provisional_one(bring, outcomes):
    bring(a_line(market_number=None))
    assert outcomes(bring(a_line())) == [("updated", "")]
    assert Market.objects.get().number == "2027-014"


def test_a_market_is_found_by_its_object_when_the_line_has_no_number(bring, outcomes):
    bring(a_line())
    assert outcomes(bring(a_line(market_number=None))) == [("unchanged", "")]
    assert Market.objects.count() == 1


def test_what_changed_is_written_and_a_blank_erases_nothing(bring, outcomes):
    bring(a_line())
    run = bring(a_line(planned_publication_on="01/02/2027", kind=None, firm_months=None, lot_amount=130_000))
    assert outcomes(run) == [("updated", "")]
    market = Market.objects.get()
    assert (market.planned_publication_on, market.kind) == (date(2027, 2, 1), MarketKind.WORKS)
    assert market.lots.get().firm_months == 8
    assert LotFinancials.objects.get().estimated_amount == Decimal(130_000)


def test_a_lot_beyond_the_programme_is_left_as_it_is(bring, outcomes):
    bring(a_line())
    lot = Lot.objects.get()
    lot.submit()
    lot.save()
    changed = a_line(planned_publication_on="01/02/2027", title="Réfection des façades", kind="Services", lot_amount=9)
    ((outcome, details),) = outcomes(bring(changed))
    assert outcome == "updated"
    assert "lot 1 déjà à l’instruction ou au-delà, laissé tel quel" in details
    market = Market.objects.get()
    assert (market.planned_publication_on, market.kind) == (date(2027, 2, 1), MarketKind.WORKS)
    assert LotFinancials.objects.get().estimated_amount == MarketFinancials.objects.get().estimated_amount == 125_000


def test_a_notified_market_is_left_as_it_is(bring, outcomes):
    bring(a_line())
    Market.objects.update(notified_on=date(2026, 9, 1))
    run = bring(a_line(planned_publication_on="01/02/2027"), a_line(lot_number=2, lot_title="Peinture"))
    assert [outcome for outcome, _ in outcomes(run)] == ["unchanged", "refused"]
    assert "marché déjà notifié, laissé tel quel" in outcomes(run)[0][1]
    assert Market.objects.get().planned_publication_on == date(2027, 1, 15)
    assert Lot.objects.count() == 1


def test_the_sum_of_the_lots_is_compared_without_a_figure(bring, outcomes):
    lots = [
        a_line(lot_number=1, lot_amount=60_000, market_amount=100_000),
        a_line(lot_number=2, lot_amount=50_000),
    ]
    assert "la somme des lots diffère du montant du marché" in outcomes(bring(*lots))[0][1]
    assert MarketFinancials.objects.get().estimated_amount == Decimal(100_000)
    lots[1] = a_line(lot_number=2, lot_amount=40_000)
    assert "somme" not in outcomes(bring(*lots))[0][1]


def test_the_trade_is_recognised_by_its_label(bring, outcomes):
    trade = TradeFactory(label="Peinture, revêtements muraux")
    bring(a_line(trade="PEINTURE"))
    assert Lot.objects.get().trade == trade
    assert "corps de métier inconnu" in outcomes(bring(a_line(trade="Alchimie")))[0][1]


def test_the_report_holds_no_amount(bring):
    secret = canaries.amount("amount", "montant", Decimal("918273.64"))
    run = bring(
        a_line(lot_amount=Decimal("918273.64"), market_amount="1 918 273,64 €"),
        a_line(lot_number=2, lot_amount="environ 918273.64"),
        a_line(lot_number=3, communes="918273.64", territory=918273.64),
        a_line(lot_number=4, firm_months="918 273,64"),
    )
    assert secret.found_in(json.dumps(run.report, ensure_ascii=False).lower()) is None
    assert run.report["counts"]["refused"] == 3


def test_columns_are_recognised_under_other_names(bring, outcomes, places):
    headers = ["N° opération", "Projet", "Ville", "Objet", "Estimation", "Publication"]
    line = ["OP-9", "Collège Mignet", "13100", "Réfection du préau", 80_000, "T1 2027"]
    run = bring(file=as_csv(line, headers=headers))
    assert outcomes(run)[0][0] == "refused"
    assert "plusieurs communes" in outcomes(run)[0][1]
    line[2] = "AIX EN PROVENCE"
    assert outcomes(bring(file=as_csv(line, headers=headers)))[0][0] == "created"
    assert Market.objects.get().planned_publication_on == date(2027, 1, 1)


def test_a_file_without_its_main_columns_asks_for_them(bring):
    run = bring(file=as_csv(["Collège", "a"], ["Lycée", "b"], headers=["Projet", "Remarque"]))
    assert run.state == "done"
    assert run.report["missing"] == ["Référence de l’opération", "Objet du marché"]
    assert run.report["headers"] == ["Projet", "Remarque"]
    assert not Operation.objects.exists()


def test_columns_that_were_shown_once_are_remembered(bring, outcomes):
    headers = ["Code", "Quoi", "Où"]
    file = as_csv(["OP-9", "Réfection du préau", "Aix-en-Provence"], headers=headers)
    mapping = {"operation_reference": 0, "title": 1, "communes": 2}
    assert bring(file=file).report["missing"]
    assert outcomes(bring(file=file, mapping=mapping))[0][0] == "created"
    other = as_csv(["OP-10", "Toiture", "Venelles"], headers=headers)
    assert outcomes(bring(file=other))[0][0] == "created"


def test_a_mapping_that_does_not_fit_the_file_is_set_aside(bring, outcomes):
    run = bring(a_line(), mapping={"title": 99, "operation_reference": 0})
    assert outcomes(run)[0][0] == "created"
    assert run.mapping["title"] == HEADERS.index("Objet du marché")
