"""Small DECP files made for one test, and the place of the real ones."""

import io
import json
from pathlib import Path

REAL_FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "decp_dev"
REAL_FILES = sorted(path for path in REAL_FOLDER.rglob("*") if path.suffix in {".json", ".csv"})

BUYER = "22130001500247"
COMPANY = "73282932000074"
OTHER_COMPANY = "55208131766522"
WRONG_KEY = COMPANY[:13] + "5"


def row_2019(**changes):
    """A complete record of the 2019 format."""
    return {
        "id": "2019M1900400",
        "acheteur": {"id": BUYER, "nom": "Département"},
        "_type": "Marché",
        "nature": "Marché",
        "objet": "Réhabilitation du collège - Lot 3 : Serrurerie",
        "codeCPV": "45421160-3",
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "13001", "typeCode": "Code commune"},
        "dureeMois": 12,
        "dateNotification": "2019-01-22",
        "datePublicationDonnees": "2019-02-08",
        "montant": 76975.5,
        "titulaires": [{"typeIdentifiant": "SIRET", "id": COMPANY, "denominationSociale": "Alpha"}],
        "modifications": [],
    } | changes


def row_2022(**changes):
    """A complete record of the 2022 format, with the official wrappers."""
    return {
        "id": "2024T00017",
        "acheteur": {"id": BUYER},
        "nature": "Marché",
        "objet": "Construction d’une école - Cloisons",
        "codeCPV": "45421141-4",
        "procedure": "Appel d'offres ouvert",
        "ccag": "Travaux",
        "lieuExecution": {"code": "13", "typeCode": "Code département"},
        "dureeMois": 22,
        "dateNotification": "2024-02-14",
        "datePublicationDonnees": "2024-07-28",
        "montant": 386075.84,
        "typeGroupementOperateurs": "Conjoint",
        "sousTraitanceDeclaree": True,
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": COMPANY}}],
        "considerationsSociales": {"considerationSociale": ["Clause sociale", "Critère social"]},
        "techniques": {"technique": ["Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Tranches"]},
    } | changes


def as_2019(*rows, **root):
    return stream(json.dumps({"marches": list(rows)} | root))


def as_2022(*rows):
    return stream(json.dumps({"marches": {"marche": list(rows)}}))


def stream(content):
    """A binary file object, as an upload gives."""
    return io.BytesIO(content.encode() if isinstance(content, str) else content)


def holders(*sirets):
    """The titulaires of a record."""
    return [{"id": siret, "typeIdentifiant": "SIRET"} for siret in sirets]
