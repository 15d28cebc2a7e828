"""The quarterly statement on paper, from frozen data: the same snapshot always gives the same bytes."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from clauses_portal.core import french
from clauses_portal.core.pdf import Attachment, charts
from clauses_portal.core.periods import Quarter
from reporting.indicators.definition import percentage
from reporting.services.branding import logos_on
from reporting.statements.annex import MOST_ROWS, annex_name, annexes, is_long
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
from reporting.statements.quarterly_rows import lots_total

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
    ("Dépassement (heures)", "over"),
    ("Réalisé (%)", "done"),
    ("Réalisé, plafonné (%)", "done_capped"),
    ("Temps écoulé (%)", "expected"),
    ("Avancement physique (%)", "physical"),
    ("Rythme", "light"),
)
# Markets of the figure: those that owe the most; the table has them all.
DRAWN = 8
PERSONS = "Personnes"
RECRUITING = (
    ("Fiches de poste publiées", "postings"),
    ("Postes proposés par ces fiches", "positions"),
    ("Candidats proposés aux entreprises", "candidates_proposed"),
    ("dont recrutés", "candidates_recruited"),
    ("dont refusés par l’entreprise", "candidates_refused"),
)
ALERTS = (
    ("Alertes signalées", "alerts_raised"),
    ("Alertes closes", "alerts_closed"),
    ("Alertes ouvertes au dernier jour", "alerts_open"),
)


def render_statement(statement, *, author, published=True):
    """Return the PDF (bytes) of a statement whose snapshot is set; a preview says that it is not published."""
    data = statement.snapshot
    quarter = Quarter.parse(data["quarter"])
    return render_paper(
        "pdf/quarterly_statement.html",
        statement,
        context_of(data, quarter),
        title=f"État trimestriel – {data['subject']} – {quarter.label}",
        author=author,
        published=published,
        attachments=[
            Attachment("donnees.json", as_json(data), "application/json", "Données de l’état, figées"),
            Attachment("lots.csv", as_csv(COLUMNS, data["lots"]), "text/csv", "Heures par lot et par entreprise"),
        ],
    )


def context_of(data, quarter):
    """What the template shows, beside what every paper has."""
    markets = by_market(data["lots"])
    return {
        "quarter": quarter,
        "next_quarter": quarter.next,
        "figures": figures(data),
        "months": [(date.fromisoformat(day), total) for day, total in data["months"]],
        "chart": months_chart(data["months"]),
        "markets_chart": markets_chart(markets),
        "markets": markets,
        "totals": totals_of(markets) if is_long(data) else [],
        "annex": annex_name(data) if is_long(data) else "",
        "profile": profile_tables(data["people"]),
        "contracts": contract_tables(data["people"]),
        "recruiting": [(label, data["actions"][code]) for label, code in RECRUITING],
        "refusals": data["actions"]["refusals"],
        "alert_counts": [(label, data["actions"][code]) for label, code in ALERTS],
        "meetings": [*data["actions"]["meetings"], ("Ensemble", data["actions"]["meetings_held"])],
        "alerts": [with_dates(alert) for alert in data["alerts"]],
        "regularisations": [line | {"month": date.fromisoformat(line["month"])} for line in data["regularisations"]],
    }


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
    """[{operation, market, rows, and the sums of its principals}]: one group a market, in the order of the rows."""
    groups = groupby(rows, key=itemgetter("operation", "market"))
    return [_group(operation, market, list(rows)) for (operation, market), rows in groups]


def totals_of(markets):
    """The lines of a long statement: a market each, or an operation each when the markets too are many."""
    if len(markets) <= MOST_ROWS:
        return markets
    groups = groupby(markets, key=itemgetter("operation"))
    return [_group(name, "", [row for market in found for row in market["rows"]]) for name, found in groups]


def _group(operation, market, rows):
    sums = lots_total(rows)
    done = percentage(Decimal(sums["counted_to_date"]), Decimal(sums["due"]))
    return {"operation": operation, "market": market, "rows": rows, "done": done} | sums


def markets_chart(markets):
    """Bars of the hours due and done of the markets that owe the most, None when none owes any."""
    owing = sorted((market for market in markets if Decimal(market["due"])), key=lambda market: -Decimal(market["due"]))
    if not owing:
        return None
    rows = [(one["market"], float(one["due"]), max(float(one["counted_to_date"]), 0)) for one in owing[:DRAWN]]
    return charts.bar_chart("Heures dues et heures réalisées, par marché", rows, series=("Dues", "Réalisées"))


def profile_tables(people):
    """Who was hired: categories, ages, levels."""
    tables = (
        ("Personnes embauchées, par catégorie de public", "Catégorie", people["categories"]),
        ("Personnes embauchées, par tranche d’âge au premier jour du contrat", "Âge", people["ages"]),
        ("Personnes embauchées, par niveau de formation à l’entrée", "Niveau", people["levels"]),
    )
    return [count_table(caption, heading, PERSONS, rows) for caption, heading, rows in tables if rows]


def contract_tables(people):
    """The contracts of the quarter: those that ran, those that ended."""
    tables = (
        ("Contrats en cours au moins un jour du trimestre, par type", "Type de contrat", people["contracts"]),
        ("Contrats terminés au cours du trimestre, par motif", "Motif", people["ended"]),
    )
    return [count_table(caption, heading, "Contrats", rows) for caption, heading, rows in tables if rows]
