"""What the forecast reads of the lots, for whom, and what its page and its export show (C10, C27)."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from facilitators.enums import Role
from markets.models import Calibration, Lot
from markets.services.forecast import forecast_of
from tests.factories.accounts import author
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.factories.preparation import RomeCodeFactory, TradeFactory
from tests.support.aviary import LOT_AMOUNT, SECRETS
from tests.support.canaries import everything_sent
from tests.support.pages import document, table, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

PAGE = reverse("markets:forecast")
EXPORT, WORKBOOK = (reverse("markets:forecast_export", args=[file_format]) for file_format in ("csv", "xlsx"))
YEAR = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}


@pytest.fixture
def mason(db):
    return RomeCodeFactory(code="F1703", label="Maçon")


def a_lot(territory, *, occupations=(), hours=1200, retained=True, **changes):
    """A lot of 2027 with its firm hours, retained or only proposed."""
    dates = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    operation = OperationFactory(communes=[territory.communes.first()])
    lot = LotFactory(territory=territory, market__operation=operation, **dates | changes)
    lot.occupations.set(occupations)
    a_version(lot, 1, hours, retained=retained)
    return lot


def a_version(lot, version, hours, *, retained=True, **changes):
    kept = {"retained_hours": hours, "retained_at": timezone.now(), "retained_by": author()} if retained else {}
    Calibration.objects.create(lot=lot, version=version, proposed_hours=hours, **kept, **changes)


def rows(**options):
    return forecast_of(Lot.objects.all(), **YEAR | options)


def total(row):
    return sum(cell.hours for cell in row.months.values()), sum(cell.estimated for cell in row.months.values())


def test_the_retained_hours_count_and_the_proposed_ones_are_estimated(territory, mason):
    a_lot(territory, occupations=[mason])
    a_lot(territory, occupations=[mason], hours=600, retained=False)
    (row,) = rows()
    assert total(row) == (1800, 600)


def test_the_last_retained_version_is_read_whatever_was_proposed_since(territory, mason):
    lot = a_lot(territory, occupations=[mason])
    a_version(lot, 2, 900, retained=False)
    assert total(*rows()) == (1200, 0)
    a_version(lot, 3, 900)
    assert total(*rows()) == (900, 0)


def test_options_and_amendments_are_not_firm(territory):
    lot = a_lot(territory)
    a_version(lot, 2, 50, purpose="amendment", label="Avenant 1")
    assert total(*rows()) == (1200, 0)


@pytest.mark.parametrize("state", ["closed", "set_aside"])
def test_what_is_over_or_without_clause_is_left_out(territory, state):
    lot = a_lot(territory)
    Lot.objects.filter(pk=lot.pk).update(state=state)
    assert rows() == []


def test_a_lot_without_hours_is_left_out(territory):
    LotFactory(territory=territory, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert rows() == []


def test_the_occupations_of_the_trade_stand_in_for_those_of_the_lot(territory, mason):
    trade = TradeFactory()
    trade.occupations.set([mason, RomeCodeFactory(code="F1704")])
    a_lot(territory, trade=trade)
    assert [row.code for row in rows()] == ["F1703", "F1704"]
    a_lot(territory, trade=trade, occupations=[RomeCodeFactory(code="A1203")])
    assert [row.code for row in rows()] == ["A1203", "F1703", "F1704"]


NO_DATES = {"starts_on": None, "ends_on": None}


@pytest.mark.parametrize(
    ("market", "lot", "months"),
    [
        ({"starts_on": date(2027, 3, 1), "ends_on": date(2027, 4, 30)}, {}, [3, 4]),
        (NO_DATES | {"planned_notification_on": date(2027, 5, 10)}, {"firm_months": 2}, [5, 6, 7]),
        (NO_DATES | {"planned_notification_on": date(2027, 5, 1), "duration_months": 2}, {}, [5, 6]),
        (NO_DATES | {"planned_notification_on": date(2027, 5, 1), "duration_months": None}, {}, []),
        (NO_DATES | {"planned_notification_on": None}, {"firm_months": 2}, []),
    ],
)
def test_the_dates_of_the_market_stand_in_for_those_of_the_lot(territory, market, lot, months):
    a_lot(territory, **NO_DATES, **lot, **{f"market__{name}": value for name, value in market.items()})
    (row,) = rows()
    assert sorted(month.month for month in row.months) == months
    assert bool(row.undated.hours) is (months == [])


def test_lots_carried_out_at_another_time_are_not_read(territory):
    a_lot(territory, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    a_lot(territory, starts_on=date(2029, 1, 1), ends_on=date(2029, 12, 31))
    assert rows() == []


def test_the_forecast_is_read_in_as_many_queries_whatever_the_lots(territory, mason, count_queries):
    trade = TradeFactory()
    trade.occupations.set([mason])
    costs = []
    for number in (1, 6):
        for _ in range(number):
            a_lot(territory, trade=trade)
            a_lot(territory, occupations=[mason])
        costs.append(count_queries(rows))
    assert costs[0] == costs[1] <= 4


def test_the_page_shows_each_occupation_month_by_month(as_role, territory, mason):
    a_lot(territory, occupations=[mason])
    a_lot(territory, occupations=[mason], hours=600, retained=False)
    response = as_role(Role.MISSION_OFFICER).get(PAGE, {"year": "2027"})
    (line,) = table(response)
    assert line[:3] == ["Maçon F1703", "Pays d’Aix", "150 *"]
    assert line[-3:] == ["1 800", "0,99", "5"]
    assert "1 800 h" in words(response)
    assert "600 h" in words(response)


def test_without_a_year_the_page_shows_the_next_twelve_months(as_role, territory, mason):
    a_lot(territory, occupations=[mason])
    response = as_role(Role.MISSION_OFFICER).get(PAGE)
    heads = [cell.text_content().strip() for cell in document(response).xpath("//table/thead//th")]
    assert (heads[2], heads[13]) == ("09/26", "08/27")
    assert table(response)[0][-3] == "800"
    assert table(as_role(Role.MISSION_OFFICER).get(PAGE, {"year": "zzz"}))[0][-3] == "800"


def test_hours_without_a_calendar_are_told(as_role, territory, mason):
    a_lot(territory, occupations=[mason], **NO_DATES, market__starts_on=None, market__ends_on=None)
    shown = words(as_role(Role.MISSION_OFFICER).get(PAGE))
    assert "Aucune heure prévue" in shown
    assert "Heures sans calendrier : 1 200 h" in shown
    assert "Maçon, Pays d’Aix : 1 200 h" in shown


def test_each_role_forecasts_what_it_sees(as_role, territory, elsewhere, mason):
    a_lot(territory, occupations=[mason])
    other = a_lot(elsewhere, occupations=[mason])
    direction = other.market.operation.directorate
    for client, places in [
        (as_role(Role.MISSION_OFFICER), {territory.name, elsewhere.name}),
        (as_role(Role.FACILITATOR), {territory.name}),
        (as_role(Role.DIRECTORATE_AGENT, directorate=direction), {elsewhere.name}),
        (as_role(Role.DIRECTORATE_AGENT), set()),
    ]:
        assert {line[1] for line in table(client.get(PAGE, {"year": "2027"}))} == places


def test_the_forecast_is_filtered(as_role, territory, elsewhere, mason):
    trade = TradeFactory()
    a_lot(territory, occupations=[mason], trade=trade)
    a_lot(elsewhere, occupations=[mason])
    client = as_role(Role.MISSION_OFFICER)
    for asked, places in [
        ({"territory": territory.pk}, [territory.name]),
        ({"trade": trade.pk}, [territory.name]),
        ({"territory": elsewhere.pk, "trade": trade.pk}, []),
    ]:
        assert [line[1] for line in table(client.get(PAGE, {"year": "2027"} | asked))] == places


def test_the_export_for_partners_names_no_market_and_no_amount(as_role, territory, mason):
    lot = a_lot(territory, occupations=[mason], market__title="Collège secret", market__number="SECRET-7")
    LotFinancialsFactory(lot=lot, estimated_amount=LOT_AMOUNT)
    client = as_role(Role.FACILITATOR)
    lines = list(
        csv.reader(io.StringIO(client.get(EXPORT, {"year": "2027"}).getvalue().decode("utf-8-sig")), delimiter=";")
    )
    assert lines[0][:5] == ["Code ROME", "Métier", "Territoire", "Mois", "Heures"]
    assert lines[1] == ["F1703", "Maçon", "Pays d’Aix", "01/2027", "100,00", "0,00", "0,66", "0,25"]
    assert len(lines) == 13
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(WORKBOOK, {"year": "2027"}).getvalue()))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[1][:5] == ["F1703", "Maçon", "Pays d’Aix", "01/2027", 100]
    sent = everything_sent(client.get(EXPORT, {"year": "2027"})) + str(cells).lower()
    assert [word for word in ("secret", lot.title.lower()) if word in sent] == []
    assert [secret.name for secret in SECRETS if secret.found_in(sent)] == []
