"""The columns of the lists of persons, of their validations, of their work and of their hours (what screens name)."""

from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as dated

from clauses_portal.core import french
from clauses_portal.core.exports import COUNTED, Column, Kind, Listing
from clauses_portal.core.french import NBSP
from markets.exports import lot_name

K = Kind
PERSONAL = "Données personnelles : à n’utiliser que pour le suivi des personnes, et à effacer ensuite."


def period(row):
    """« du 01/09/2026 au 31/08/2028 » of what has a beginning and an end, or one of them; None without either."""
    ends = [("du", row.starts_on), ("au", row.ends_on)]
    return " ".join(f"{word} {french.date(day)}" for word, day in ends if day) or None


def _available(person):
    if person.available_from is None:
        return None
    return "oui" if person.available_from <= timezone.localdate() else f"le {french.date(person.available_from)}"


def _current(person):
    """The validation that the list shows: the first of those granted that are not over."""
    return next(iter(person.granted_validations), None)


PERSONS = Listing(
    "Personnes",
    "personnes",
    (  # of Participant with `granted_validations`
        Column("Personne", K.TEXT, str),
        Column("Née le", K.DATE, "birth_date"),
        Column("Commune", K.TEXT, "commune"),
        Column("Territoire", K.TEXT, "territory"),
        Column("Prescripteur", K.TEXT, "get_prescriber_display"),
        Column("Disponible", K.TEXT, _available),
        Column("Validation", K.TEXT, lambda person: "Validée" if _current(person) else "Non validée"),
        Column("Validée du", K.DATE, lambda person: getattr(_current(person), "starts_on", None)),
        Column("Validée au", K.DATE, lambda person: getattr(_current(person), "ends_on", None)),
    ),
    (PERSONAL,),
)


def _evidence(validation):
    if validation.wrong:
        return "À revoir"
    if validation.evidence_dated_on:
        return f"daté du {french.date(validation.evidence_dated_on)}"
    return f"PASS IAE jusqu’au {french.date(validation.iae_ends_on)}"


VALIDATIONS = Listing(
    "Personnes à valider",
    "validations",
    (  # of EligibilityValidation with `wrong`
        Column("Personne", K.TEXT, "participant"),
        Column("Commune", K.TEXT, "participant.commune"),
        Column("Catégorie", K.TEXT, "category"),
        Column("Lot", K.TEXT, lambda validation: lot_name(validation.lot)),
        Column("Justificatif", K.TEXT, _evidence),
        Column("À revoir", K.TEXT, "wrong"),
        Column("Période demandée", K.TEXT, period),
        Column("Demande", K.TEXT, "get_state_display"),
        Column("Demandée le", K.DATE, "requested_at"),
        Column("Demandée par", K.TEXT, lambda row: row.requested_by if row.requested_at else None),
    ),
    (PERSONAL,),
)

ENDING = Listing(
    "Validations bientôt échues",
    "validations-bientot-echues",
    (
        Column("Personne", K.TEXT, "participant"),
        Column("Territoire", K.TEXT, "participant.territory"),
        Column("Marché", K.TEXT, lambda validation: lot_name(validation.lot) or "tous"),
        Column("Prend fin le", K.DATE, "ends_on"),
    ),
    (PERSONAL,),
)

CALLS = Listing(
    "Appels à passer",
    "appels",
    (  # of ExitSituation
        Column("Personne", K.TEXT, "participant"),
        Column("Téléphone", K.TEXT, "participant.phone"),
        Column("Échéance", K.TEXT, "get_horizon_display"),
        Column("À demander le", K.DATE, "due_on"),
        Column("Dernier contrat", K.TEXT, lambda row: f"{row.contract.job_title}, {row.contract.employer}"),
        Column("Marché", K.TEXT, "market.number"),
        Column("Fin du contrat", K.DATE, "contract.ends_on"),
        Column("Appels sans réponse", K.INTEGER, "attempts"),
        Column("Dernier appel", K.DATE, "called_on"),
    ),
    (PERSONAL,),
)


def _origin(posting):
    return "déposée par l’entreprise" if posting.link_id and posting.state == "draft" else None


