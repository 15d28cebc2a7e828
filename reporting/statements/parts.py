"""What papers of every kind share: texts of a snapshot, tables, attachments, the sheet they are printed on."""

import json
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.exports import csv_text
from clauses_portal.core.pdf import charts, letterhead, render_pdf
from facilitators.models import Convention
from reporting.services.branding import logos_on

FIRST_FUNDING_DAY = date(2021, 1, 1)


def text(number):
    """Hours as a text with two decimals, so that nothing is rounded on the way; None stays None."""
    return None if number is None else str(Decimal(number).quantize(Decimal("0.01")))


def rate(percentage):
    """A percentage as a text, None when there is none."""
    return None if percentage is None else str(percentage)


def hours_rows(rows):
    """[[label, hours as text]] from the (label, hours) of `split`."""
    return [[label, text(value)] for label, value in rows]


def as_json(data):
    """The frozen data as they are attached (bytes): same data, same bytes."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()


def as_csv(columns, rows):
    """A table for French spreadsheets (bytes): `columns` are (header, key) pairs, `rows` dicts of a snapshot."""
    cells = [[french_cell(row[name]) for _, name in columns] for row in rows]
    return csv_text([header for header, _ in columns], cells).encode("utf-8-sig")


def french_cell(value):
    """Numbers with a decimal comma, for French spreadsheets."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    value = str(value)
    return value.replace(".", ",") if value.lstrip("-").replace(".", "", 1).isdigit() else value


def facts(statement, dated_on, author):
    """What the paper is: pairs (name, value) under its title."""
    data = statement.snapshot
    replaces = [("Remplace", f"la version {data['version'] - 1}")] if data["version"] > 1 else []
    return [
        ("Périmètre", data["subject"]),
        ("Convention", data["convention"] or "aucune en vigueur"),
        ("Numéro", data["number"]),
        ("Version", str(data["version"])),
        *replaces,
        ("Établi le", french.date(dated_on)),
        ("Par", str(author) if author else "le portail"),
    ]


def count_table(caption, heading, unit, rows, *, hours=False):
    """What « pdf/components/count_table.html » shows: [(label, value)] under a caption; `hours`: with their unit."""
    return {"caption": caption, "heading": heading, "unit": unit, "rows": rows, "hours": hours}


def alert_row(alert, period):
    """One alert, and whether it was closed by the end of the period."""
    closed_on = alert.closed_on and timezone.localdate(alert.closed_on)
    closed = closed_on is not None and closed_on <= period.end
    return {
        "raised_on": timezone.localdate(alert.raised_on).isoformat(),
        "market": alert.lot.market.number if alert.lot else "",
        "lot": alert.lot.number if alert.lot else "",
        "category": alert.get_category_display(),
        "severity": alert.get_severity_display(),
        "description": alert.description,
        "closed_on": closed_on.isoformat() if closed else None,
        "answer": alert.answer if closed else "",
    }


def with_dates(alert):
    """An alert of the snapshot, its ISO dates made dates again."""
    closed = alert["closed_on"]
    return alert | {
        "raised_on": date.fromisoformat(alert["raised_on"]),
        "closed_on": date.fromisoformat(closed) if closed else None,
    }


def months_chart(months):
    """Columns of hours by month, drawn on the server; `months` are the [ISO day, hours as text] of a snapshot.

    A month that corrections bring below zero has no column: its table says how much.
    """
    days = [(date.fromisoformat(day), max(float(total), 0)) for day, total in months]
    labels = [f"{day:%m/%y}" for day, _ in days]
    return charts.month_columns("Heures comptabilisées par mois", labels, [total for _, total in days])


def conventions_of(statement, day):
    """Conventions in force on `day` where the statement speaks of; all of them for a directorate or the Département."""
    in_force = Convention.objects.in_force(day)
    if statement.territory_id:
        in_force = in_force.filter(territories=statement.territory_id)
    elif statement.market_id:
        in_force = in_force.filter(territories__lots__market=statement.market_id)
    return in_force.order_by("reference").distinct()


def convention_reference(statement, period):
    """References of the conventions in force at the end of the period, or « »."""
    return ", ".join(conventions_of(statement, period.end).values_list("reference", flat=True))


def structure_id(statement, day):
    """The structure whose logo the paper carries (C25): that of the convention of its territory on `day`, or None."""
    if not statement.territory_id:
        return None
    return conventions_of(statement, day).order_by("-signed_on").values_list("structure", flat=True).first()


def funding_period(lots, day):
    """European funding period of the operations of these lots: the latest wins, the convention asks for the EU logo.

    Without any, that of the day the paper is dated.
    """
    values = lots.exclude(market__operation=None).order_by().values_list("market__operation__funding_period", flat=True)
    default = "2021-2027" if day >= FIRST_FUNDING_DAY else "2014-2020"
    return max(set(values.distinct()) - {"none"}, default=default)


def head_of(data):
    """The `Letterhead` of a snapshot: logos of the day it is dated, the European block of its funding period."""
    dated_on = date.fromisoformat(data["dated_on"])
    return letterhead(logos_on(dated_on, structure=data.get("structure")), data["funding_period"])


def render_paper(template, statement, context, *, title, author, published=True, attachments=()):
    """Return the PDF (bytes) of a statement from its snapshot alone; a preview says that it is not published.

    `context` is added to what every paper has: data, facts, is_preview, verification_code, letterhead.
    """
    data = statement.snapshot
    dated_on = date.fromisoformat(data["dated_on"])
    common = {
        "data": data,
        "is_preview": not published,
        "facts": facts(statement, dated_on, author),
        "verification_code": statement.verification_code,
        "letterhead": head_of(data),
    }
    return render_pdf(
        template,
        common | context,
        title=title,
        identifier=data["number"],
        created_at=timezone.make_aware(datetime.combine(dated_on, time(12))),
        attachments=attachments,
    )
