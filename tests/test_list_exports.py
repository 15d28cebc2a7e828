"""Every list taken away: the columns and the figures of its screen, in the three formats, for who sees the screen."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from clauses_portal.core import french
from clauses_portal.core.exports import Format, answers
from clauses_portal.core.french import typographic
from facilitators.enums import Role
from tests.core.made_files import members_of
from tests.factories.markets import LotFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.participants import ParticipantFactory
from tests.support import company_months
from tests.support.one_more import (
    World,
    a_company,
    a_lot_to_decide,
    a_lot_with_hours,
    a_market,
    a_month_that_waits,
    a_penalty_of_a_lot,
    a_person,
    a_request,
    a_row_of_a_company,
    a_row_of_the_grid,
    a_validation_that_ends,
    an_alert,
)
from tests.support.pages import document, tidy
from tests.support.work import a_call, a_posting

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

OFFICER, FACILITATOR, LEGAL = Role.MISSION_OFFICER, Role.FACILITATOR, Role.LEGAL_OFFICER
# What no file has: euros (C27), and the buttons of a line.
LEFT_OUT = {"", "Choix", "Montant (confidentiel)", "Encourue", "Décidée", "Action", "Suite"}
EMPTY = {"", "–", "non renseigné", "rien reçu"}
BUTTONS = {"markets:queue": "Décision", "participants:validations": "Décision"}


def a_meeting(world):
    MeetingFactory(lot=LotFactory(territory=world.territory))


# (list, who reads it, what makes a row)
LISTS = [
    ("markets:list", OFFICER, a_market),
    ("markets:list", FACILITATOR, a_market),
    ("markets:queue", OFFICER, a_lot_to_decide),
    ("markets:companies", FACILITATOR, a_company),
    ("markets:alerts", OFFICER, an_alert),
    ("markets:meetings", OFFICER, a_meeting),
    ("markets:penalty_cases", LEGAL, a_penalty_of_a_lot),
    ("participants:list", FACILITATOR, a_person),
    ("participants:validations", FACILITATOR, a_request),
    ("participants:validations_ending", FACILITATOR, a_validation_that_ends),
    ("participants:hours_lots", FACILITATOR, a_lot_with_hours),
    ("participants:hours_pending", FACILITATOR, a_month_that_waits),
    ("participants:hours", OFFICER, a_row_of_the_grid),
    ("participants:company_grid", OFFICER, a_row_of_a_company),
    ("participants:calls", FACILITATOR, a_call),
    ("participants:postings", FACILITATOR, a_posting),
    ("participants:declarations", FACILITATOR, company_months.a_company_month),
]


@pytest.fixture
def world(territory, elsewhere, as_role):
    """world(role): the client of this role, and where its rows are made."""

    def make(role):
        client = as_role(role)
        return client, World(territory, elsewhere, client.user)

    return make


def urls(route, row):
    """(address of the list, {format: address of its export}); a grid is that of the lot, or of the company."""
    args = [getattr(row, "lot", row).pk] if row else []
    return reverse(route, args=args), {form: reverse(f"{route}_export", args=[*args, form]) for form in Format}


def screen(response):
    """(headers, lines) of the table of the list, as the eye sees them."""
    (table,) = document(response).xpath("//main//table[contains(@class, 'data-table')]")
    lines = [[_seen(cell) for cell in line.xpath("./th|./td")] for line in table.xpath("./tbody/tr")]
    return [_seen(cell) for cell in table.xpath("./thead/tr/th")], lines


def _seen(element):
    return _plain(" ".join(element.itertext()))


def _plain(text):
    return tidy(re.sub(r"[,.]?( |$)", r"\1", tidy(typographic(text))))


def shown(value):
    """The ways a screen may write a value of a file."""
    if value is None:
        return [""]
    if isinstance(value, float):
        return [french.number(value), french.hours(value), french.percent(value * 100)]
    return [french.date(value) if isinstance(value, date) else str(value)]


def read(client, address):
    """(headers, lines) of an export: values typed in a workbook, texts in a CSV; None for what is empty."""
    response = client.get(address)
    assert response.status_code == 200, address
    content = response.getvalue()
    if ".csv" in address:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    else:
        lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    headers, *rows = [[None if value == "" else value for value in line] for line in lines]
    return headers, rows


def under(headers, titles):
    """{title of the screen: ranks of the columns of the file that say what is in it}: itself and its details."""
    ranks, current = {}, None
    for rank, header in enumerate(headers):
        current = _plain(header) if _plain(header) in titles else current
        ranks.setdefault(current, []).append(rank)
    return ranks


@pytest.mark.parametrize(("route", "role", "make"), LISTS)
def test_the_three_files_have_the_columns_and_the_figures_of_the_screen(world, route, role, make):
    client, place = world(role)
    for _ in range(2):
        place.one_more(make)
    page, files = urls(route, place.row)
    headers, rows = read(client, files[Format.XLSX])
    _as_on_screen(*screen(client.get(page)), headers, rows, BUTTONS.get(route))
    assert read(client, files[Format.ODS]) == (headers, rows)
    csv_headers, csv_rows = read(client, files[Format.CSV])
    assert csv_headers == headers
    for row, csv_row in zip(rows, csv_rows, strict=True):
        assert [_same(typed, text) for typed, text in zip(row, csv_row, strict=True)] == [True] * len(row), csv_row


def _as_on_screen(titles, lines, headers, rows, button):
    """Each title of the screen is a header, in the same order; each value of the file stands in its cell."""
    kept = [title for title in titles if title not in LEFT_OUT | {button}]
    assert [header for header in map(_plain, headers) if header in titles] == kept
    assert len(rows) == len(lines) >= 2
    for line, row in zip(lines, rows, strict=True):
        for title, ranks in under(headers, titles).items():
            cell = f" {line[titles.index(title)]} "
            for rank in ranks:
                ways = [f" {_plain(way)} ".replace("  ", " ") for way in shown(row[rank])]
                assert any(way in cell for way in ways), (title, cell, ways)
            assert len(ranks) > 1 or row[ranks[0]] is not None or cell.strip() in EMPTY, (title, cell)


def _same(typed, text):
    if isinstance(typed, float):
        number = Decimal(text.removesuffix(" %").replace(",", "."))
        return Decimal(str(typed)) == (number / 100 if text.endswith("%") else number)
    written = french.date(typed) if isinstance(typed, date) else typed
    return text in {written, f"'{written}"}


@pytest.mark.parametrize(("route", "role", "make"), LISTS)
def test_an_export_costs_the_same_with_seven_rows(world, route, role, make):
    client, place = world(role)
    costs = []
    for rows in (2, 7):
        while place.number < rows:
            place.one_more(make)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(urls(route, place.row)[1][Format.CSV]).status_code == 200
        costs.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured))
    assert costs[0] == costs[1] <= 16


def links(response):
    return document(response).xpath("//main//a[starts-with(normalize-space(), 'Exporter en')]/@href")


def test_the_links_keep_the_filters_and_leave_the_page(world):
    client, place = world(OFFICER)
    kept = LotFactory(territory=place.territory, market__title="Réfection du collège").market
    LotFactory(territory=place.elsewhere, market__title="Voirie")
    (address, *others) = links(client.get("/marches/", {"q": "college", "page": 1}))
    assert (address, len(others)) == ("/marches/export.xlsx?q=college", 2)
    assert [row[0] for row in read(client, address)[1]] == [kept.number]


def test_an_empty_list_offers_no_file(world):
    client, _ = world(OFFICER)
    assert links(client.get("/marches/")) == []


def test_a_file_says_what_filtered_it(world):
    client, place = world(OFFICER)
    a_market(place)
    content = client.get("/marches/export.ods", {"territory": place.territory.pk, "state": "awarded"}).getvalue()
    source = members_of(content)["content.xml"].decode()
    for words in ("Pays d’Aix", "Attribué", "Heures comptabilisées", "15/09/2026 à 10:00"):
        assert words in source
    assert ">aucun<" not in source


def test_a_file_is_a_download_with_a_plain_name(world):
    client, place = world(FACILITATOR)
    a_person(place)
    response = client.get("/personnes/export.csv")
    assert response["Content-Disposition"] == 'attachment; filename="personnes-2026-09-15.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_name_is_never_a_formula(world):
    client, place = world(FACILITATOR)
    ParticipantFactory(territory=place.territory, last_name="=HYPERLINK(1)", first_name="Zoé")
    text = client.get("/personnes/export.csv").getvalue().decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=HYPERLINK(1) Zoé;")
    assert read(client, "/personnes/export.xlsx")[1][0][0] == "=HYPERLINK(1) Zoé"


def test_twenty_exports_a_minute_and_no_more(world):
    client, _ = world(OFFICER)
    answered = [client.get("/marches/export.csv").status_code for _ in range(22)]
    assert answered == [200] * 20 + [429] * 2
    refused = client.get("/marches/export.csv")
    assert "Trop de tentatives. Réessayez plus tard." in refused.content.decode()
    assert refused["Retry-After"] == "60"


def test_a_list_too_long_is_brought_back_to_its_filters(world, monkeypatch):
    monkeypatch.setattr(answers, "MOST_LINES", 1)
    client, place = world(OFFICER)
    for _ in range(2):
        a_market(place)
    response = client.get("/marches/export.xlsx", {"q": "a"}, follow=True)
    assert response.redirect_chain == [("/marches/?q=a", 302)]
    assert "filtrez-la, puis exportez-la de nouveau" in response.content.decode()


def test_a_heavy_file_is_sent_by_pieces_and_whole(world, monkeypatch):
    client, place = world(OFFICER)
    a_market(place)
    light = client.get("/marches/export.csv")
    monkeypatch.setattr(answers, "IN_MEMORY", 50)
    heavy = client.get("/marches/export.csv")
    assert (light.streaming, heavy.streaming) == (False, True)
    assert heavy.getvalue() == light.content
    for header in ("Content-Disposition", "Content-Type", "Content-Security-Policy", "X-Content-Type-Options"):
        assert heavy[header] == light[header]


def test_another_format_does_not_exist(world):
    client, _ = world(OFFICER)
    assert client.get("/marches/export.pdf").status_code == 404
