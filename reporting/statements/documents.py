"""From frozen data to the PDF: the same snapshot always gives the same bytes."""

import json
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.exports import csv_text
from clauses_portal.core.pdf import Attachment, charts, letterhead, render_pdf
from clauses_portal.core.periods import Quarter
from reporting.services.branding import logos_on

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
    dated_on = date.fromisoformat(data["dated_on"])
    quarter = Quarter.parse(data["quarter"])
    title = f"État trimestriel – {data['subject']} – {quarter.label}"
    context = {
        "data": data,
        "quarter": quarter,
        "next_quarter": quarter.next,
        "is_preview": not published,
        "facts": facts(statement, dated_on, author),
        "figures": figures(data),
        "months": [(date.fromisoformat(day), total) for day, total in data["months"]],
        "markets": by_market(data["lots"]),
        "alerts": [with_dates(alert) for alert in data["alerts"]],
        "verification_code": statement.verification_code,
        "letterhead": letterhead(logos_on(dated_on), data["funding_period"]),
        "chart": months_chart(data),
    }
    return render_pdf(
        "pdf/quarterly_statement.html",
        context,
        title=title,
        identifier=data["number"],
        created_at=timezone.make_aware(datetime.combine(dated_on, time(12))),
        attachments=[
            Attachment("donnees.json", as_json(data), "application/json", "Données de l’état, figées"),
            Attachment("lots.csv", as_csv(data), "text/csv", "Heures par lot et par entreprise"),
        ],
    )


def facts(statement, dated_on, author):
    """What the paper is: pairs (name, value) under its title."""
    data = statement.snapshot
    return [
        ("Périmètre", data["subject"]),
        ("Convention", data["convention"] or "aucune en vigueur"),
        ("Numéro", data["number"]),
        ("Version", str(data["version"])),
        ("Établi le", french.date(dated_on)),
        ("Par", str(author) if author else "le portail"),
    ]


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


def with_dates(alert):
    """An alert of the snapshot, its ISO dates made dates again."""
    closed = alert["closed_on"]
    return alert | {
        "raised_on": date.fromisoformat(alert["raised_on"]),
        "closed_on": date.fromisoformat(closed) if closed else None,
    }


def months_chart(data):
    """Columns of the hours counted in each of the last twelve months, drawn on the server."""
    months = [(date.fromisoformat(day), float(total)) for day, total in data["months"]]
    labels = [f"{month:%m/%y}" for month, _ in months]
    return charts.month_columns("Heures comptabilisées par mois", labels, [total for _, total in months])


def as_json(data):
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()


def as_csv(data):
    rows = [[french_cell(row[name]) for _, name in COLUMNS] for row in data["lots"]]
    return csv_text([header for header, _ in COLUMNS], rows).encode("utf-8-sig")


def french_cell(value):
    """Numbers with a decimal comma, for French spreadsheets."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value.replace(".", ",") if value.replace(".", "").isdigit() else value
