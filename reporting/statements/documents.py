"""From frozen data to the PDF: the same snapshot always gives the same bytes."""

from datetime import date
from itertools import groupby
from operator import itemgetter

from clauses_portal.core import french
from clauses_portal.core.pdf import Attachment
from clauses_portal.core.periods import Quarter
from reporting.services.branding import logos_on
from reporting.statements.parts import (
    alert_row,
    as_csv,
    as_json,
    count_table,
    facts,
    french_cell,
    months_chart,
    render_paper,
    with_dates,
)

__all__ = [
    "alert_row",
    "annexes",
    "as_csv",
    "as_json",
    "count_table",
    "facts",
    "french_cell",
    "logos_on",
    "render_statement",
    "with_dates",
]

COLUMNS = (
    ("Opération", "operation"),
    ("Marché", "market"),
    ("Lot", "lot"),
    ("Entreprise", "company"),
    ("Rôle", "role"),
    ("Compris dans la ligne du principal", "is_part"),
    ("Heures dues", "due"),
    ("Heures du trimestre", "counted_quarter"),
    ("Heures cumulées", "counted_to_date"),
    ("Réalisé (%)", "done"),
    ("Attendu (%)", "expected"),
    ("Rythme", "light"),
)


def render_statement(statement, *, author, published=True):
    """Return the PDF (bytes) of a statement whose snapshot is set; a preview says that it is not published."""
    data = statement.snapshot
    quarter = Quarter.parse(data["quarter"])
    context = {
        "quarter": quarter,
        "next_quarter": quarter.next,
        "figures": figures(data),
        "months": [(date.fromisoformat(day), total) for day, total in data["months"]],
        "markets": by_market(data["lots"]),
        "alerts": [with_dates(alert) for alert in data["alerts"]],
        "chart": months_chart(data["months"]),
    }
    return render_paper(
        "pdf/quarterly_statement.html",
        statement,
        context,
        title=f"État trimestriel – {data['subject']} – {quarter.label}",
        author=author,
        published=published,
        attachments=[
            Attachment("donnees.json", as_json(data), "application/json", "Données de l’état, figées"),
            Attachment("lots.csv", as_csv(COLUMNS, data["lots"]), "text/csv", "Heures par lot et par entreprise"),
        ],
    )


def figures(data):
    """The four figures of the first page."""
    synthesis, hired = data["synthesis"], data["people"]["hired"]["total"]
    return [
        {"value": french.hours(synthesis["due"]), "label": "dues à la fin du trimestre"},
        {"value": french.hours(synthesis["counted_quarter"]), "label": "comptabilisées au trimestre"},
        {"value": french.hours(synthesis["counted_to_date"]), "label": "comptabilisées depuis l’origine"},
        {
            "value": french.number(hired),
            "label": "personne embauchée" if hired == 1 else "personnes embauchées",
        },
    ]


def by_market(rows):
    """[{market, operation, rows}]: the rows of the table, one group a market, in their order."""
    groups = groupby(rows, key=itemgetter("operation", "market"))
    return [{"operation": operation, "market": market, "rows": list(rows)} for (operation, market), rows in groups]


def annexes(statement):
    """Files published beside the document: none while its tables hold in it."""
    return []
