"""What must be true for a validation to be granted: said to the decider, and refused by the service (domain.md §4)."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from markets.models import CountingRule
from participants.eligibility import is_fresh
from participants.enums import CategoryRequirement
from participants.models import EligibilityValidation
from participants.services.eligibility import clock_of

OVERLAP = "Cette personne a déjà une validation sur cette période."
BEFORE_DECISION = "La validation ne peut pas prendre effet avant le jour de la décision."
NOT_SEEN = "Le justificatif n’a pas été vu : indiquez sa date dans la demande."
NO_OPINION = "Cette catégorie demande un avis motivé : indiquez de qui il vient et ce qu’il dit."
NO_STRUCTURE = "Indiquez le PASS IAE et sa date de fin, ou l’attestation de la structure et sa date."
NOT_IN_QPV = (
    "Ce marché est réservé aux habitants des quartiers prioritaires : la fiche de cette personne ne dit pas qu’elle y "
    "réside."
)
TWO_PEOPLE = "Une validation qui prend effet dans le passé se décide à deux : vous avez fait la demande."
NO_REASON = "Indiquez le motif."


@dataclass(frozen=True)
class Check:
    """One thing the decider verifies: `refusal` says what is wrong, « » when all is well."""

    label: str
    detail: str
    refusal: str = ""


def checks_of(validation, day):
    """[Check] of a request on `day`: evidence, residence, 24 months, overlap. Nothing of another territory is named."""
    return [
        Check("Justificatif", _evidence_seen(validation), evidence_refusal(validation, day)),
        *_residence_check(validation),
        _clock_check(validation, clock_of(validation.participant), day),
        _overlap_check(validation),
    ]


def _evidence_seen(validation):
    told = [validation.evidence_kind or validation.category.evidence]
    if validation.evidence_dated_on:
        told.append(f"daté du {french.date(validation.evidence_dated_on)}")
    if validation.iae_number:
        told.append(f"PASS IAE n° {validation.iae_number}, jusqu’au {french.date(validation.iae_ends_on)}")
    return ", ".join(told)


def evidence_refusal(validation, day):
    """Why the evidence does not do on `day`, « » when it does. Its age is that of the decision (domain.md §4.2)."""
    category, dated_on = validation.category, validation.evidence_dated_on
    if category.requirement == CategoryRequirement.OPINION and not (validation.opinion_from and validation.opinion):
        return NO_OPINION
    if category.requirement == CategoryRequirement.STRUCTURE and validation.iae_number:
        return _expired_pass(validation, day)
    if dated_on is None:
        return NO_STRUCTURE if category.requirement == CategoryRequirement.STRUCTURE else NOT_SEEN
    if is_fresh(dated_on, category.evidence_months, day):
        return ""
    return (
        f"Le justificatif du {french.date(dated_on)} est trop ancien : cette catégorie en demande un de moins de "
        f"{category.evidence_months} mois. Faites-le renouveler."
    )


def _expired_pass(validation, day):
    if validation.iae_ends_on >= day:
        return ""
    return f"Le PASS IAE a pris fin le {french.date(validation.iae_ends_on)}."


def needs_qpv(validation):
    """True when the request is for a market that only counts residents of priority neighbourhoods (NPNRU)."""
    if validation.lot_id is None:
        return False
    return CountingRule.objects.filter(market__lots=validation.lot_id, qpv_required=True).exists()


def _residence_check(validation):
    if not needs_qpv(validation):
        return []
    resides = validation.participant.lives_in_qpv
    code = validation.participant.qpv_code or "code non renseigné"
    return [Check("Quartier prioritaire", code if resides else "non renseigné", "" if resides else NOT_IN_QPV)]


def _clock_check(validation, clock, day):
    starts_on = max(validation.starts_on, day)
    last = clock.last_day(starts_on, validation.iae_ends_on)
    months = clock.months_open(day)
    opened = f"{months} mois déjà ouverts" if clock.opened_on else "aucun contrat avant cette demande"
    refusal = beyond(last) if last < starts_on else ""
    return Check("24 mois", f"{opened}, validation possible jusqu’au {french.date(last)}", refusal)


def _overlap_check(validation):
    granted = overlapping(validation).first()
    if granted is None:
        return Check("Autre validation", "aucune sur la période demandée")
    told = f"du {french.date(granted.starts_on)} au {french.date(granted.ends_on)}"
    return Check("Autre validation", told, OVERLAP)


def beyond(last):
    """The sentence that refuses a validation past the window that ends on `last`."""
    return (
        f"Les 24 mois de cette personne vont jusqu’au {french.date(last)} : au-delà, accordez une prolongation, avec "
        "son motif."
    )


def check_grant(validation, *, by):
    """Raise what forbids to grant this request now, its period and reasons being set.

    DomainError: evidence, residence, start in the past (M10), overlap (M9), more than 24 months. ValidationError: a
    reason is due and is not there.
    """
    today = timezone.localdate()
    refusal = evidence_refusal(validation, today)
    if not refusal and needs_qpv(validation) and not validation.participant.lives_in_qpv:
        refusal = NOT_IN_QPV
    if refusal:
        raise DomainError(refusal)
    check_period(validation, by=by)


def check_period(validation, *, by):
    """The part of `check_grant` that is about dates."""
    _check_start(validation, timezone.localdate(), by)
    check_dates(validation)


def check_dates(validation):
    """Raise DomainError or ValidationError on an overlap (M9) or beyond the 24 months, whenever it was decided."""
    if validation.ends_on < validation.starts_on:
        raise ValidationError({"ends_on": "La fin de la validation précède son début."})
    if overlapping(validation).exists():
        raise DomainError(OVERLAP)
    _check_clock(validation)


def _check_start(validation, today, by):
    """Never before the decision, unless the office opened a few days of retroactivity (domain.md §4.3)."""
    late = (today - validation.starts_on).days
    if late <= 0:
        return
    most = settings.RETROACTIVE_VALIDATION_DAYS
    if most == 0:
        raise DomainError(BEFORE_DECISION)
    if late > most:
        raise DomainError(f"La validation prend effet au plus {most} jours avant la décision.")
    if not validation.reason:
        raise ValidationError({"reason": NO_REASON})
    if validation.requested_by_id == by.pk:
        raise DomainError(TWO_PEOPLE)


def _check_clock(validation):
    last = clock_of(validation.participant).last_day(validation.starts_on, validation.iae_ends_on)
    if validation.ends_on <= last:
        return
    if not validation.extension_reason:
        raise DomainError(beyond(last))
    if not validation.reason:
        raise ValidationError({"reason": NO_REASON})


def overlapping(validation):
    """The granted validations of the person that share a day with this one."""
    granted = EligibilityValidation.objects.granted().filter(participant=validation.participant_id)
    return granted.filter(starts_on__lte=validation.ends_on, ends_on__gte=validation.starts_on)
