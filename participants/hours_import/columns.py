"""The columns of a statement, under the names lenders and companies give them."""

from clauses_portal.core.tables import fits_headers, guess_mapping

# {name: (label, other wordings found in statements…)}
COLUMNS = {
    "name": (
        "Nom et prénom (une seule colonne)",
        *("nom prénom", "nom et prénom", "nom et prénoms", "prénom nom", "prénom et nom", "nom complet", "salarié"),
        *("intérimaire", "bénéficiaire", "collaborateur", "salarié intérimaire", "nom du salarié", "personne"),
    ),
    "last_name": ("Nom", "nom de famille", "nom d’usage", "nom usuel"),
    "first_name": ("Prénom", "prénoms"),
    "birth_date": ("Date de naissance", "né le", "née le", "né e le", "naissance", "date naissance", "ddn"),
    "month": ("Mois", "période", "mois travaillé", "mois de paie", "mois concerné", "date", "semaine du"),
    "hours": (
        "Heures",
        *("nombre d’heures", "nb heures", "nb d’heures", "heures travaillées", "heures effectuées", "total heures"),
        *("heures d’insertion", "heures réalisées", "heures facturées", "quantité", "qté"),
    ),
    "reference": (
        "Marché ou chantier",
        *("marché", "n° marché", "n° de marché", "numéro du marché", "chantier", "affaire", "lieu de mission", "lot"),
    ),
}
LABELS = {name: wordings[0] for name, wordings in COLUMNS.items()}


def guess(headers):
    """{column: index} of these headers, as far as their words tell."""
    return guess_mapping(headers, COLUMNS)


def missing(columns, month):
    """Labels of what nothing can be imported without; `month` (« 2026-08 ») stands for the column of months."""
    lacking = []
    if "name" not in columns and "last_name" not in columns:
        lacking.append(LABELS["last_name"])
    if "hours" not in columns:
        lacking.append(LABELS["hours"])
    if "month" not in columns and not month:
        lacking.append(LABELS["month"])
    return lacking


def fits(columns, headers):
    """Does a remembered or typed mapping name known columns that these headers have?"""
    return fits_headers(columns, headers, COLUMNS)
