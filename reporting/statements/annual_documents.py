"""The annual report on paper, and its restricted version: from the frozen data alone, always the same bytes."""

from datetime import date

from clauses_portal.core import french
from clauses_portal.core.pdf import Attachment, charts
from reporting.enums import FileKind
from reporting.indicators.definition import Unit
from reporting.statements.annual_groups import COLUMNS
from reporting.statements.figures import shown, shown_difference
from reporting.statements.files import ProducedFile
from reporting.statements.parts import as_csv, as_json, months_chart, render_paper

NOT_ADDITIVE = (
    "Les personnes sont distinctes : une personne employée sur deux marchés ou dans deux territoires compte une fois "
    "dans chacun et une fois dans l’ensemble. Les totaux de personnes ne s’additionnent pas."
)
HOURS, HIRED = "hours_counted", "persons_hired"


def render_annual(statement, *, author, published=True):
    """Return the PDF (bytes) of an annual report whose snapshot is set."""
    data = statement.snapshot
    context = {
        "starts_on": date.fromisoformat(data["starts_on"]),
        "ends_on": date.fromisoformat(data["ends_on"]),
        "figures": key_figures(data),
        "full_time": french.weeks_and_fte(_row(data, HOURS)["value"]),
        "parts": [_part(part) for part in data["parts"]],
        "groups": [_group(group, data) for group in data["groups"]],
        "months": [(date.fromisoformat(day), total) for day, total in data["months"]],
        "chart": months_chart(data["months"]),
        "not_additive": NOT_ADDITIVE,
        "texts": texts(data),
    }
    return render_paper(
        "pdf/annual_report.html",
        statement,
        context,
        title=f"Bilan annuel – {data['subject']} – {data['period_label']}",
        author=author,
        published=published,
        attachments=[
            Attachment("donnees.json", as_json(data), "application/json", "Données du bilan, figées"),
            Attachment("indicateurs.csv", indicators_csv(data), "text/csv", "Indicateurs des deux années"),
            Attachment("repartition.csv", groups_csv(data), "text/csv", "Activité par territoire, direction, secteur"),
        ],
    )


def restricted_files(statement):
    """The restricted version, when there are ratios to tell (C27): read by those who see the amounts only."""
    data, ratios = statement.snapshot, statement.ratios.data
    context = {"ratios": ratios, "verification_code": ""}
    content = render_paper(
        "pdf/annual_restricted.html",
        statement,
        context,
        title=f"Bilan annuel, version restreinte – {data['subject']} – {data['period_label']}",
        author=statement.published_by,
    )
    return [ProducedFile(FileKind.RESTRICTED, f"{data['number']}-restreint.pdf", "application/pdf", content)]


def key_figures(data):
    """The four figures of the first page."""
    women, lasting = _row(data, "persons_women_share"), _row(data, "markets_considerate_share")
    hired = _row(data, HIRED)["value"]
    return [
        {"value": french.hours(_row(data, HOURS)["value"]), "label": "comptabilisées dans l’année"},
        {"value": french.number(hired), "label": "personne embauchée" if hired == 1 else "personnes embauchées"},
        {"value": shown(women["value"], women["unit"]), "label": "de femmes parmi elles"},
        {"value": shown(lasting["value"], lasting["unit"]), "label": "des contrats avec une considération sociale"},
    ]


def _row(data, code):
    return next(row for part in data["parts"] for row in part["rows"] if row["code"] == code)


def _part(part):
    """A part as its tables show it: texts in French, the tables without a line left out."""
    return {
        "title": part["title"],
        "rows": [_shown(row) for row in part["rows"]],
        "tables": [
            table | {"rows": [_shown(row) for row in table["rows"]]} for table in part["tables"] if table["rows"]
        ],
        "empty": [table["label"] for table in part["tables"] if not table["rows"]],
    }


def _shown(row):
    unit = row["unit"]
    return {
        "label": row["label"],
        "value": shown(row["value"], unit),
        "previous": shown(row["previous"], unit),
        "difference": shown_difference(row["difference"], unit),
    }


def _group(group, data):
    """A table of the activity, its lines in French, and its chart: hours of the year before and of this one."""
    rows = group["rows"]
    pairs = [(row["name"], _bar(row[f"{HOURS}_previous"]), _bar(row[HOURS])) for row in rows]
    drawn = [pair for pair in pairs if pair[1] or pair[2]]
    series = (data["previous_label"], data["period_label"])
    title = f"Heures comptabilisées, {group['title'].lower()}"
    return {
        "title": group["title"],
        "heading": group["heading"],
        "rows": [_line(row) for row in rows],
        "chart_title": title,
        "chart": charts.bar_chart(title, drawn, series=series) if drawn else "",
    }


def _bar(hours):
    """Hours as a chart draws them: what corrections bring below zero has no bar."""
    return max(float(hours), 0)


def _line(row):
    units = {figure.code: figure.unit for figure in COLUMNS}
    cells = {code: french.number(row[code], 2 if unit == Unit.HOURS else 1) for code, unit in units.items()}
    return cells | {
        "name": row["name"],
        "hours_previous": french.number(row[f"{HOURS}_previous"]),
        "hired_previous": french.number(row[f"{HIRED}_previous"]),
    }


def texts(data):
    """[(heading, text)] of what its author wrote."""
    headings = {
        "difficulties": "Difficultés rencontrées",
        "good_practice": "Bonnes pratiques",
        "outlook": "Perspectives",
        "comments": "Commentaires",
    }
    return [(heading, data[name]) for name, heading in headings.items() if data[name]]


INDICATOR_COLUMNS = (
    ("Partie", "part"),
    ("Indicateur", "indicator"),
    ("Valeur", "label"),
    ("Unité", "unit"),
    ("Année", "value"),
    ("Année précédente", "previous"),
    ("Écart", "difference"),
    ("Code", "code"),
)


def indicators_csv(data):
    """Every figure of both years (bytes), the lines of the tables by criterion after those of their part."""
    rows = []
    for part in data["parts"]:
        rows += [{"part": part["title"], "indicator": row["label"], **row, "label": ""} for row in part["rows"]]
        rows += [
            {"part": part["title"], "indicator": table["label"], "code": table["code"], **row}
            for table in part["tables"]
            for row in table["rows"]
        ]
    return as_csv(INDICATOR_COLUMNS, rows)


def groups_csv(data):
    """The activity by territory, direction, sector and legal support (bytes)."""
    columns = [("Répartition", "by"), ("Nom", "name"), *((figure.label, figure.code) for figure in COLUMNS)]
    columns += [("Heures comptabilisées, année précédente", f"{HOURS}_previous")]
    columns += [("Personnes embauchées, année précédente", f"{HIRED}_previous")]
    return as_csv(columns, [{"by": group["title"], **row} for group in data["groups"] for row in group["rows"]])
