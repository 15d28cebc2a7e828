"""The quarterly statement on paper: what it says, how it is built, and the annex of those that are long."""

import io
import json
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from clauses_portal.core.pdf import checks
from clauses_portal.core.tables import read_table
from reporting.enums import FileKind
from reporting.statements.annex import COLUMNS, MOST_ROWS, annexes, workbook
from reporting.statements.documents import by_market, render_statement, totals_of
from reporting.statements.parts import head_of
from reporting.statements.quarterly import build_snapshot, pace
from reporting.statements.quarterly_rows import lots_total
from tests.factories.markets import LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.factories.reporting import StatementFactory
from tests.support.papers import parts_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DATED = date(2026, 7, 10)
PARTS = (
    "1. Synthèse du trimestre",
    "2. Marchés, lots et entreprises",
    "3. Personnes embauchées",
    "4. Personnes en poste, contrats et situations à l’issue",
    "5. Alertes et dysfonctionnements",
    "6. Fiches de poste et candidats",
    "7. Actions du trimestre",
    "8. Prévisions pour le 3e trimestre 2026",
    "9. Régularisations de trimestres antérieurs",
    "10. Commentaires du facilitateur",
)


@pytest.fixture
def statement(territory):
    """The second quarter: one lot, 100 h due 1 000, one person."""
    lot = LotFactory(awarded=True, territory=territory)
    signed = EmploymentContractFactory(award=lot.awards.get(), validated=True)
    HoursEntryFactory(contract=signed, month=date(2026, 5, 1), declared=Decimal(100))
    return frozen(StatementFactory(territory=territory))


def frozen(statement, lots=None):
    """The statement with its data; its row of lots repeated to make it long."""
    data = statement.snapshot = build_snapshot(statement, dated_on=DATED)
    if lots:
        (row,) = data["lots"]
        data["lots"] = [row | {"market": f"2026-{n // 2:03} – Travaux", "lot": f"Lot {n}"} for n in range(lots)]
        data["lots_total"] = lots_total(data["lots"])
        data["synthesis"] |= pace(data["lots"])
    return statement


def headings(content):
    """Titles of the bookmarks, in their order."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for part in outline.root for item in [part, *part.children]]
    return [" ".join(title.split()) for title in titles]


def sentences(content):
    return " ".join(parts_of(content)["text"].split())


def test_the_ten_parts_are_there_and_bookmarked(statement):
    content = render_statement(statement, author="Inès Bérenger")
    assert [title for title in headings(content) if title[0].isdigit()] == list(PARTS)
    assert checks.check(content, letterhead=head_of(statement.snapshot), attachments=["donnees.json", "lots.csv"]) == []
    assert "Les totaux de personnes ne s’additionnent pas" in sentences(content)


def test_an_empty_quarter_is_a_whole_paper(territory):
    content = render_statement(frozen(StatementFactory(territory=territory)), author=None)
    assert [title for title in headings(content) if title[0].isdigit()] == list(PARTS)
    assert "Aucun lot n’était suivi au cours de ce trimestre." in sentences(content)


def test_the_figures_of_the_paper_are_those_of_its_attachments(statement):
    parts = parts_of(render_statement(statement, author=None))
    data = json.loads(parts["donnees.json"])
    assert data == json.loads(json.dumps(statement.snapshot))
    header, line = (line.split(";") for line in parts["lots.csv"].splitlines())
    row = dict(zip(header, line, strict=True))
    assert (row["Heures dues"], row["Heures cumulées"], row["Réalisé (%)"]) == ("1000,00", "100,00", "10,0")
    assert "100 h" in parts["text"].replace("\u00a0", " ")


def test_a_preview_and_a_new_version_say_what_they_are(statement):
    preview = sentences(render_statement(statement, author=None, published=False))
    assert "Ce document n’est pas publié" in preview
    statement.snapshot |= {"version": 2, "version_reason": "Heures du lot 1 corrigées."}
    second = sentences(render_statement(statement, author=None))
    assert "Ce document n’est pas publié" not in second
    assert "Heures du lot 1 corrigées." in second
    assert "la version 1" in second


def test_the_same_data_give_the_same_bytes(statement):
    assert render_statement(statement, author=None) == render_statement(statement, author=None)
    long = frozen(statement, lots=MOST_ROWS + 1)
    assert workbook(long.snapshot) == workbook(long.snapshot)


def test_a_short_statement_has_no_annex(statement):
    assert annexes(statement) == []
    assert annexes(frozen(statement, lots=MOST_ROWS)) == []


def test_the_rows_of_a_long_statement_are_in_its_annex(statement):
    long = frozen(statement, lots=MOST_ROWS + 1)
    (file,) = annexes(long)
    assert (file.kind, file.name) == (FileKind.ANNEX, "ET-2026-T2-pays-d-aix-1-lots.xlsx")
    table = read_table(file.name, file.content)
    assert list(table.headers) == [column.label for column in COLUMNS]
    assert len(table.rows) == MOST_ROWS + 1
    content = render_statement(long, author=None)
    assert file.name in sentences(content)
    # a line a market, not a row a lot
    assert "Lot 7" not in sentences(content)
    assert parts_of(content)["lots.csv"].count("\n") == MOST_ROWS + 2


def test_too_many_markets_are_told_by_operation(statement):
    rows = [
        row | {"market": f"2026-{n:04}"} for n, row in enumerate(frozen(statement, lots=MOST_ROWS + 5).snapshot["lots"])
    ]
    (line,) = totals_of(by_market(rows))
    assert (line["market"], line["due"], line["done"]) == ("", "305000.00", Decimal("10.0"))
