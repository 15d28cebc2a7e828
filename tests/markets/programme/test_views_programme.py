"""The programme on screen: by quarter, a list or a frieze, for each in her own scope (C5, domain.md §12 n° 58)."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from clauses_portal.core.tables import read_table
from facilitators.enums import Role
from markets.programme.columns import guess
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.operations import MilestoneFactory, OperationFactory
from tests.factories.preparation import TradeFactory
from tests.support.aviary import LOT_AMOUNT, MARKET_AMOUNT, SECRETS
from tests.support.canaries import everything_sent
from tests.support.pages import document, table, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

PAGE, DATES = reverse("markets:programme"), reverse("markets:programme_dates")
EXPORT, WORKBOOK = (reverse("markets:programme_export", args=[file_format]) for file_format in ("csv", "xlsx"))
NONE = dict.fromkeys(
    ("planned_publication_on", "planned_tenders_on", "planned_notification_on", "starts_on", "ends_on")
)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


def a_line(territory, number, directorate=None, lot=(), **changes):
    """A market at the programme of 2027, with one lot."""
    fields = NONE | {"planned_publication_on": date(2027, 1, 15), "notified_on": None} | changes
    operation = OperationFactory(directorate=directorate or DirectorateFactory(), communes=[territory.communes.first()])
    return LotFactory(
        territory=territory,
        market__number=number,
        market__operation=operation,
        **{f"market__{name}": value for name, value in fields.items()},
        **dict(lot),
    )


def numbers(response):
    """Numbers of the markets shown, in order."""
    return document(response).xpath("//main//table/tbody//th[@scope='row']/a/text()")


def quarters(response):
    return [cell.text_content() for cell in document(response).xpath("//main//th[@scope='rowgroup']")]


def test_the_programme_is_listed_by_quarter(officer, territory):
    a_line(territory, "B", planned_publication_on=date(2027, 4, 1))
    a_line(territory, "A")
    a_line(territory, "C", planned_publication_on=None, planned_tenders_on=date(2027, 5, 1))
    a_line(territory, "SANS", lot={"state": "programmed"}, planned_publication_on=None)
    response = officer.get(PAGE)
    assert numbers(response) == ["A", "B", "C", "SANS"]
    assert quarters(response) == ["1er trimestre 2027", "2e trimestre 2027", "Sans date"]


def test_a_line_says_all_its_calendar(officer, territory):
    trade = TradeFactory(label="Peinture")
    lot = a_line(
        territory,
        "2027-014",
        planned_tenders_on=date(2027, 3, 15),
        planned_notification_on=date(2027, 6, 1),
        starts_on=date(2027, 7, 1),
        ends_on=date(2028, 2, 28),
        lot={"trade": trade},
    )
    line = table(officer.get(PAGE))[1]
    assert line[0].startswith(f"2027-014 {lot.market.title}")
    assert line[1:] == [
        "Pays d’Aix Peinture",
        "À instruire",
        "15/01/2027",
        "15/03/2027",
        "01/06/2027",
        "07/2027 02/2028",
    ]


def test_what_is_not_of_a_programme_is_left_out(officer, territory):
    LotFactory(territory=territory, market__operation=OperationFactory(communes=[territory.communes.first()]))
    a_line(territory, "PASSE", planned_publication_on=date(2026, 5, 1))
    assert "Aucun marché au programme" in words(officer.get(PAGE))
    assert numbers(officer.get(PAGE, {"year": "2026"})) == ["PASSE"]
    assert numbers(officer.get(PAGE, {"year": "toutes"})) == ["PASSE"]


def test_the_programme_is_filtered_by_the_address(officer, territory, elsewhere):
    trade, direction = TradeFactory(), DirectorateFactory()
    a_line(territory, "A", directorate=direction, title="Réfection de la toiture")
    a_line(elsewhere, "B", lot={"trade": trade, "state": "programmed"}, planned_publication_on=date(2028, 1, 1))
    for asked, found in [
        ({"territory": territory.pk}, ["A"]),
        ({"directorate": direction.pk}, ["A"]),
        ({"trade": trade.pk}, ["B"]),
        ({"state": "programmed"}, ["B"]),
        ({"year": "2028"}, ["B"]),
        ({"q": "REFECTION"}, ["A"]),
        ({"q": "zzz"}, []),
        ({"territory": territory.pk, "trade": trade.pk}, []),
        ({"year": "n’importe", "territory": "x"}, ["A", "B"]),
    ]:
        assert numbers(officer.get(PAGE, asked)) == found, asked


def test_the_frieze_shows_twelve_months(officer, territory):
    a_line(
        territory,
        "2027-014",
        planned_tenders_on=date(2027, 3, 15),
        planned_notification_on=date(2027, 3, 20),
        starts_on=date(2027, 11, 1),
        ends_on=date(2028, 2, 28),
    )
    a_line(territory, "TARD", planned_publication_on=date(2028, 5, 1))
    response = officer.get(PAGE, {"vue": "frise", "year": "2027"})
    (line,) = table(response)
    assert line[0].startswith("2027-014")
    assert line[1] == "P 15 publication le 15/01/2027"
    assert line[3] == "O 15 remise des offres le 15/03/2027 N 20 notification le 20/03/2027"
    assert line[2] == line[4] == ""
    assert line[11:] == ["exécution", "exécution"]
    assert numbers(officer.get(PAGE, {"vue": "frise", "year": "2028"})) == ["2027-014", "TARD"]


def test_the_frieze_begins_with_the_present_quarter(officer, territory):
    a_line(territory, "ICI", planned_publication_on=date(2026, 10, 1))
    response = officer.get(PAGE, {"vue": "frise"})
    heads = [cell.text_content() for cell in document(response).xpath("//table/thead/tr[1]/th")]
    assert heads == ["Marché", "T3 2026", "T4 2026", "T1 2027", "T2 2027"]
    assert numbers(response) == ["ICI"]


def test_a_view_keeps_the_filters_of_the_other(officer, territory):
    a_line(territory, "A")
    links = document(officer.get(PAGE, {"territory": territory.pk, "vue": "frise"})).xpath(
        "//nav[@aria-label='Programme']//a/@href"
    )
    assert links[0] == f"?territory={territory.pk}"
    assert links[1] == f"?territory={territory.pk}&vue=frise"


def test_a_long_programme_has_pages(officer, territory):
    for number in range(26):
        a_line(territory, f"2027-{number:03d}")
    assert [len(numbers(officer.get(PAGE, {"page": page}))) for page in (1, 2, 99)] == [25, 1, 1]


def test_each_role_sees_its_own_programme(as_role, officer, territory, elsewhere):
    direction = DirectorateFactory()
    a_line(territory, "ICI")
    a_line(elsewhere, "AILLEURS", directorate=direction)
    for client, found in [
        (officer, ["AILLEURS", "ICI"]),
        (as_role(Role.FACILITATOR), ["ICI"]),
        (as_role(Role.DIRECTORATE_AGENT, directorate=direction), ["AILLEURS"]),
        (as_role(Role.DIRECTORATE_AGENT), []),
    ]:
        assert numbers(client.get(PAGE)) == found
        exported = client.get(EXPORT).getvalue().decode("utf-8-sig")
        assert [number in exported for number in ("AILLEURS", "ICI")] == [name in found for name in ("AILLEURS", "ICI")]
    assert as_role(Role.DIRECTOR).get(PAGE).status_code == 403


def test_who_may_bring_markets_is_led_to_it(as_role, officer):
    assert "Importer un programme" in words(officer.get(PAGE))
    assert "Importer un programme" not in words(as_role(Role.FACILITATOR).get(PAGE))


def test_a_facilitator_reads_the_lots_of_her_territory_alone(as_role, territory, elsewhere):
    lot = a_line(territory, "2027-014")
    LotFactory(market=lot.market, territory=elsewhere, number="9")
    (_, line) = table(as_role(Role.FACILITATOR).get(PAGE))
    assert line[1] == "Pays d’Aix"


def with_amounts(territory):
    lot = a_line(territory, "2027-014", starts_on=date(2027, 7, 1), ends_on=date(2028, 2, 28), title="Façades, cour")
    LotFinancialsFactory(lot=lot, estimated_amount=LOT_AMOUNT)
    MarketFinancialsFactory(market=lot.market, estimated_amount=MARKET_AMOUNT)
    return lot


def test_the_export_is_one_line_per_lot_without_an_amount(officer, territory):
    lot = with_amounts(territory)
    LotFactory(market=lot.market, territory=territory, number="9")
    lines = list(csv.DictReader(io.StringIO(officer.get(EXPORT).getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [line["Numéro du lot"] for line in lines] == ["1", "9"]
    assert lines[0]["Trimestre"] == "2027-T1"
    assert lines[0]["Objet du marché"] == "Façades, cour"
    assert lines[0]["Publication prévue"] == "15/01/2027"
    assert lines[0]["État"] == "À instruire"
    assert not [header for header in lines[0] if "Montant" in header]
    sent = everything_sent(officer.get(EXPORT))
    assert [secret.name for secret in SECRETS if secret.found_in(sent)] == []


def test_the_workbook_says_the_same_and_an_import_recognises_it(officer, territory):
    with_amounts(territory)
    content = officer.get(WORKBOOK).getvalue()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][4:6] == ["2027-014", "Façades, cour"]
    assert [secret.name for secret in SECRETS if secret.found_in(str(rows).lower())] == []
    headers = read_table("programme.xlsx", content).headers
    assert {headers[at] for at in guess(headers).values()} == set(headers) - {"Trimestre", "Direction", "État"}


def test_the_export_follows_the_filters(officer, territory, elsewhere):
    a_line(territory, "ICI")
    a_line(elsewhere, "AILLEURS")
    sent = officer.get(EXPORT, {"territory": territory.pk}).getvalue().decode("utf-8-sig")
    assert ("ICI" in sent, "AILLEURS" in sent) == (True, False)


def test_a_name_is_never_a_formula(officer, territory):
    a_line(territory, "2027-014", title="=HYPERLINK(1)")
    assert "'=HYPERLINK" in officer.get(EXPORT).getvalue().decode("utf-8-sig")


def test_the_dates_of_the_quarter_come_day_by_day(as_role, territory, elsewhere):
    lot = a_line(territory, "ICI", planned_publication_on=date(2026, 9, 1), planned_tenders_on=date(2026, 9, 30))
    a_line(elsewhere, "AILLEURS", planned_publication_on=date(2026, 9, 20))
    MilestoneFactory(operation=lot.market.operation, kind="clause_study", planned_on=date(2026, 8, 3))
    client = as_role(Role.FACILITATOR)
    lines = table(client.get(DATES))
    assert [line[:2] for line in lines] == [
        ["03/08/2026 passée", "Étude de la clause"],
        ["01/09/2026 passée", "Publication"],
        ["30/09/2026", "Remise des offres"],
    ]
    assert lines[1][2:] == [f"ICI {lot.market.title}", "Pays d’Aix"]
    assert "Aucune date ce trimestre" in words(client.get(DATES, {"trimestre": "2027-T1"}))


@pytest.mark.parametrize("asked", ["", "zzz", "2026-T9", "1989-T1", "1990-T1", "2100-T4"])
def test_a_quarter_that_makes_no_sense_is_the_present_one(officer, asked):
    assert "Mes dates du 3e trimestre 2026" in words(officer.get(DATES, {"trimestre": asked}))


def test_the_menu_marks_the_programme_alone(officer):
    marked = document(officer.get(PAGE)).xpath("//nav[@id='menu']//a[@aria-current]")
    assert [link.text_content().strip() for link in marked] == ["Programme"]
    marked = document(officer.get(reverse("markets:list"))).xpath("//nav[@id='menu']//a[@aria-current]")
    assert [link.text_content().strip() for link in marked] == ["Marchés"]
