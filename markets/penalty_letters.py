"""What the letters of a penalty say: the formal notice, then the decision (domain.md §10.2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.branding import logos_on
from clauses_portal.core.working_days import is_working_day
from facilitators.models import Structure
from markets.documents.letters import letter_to_pdf, write_letter
from markets.enums import HourlyRateCode, PenaltyBasis, PenaltyOutcome, PenaltyState
from markets.penalties import REFERENCE

BUYER = "Le maître d’ouvrage"
SIREN = 9  # digits of a SIRET that name the legal entity
B = PenaltyBasis
RATES = {
    HourlyRateCode.CEILING: "plafond horaire de la sécurité sociale",
    HourlyRateCode.WAGE: "SMIC horaire brut",
}


@dataclass(frozen=True)
class Kind:
    """A letter: its text (a file of documents/letters), its title, the end of its number."""

    text: str
    title: str
    suffix: str


KINDS = {
    PenaltyState.NOTICE_SENT: Kind("mise_en_demeure", "Mise en demeure", "MED"),
    PenaltyState.DECIDED: Kind("decision", "Décision sur une pénalité", "DEC"),
}


def number_of(case, kind):
    """« PEN-2026-00012-MED »: the number of a letter, and the name of its files."""
    return f"PEN-{case.found_on.year}-{case.pk:05d}-{KINDS[kind].suffix}"


def make_letter(case, kind, *, day: date, by):
    """Return (DOCX, PDF), both bytes, of the letter of this kind (a PenaltyState), signed by `by` on `day`."""
    logo = logos_on(day)[0]
    number, title = number_of(case, kind), f"{KINDS[kind].title} – marché {case.award.lot.market.number}"
    docx = write_letter(KINDS[kind].text, _fields(case, number, day, by), title=title, logo=logo, day=day)
    return docx, letter_to_pdf(docx, title=title, number=number, logo=logo, at=timezone.now())


def _fields(case, number, day, by):
    """Every field of both texts."""
    lot = case.award.lot
    return {
        "entreprise": str(case.award.company),
        "siret": case.award.company.siret,
        "marche_numero": lot.market.number,
        "marche_objet": lot.market.title,
        "lot_numero": lot.number,
        "lot_objet": lot.title,
        "reference": number,
        "constate_le": french.date(case.found_on),
        "manquement": case.breach,
        "faits": case.facts,
        "calcul": [{"nom": name, "valeur": value} for name, value in [*sum_lines(case), *_decided_lines(case)]],
        "reponse_avant": french.date(case.answer_due_on),
        "jours": str(_working_days(case)),
        "notifie_le": french.date(case.notice_sent_on),
        "observe_le": french.date(case.observed_on),
        "observations": bool(case.observations),
        "decision": _decision(case),
        "motif": case.reason,
        "appliquee": bool(case.decided_euros),
        "date_document": french.date(day),
        "signataire": str(by),
        "acheteur": _buyer(lot.market),
    }


def _working_days(case):
    """Working days the company has to answer, the day of the letter left aside."""
    days = (case.answer_due_on - case.notice_sent_on).days
    return sum(is_working_day(case.notice_sent_on + timedelta(days=number)) for number in range(1, days + 1))


def sum_lines(case):
    """[(name, value)] of how the penalty is counted, as a letter and a page print it."""
    hours = []
    if case.basis not in {B.FIXED, B.PER_DAY}:
        left = max(case.required_hours - case.counted_hours - case.neutralised_hours, 0)
        hours = [
            ("Heures dues", french.hours(case.required_hours)),
            ("Heures comptabilisées", french.hours(case.counted_hours)),
            ("Heures neutralisées", french.hours(case.neutralised_hours)),
            ("Heures non réalisées", french.hours(left)),
        ]
    return [*hours, ("Tarif", _tariff(case)), *_units(case), ("Pénalité encourue", french.euros(case.due_euros))]


def _tariff(case):
    texts = {
        B.FIXED: f"{french.euros(case.tariff)} par manquement",
        B.PER_DAY: f"{french.euros(case.tariff)} par jour ouvré de retard",
        B.PER_HOUR: f"{french.euros(case.tariff)} par heure",
    }
    if case.basis in texts:
        return texts[case.basis]
    euros = f"{french.number(case.tariff_euros, 4)}{french.NBSP}€"
    rate = RATES[REFERENCE[case.basis]]
    return f"{french.number(case.tariff)} fois le {rate}, soit {euros} par heure"


def _units(case):
    labels = {B.FIXED: "Nombre de manquements", B.PER_DAY: "Jours ouvrés de retard"}
    return [(labels[case.basis], french.number(case.units))] if case.basis in labels else []


def _decided_lines(case):
    return [] if case.decided_euros is None else [("Pénalité décidée", french.euros(case.decided_euros))]


def _decision(case):
    return {
        PenaltyOutcome.APPLIED: f"La pénalité est appliquée : {french.euros(case.decided_euros)}.",
        PenaltyOutcome.REDUCED: f"La pénalité est réduite à {french.euros(case.decided_euros)}.",
        PenaltyOutcome.WAIVED: "Votre entreprise est exonérée de la pénalité.",
    }.get(case.outcome, "")


def _buyer(market):
    buyer = Structure.objects.filter(siret__startswith=market.buyer_siret[:SIREN]).order_by("pk").first()
    return buyer.name if buyer else BUYER
