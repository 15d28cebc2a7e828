"""The two files of a nominative list: who asked it is written on every page of both (domain.md §8)."""

import io

from django.utils import timezone

from clauses_portal.core.branding import logos_on
from clauses_portal.core.exports import COUNTED, Column, Kind
from clauses_portal.core.exports.documents import Document
from clauses_portal.core.exports.excel import write_xlsx_file
from clauses_portal.core.pdf import letterhead, render_pdf
from clauses_portal.core.periods import Lifetime

TITLE = "Liste nominative des bénéficiaires du RSA"
KEEP_IT = "Ne pas diffuser"
NOTES = (
    "Personnes qui percevaient le RSA à l’entrée dans le dispositif, qui résident dans les Bouches-du-Rhône et dont "
    "des heures sont comptabilisées dans la période. Une ligne par contrat.",
    COUNTED,
    "Numéro d’allocataire CAF ou MSA : non tenu par le portail.",
    "RSA justifié le : date de l’attestation vue par le facilitateur ; vide quand la personne a été validée à un "
    "autre titre.",
    "Usage réservé à la valorisation des bénéficiaires du RSA par le Département (convention, article 2-2). "
    "Détruisez ce fichier après usage.",
)
COLUMNS = (
    Column("Nom", Kind.TEXT, "last_name"),
    Column("Prénom", Kind.TEXT, "first_name"),
    Column("Date de naissance", Kind.DATE, "birth_date"),
    Column("Commune", Kind.TEXT, "commune"),
    Column("Prescripteur", Kind.TEXT, "prescriber"),
    Column("Référent", Kind.TEXT, "referent"),
    Column("RSA justifié le", Kind.DATE, "evidence_on"),
    Column("Marché", Kind.TEXT, "market"),
    Column("Lot", Kind.TEXT, "lot"),
    Column("Employeur", Kind.TEXT, "employer"),
    Column("Type de contrat", Kind.TEXT, "contract_type"),
    Column("Début", Kind.DATE, "starts_on"),
    Column("Fin", Kind.DATE, "ends_on"),
    Column("Heures comptabilisées", Kind.HOURS, "hours"),
    Column("Situation à l’issue", Kind.TEXT, "situation"),
)


def watermark(asked):
    """« Ne pas diffuser – LN-2026-000012 – demandée par Ada Bel le 15/09/2026 à 10:00 »."""
    moment = timezone.localtime(asked.asked_at)
    return f"{KEEP_IT} – {asked.number} – demandée par {asked.asked_by} le {moment:%d/%m/%Y à %H:%M}"


def render_list(asked, content):
    """Return the PDF (bytes) of a `Content`."""
    context = {
        "content": content,
        "watermark": watermark(asked),
        "facts": _facts(asked),
        "notes": NOTES,
        "letterhead": letterhead(logos_on(timezone.localdate(asked.asked_at))[:2], "none"),
    }
    return render_pdf(
        "pdf/nominative_list.html", context, title=TITLE, identifier=asked.number, created_at=asked.asked_at
    )


def _facts(asked):
    return [
        ("Périmètre", place_of(asked)),
        ("Période", period_of(asked).label),
        ("Demandée par", str(asked.asked_by)),
        ("Motif", asked.reason),
    ]


def list_workbook(asked, content):
    """Return the XLSX (bytes) of a `Content`."""
    *criteria, author, reason = _facts(asked)
    told = [f"{label} : {value}" for label, value in (author, reason)]
    document = Document(
        TITLE, COLUMNS, content.lines, asked.asked_at, criteria, (*told, *NOTES), watermark=watermark(asked)
    )
    file = io.BytesIO()
    write_xlsx_file(file, document)
    return file.getvalue()


def place_of(asked):
    """The territory of a list, in words."""
    return asked.territory.name if asked.territory else "Tous les territoires"


def period_of(asked):
    """The months of a list."""
    return Lifetime(asked.starts_on, asked.ends_on)
