"""The columns a programme may have, under the names directions give them."""

from clauses_portal.core.tables import fits_headers, guess_mapping

# {name: (label, other wordings found in real headers…)}
COLUMNS = {
    "operation_reference": (
        "Référence de l’opération",
        *("référence opération", "réf opération", "n° opération", "numéro opération", "code opération"),
        *("numéro de l’opération", "référence", "réf"),
    ),
    "operation_title": ("Intitulé de l’opération", "opération", "nom de l’opération", "projet", "libellé opération"),
    "communes": ("Communes", "commune", "ville", "lieu d’exécution", "localisation", "lieu"),
    "market_number": (
        "Numéro du marché",
        *("n° marché", "n° du marché", "n° de marché", "numéro marché", "référence du marché", "marché n°"),
    ),
    "title": ("Objet du marché", "objet", "intitulé du marché", "libellé du marché", "intitulé", "libellé", "marché"),
    "kind": ("Nature", "nature du marché", "type de marché", "catégorie d’achat", "nature de l’achat"),
    "procedure": ("Procédure", "type de procédure", "mode de passation", "passation"),
    "cpv": ("Code CPV", "cpv"),
    "lot_number": ("Numéro du lot", "n° lot", "n° du lot", "n° de lot", "numéro lot", "lot n°", "lot"),
    "lot_title": ("Intitulé du lot", "objet du lot", "désignation du lot", "libellé du lot", "nom du lot"),
    "territory": ("Territoire", "bassin", "secteur géographique", "secteur"),
    "trade": ("Corps de métier", "corps d’état", "métier", "filière", "domaine"),
    "lot_amount": (
        "Montant estimé du lot (€ HT)",
        *("montant estimé du lot", "estimation du lot", "montant du lot", "montant estimé", "estimation", "montant"),
        "budget",
    ),
    "market_amount": (
        "Montant estimé du marché (€ HT)",
        *("montant estimé du marché", "estimation du marché", "montant du marché", "montant total", "budget total"),
    ),
    "firm_months": ("Durée ferme (mois)", "durée ferme", "durée en mois", "durée mois", "durée"),
    "planned_publication_on": (
        "Publication prévue",
        *("date de publication", "publication", "lancement", "mise en consultation", "date de lancement", "aapc"),
    ),
    "planned_tenders_on": (
        "Remise des offres prévue",
        *("remise des offres", "réception des offres", "date limite des offres", "offres"),
    ),
    "planned_notification_on": ("Notification prévue", "date de notification", "notification", "attribution"),
    "starts_on": (
        "Début d’exécution",
        *("début des travaux", "date de début", "début prévu", "démarrage", "début"),
    ),
    "ends_on": ("Fin d’exécution", "fin des travaux", "date de fin", "fin prévue", "achèvement", "fin"),
}
LABELS = {name: wordings[0] for name, wordings in COLUMNS.items()}
REQUIRED = ("operation_reference", "title")


def guess(headers):
    """{column: index} of these headers, as far as their words tell."""
    return guess_mapping(headers, COLUMNS)


def missing(mapping):
    """Labels of the columns without which nothing can be imported."""
    return [LABELS[name] for name in REQUIRED if name not in mapping]


def fits(mapping, headers):
    """Does a remembered or typed mapping name known columns that these headers have?"""
    return fits_headers(mapping, headers, COLUMNS)
