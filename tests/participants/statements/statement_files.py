"""Statements as lenders make them, and what was made of their lines."""

from clauses_portal.core.exports import csv_text

HEADERS = ["Nom", "Prénom", "Date de naissance", "Mois", "Heures", "Chantier"]


def statement(*rows, headers=HEADERS):
    """The bytes of a CSV."""
    return csv_text(headers, [list(row) for row in rows]).encode()


def outcomes(run):
    """[(row, outcome)] of a run."""
    return list(run.lines.order_by("row", "pk").values_list("row", "outcome"))