POSTINGS = Listing(
    "Fiches de poste",
    "fiches-de-poste",
    (  # of JobPosting with_hired
        Column("Poste", K.TEXT, "title"),
        Column("Métier", K.TEXT, "rome"),
        Column("Entreprise", K.TEXT, "award.company"),
        Column("Lot", K.TEXT, lambda posting: lot_name(posting.lot)),
        Column("Territoire", K.TEXT, "territory"),
        Column("Contrat", K.TEXT, "get_contract_type_display"),
        Column("Heures par semaine", K.HOURS, "weekly_hours"),
        Column("Début", K.DATE, "starts_on"),
        Column("Postes", K.INTEGER, "positions"),
        Column("Pourvus", K.INTEGER, lambda posting: posting.hired or None),
        Column("État", K.TEXT, "get_state_display"),
        Column("Origine", K.TEXT, _origin),
    ),
)

LOTS = Listing(
    "Lots à suivre",
    "lots-heures",
    (
        Column("Lot", K.TEXT, lot_name),
        Column("Intitulé", K.TEXT, "title"),
        Column("Territoire", K.TEXT, "territory"),
        Column("Exécution", K.TEXT, period),
        Column("État", K.TEXT, "get_state_display"),
    ),
)

PENDING = Listing(
    "Heures à contrôler",
    "heures-a-controler",
    (  # of (HoursEntry, why it waits)
        Column("Personne", K.TEXT, lambda row: row[0].participant),
        Column("Entreprise", K.TEXT, lambda row: row[0].contract.employer),
        Column("Jours", K.TEXT, lambda row: period(row[0])),
        Column("Lot", K.TEXT, lambda row: lot_name(row[0].contract.lot)),
        Column("En attente", K.HOURS, lambda row: row[0].pending),
        Column("Pourquoi", K.TEXT, lambda row: row[1]),
    ),
    (PERSONAL,),
)


def _asked(row):
    if row.step:
        return f"relance {row.step}, le {french.date(row.reminded_on)}"
    return f"lien du {french.date(row.link.created_on)}" if row.link else "aucune"


DECLARATIONS = Listing(
    "Relevés à vérifier",
    "releves",
    (  # of CompanyMonth
        Column("Entreprise", K.TEXT, "company"),
        Column("Personnes", K.INTEGER, "people"),
        Column("Dans la grille", K.INTEGER, lambda row: row.typed or None),
        Column("État", K.TEXT, "label"),
        Column("Lignes à vérifier", K.INTEGER, lambda row: row.waiting or None),
        Column("Réponse", K.DATE, "answered_on"),
        Column("Sans heures", K.TEXT, lambda row: "aucune heure" if row.answered_on and row.no_hours else None),
        Column("Demandes", K.TEXT, _asked),
        Column("Lien ouvert le", K.DATE, "link.opened_on"),
        Column("Adresses refusées", K.TEXT, lambda row: ", ".join(row.bounced)),
        Column("Contact", K.TEXT, lambda row: None if row.reachable else "aucun contact joignable"),
    ),
)


def hours_grid(name, months, *, with_lot):
    """The `Listing` of the grid of a lot or of a company, of participants.grid rows; `months`: their first days."""
    lots = [Column("Lot", K.TEXT, "lot_label")] if with_lot else []
    return Listing(
        f"Heures {name}",
        "heures",
        (
            Column("Personne et contrat", K.TEXT, "person_label"),
            Column("Entreprise", K.TEXT, "company"),
            *lots,
            Column("Contrat", K.TEXT, "contract_label"),
            *(_month(rank, month) for rank, month in enumerate(months)),
            Column("Déclarées depuis le début", K.HOURS, lambda row: _hours(row.declared)),
            Column("Comptées depuis le début", K.HOURS, lambda row: _hours(row.counted)),
        ),
        (COUNTED, "Les mois portent les heures déclarées.", PERSONAL),
    )


def _month(rank, month):
    return Column(dated(month, "F Y"), K.HOURS, lambda row: _hours(row.cells[rank].value))


def _hours(text):
    """The hours of a figure of the grid, « 1 234,5 »; None when its cell is empty."""
    plain = text.replace(NBSP, "").replace("\u2212", "-").replace(",", ".")
    return Decimal(plain) if plain else None
