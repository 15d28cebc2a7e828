"""Must this market take social considerations into account? L. 2112-2-1 and L. 3114-2-1 (domain.md §2.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from clauses_portal.core import french
from markets.calibration.numbers import as_decimal
from markets.enums import MarketKind
from markets.legal.exemptions import Exemption, proposable, refusal
from markets.legal.thresholds import SHIPPED_THRESHOLDS, LegalError, Threshold, ThresholdCategory, threshold_on

# Loi n° 2021-1104 of 22 August 2021, art. 35; décret n° 2022-767 of 2 May 2022: consultations begun from that day.
IN_FORCE_FROM = date(2026, 8, 21)
CATEGORIES = {
    MarketKind.WORKS: ThresholdCategory.WORKS,
    MarketKind.SERVICES: ThresholdCategory.SUPPLIES_SERVICES_LOCAL,
    MarketKind.SUPPLIES: ThresholdCategory.SUPPLIES_SERVICES_LOCAL,
    MarketKind.INTELLECTUAL: ThresholdCategory.SUPPLIES_SERVICES_LOCAL,
    MarketKind.CONCESSION: ThresholdCategory.CONCESSION,
    MarketKind.SOCIAL_SERVICES: ThresholdCategory.SOCIAL_SERVICES,
}


class Duty(models.TextChoices):
    """What the law asks of a market on the day its consultation begins."""

    OPTIONAL = "optional", "Facultative"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    EXEMPT = "exempt", "Dérogation motivée"
    MANDATORY = "mandatory", "Obligatoire"


@dataclass(frozen=True)
class SocialDuty:
    """The duty, its article, the threshold compared (None when none was), and what can be answered to it.

    `explanation` and `refusal` are French sentences without the estimate (C27); `proposable` is empty when there is
    no duty to be exempted from; `refusal` says why a claimed exemption does not stand, « » otherwise.
    """

    duty: Duty
    article: str
    threshold: Threshold | None
    explanation: str
    proposable: tuple[Exemption, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class _Facts:
    """Facts that make sense: the whole estimated need (€ without tax), the day of the consultation, the months."""

    kind: str
    amount: Decimal
    day: date
    months: Decimal | None

    @property
    def article(self):
        return "L. 3114-2-1" if self.kind == MarketKind.CONCESSION else "L. 2112-2-1"


def social_consideration_duty(
    *,
    kind,
    estimated_amount,
    consultation_date,
    duration_months=None,
    defence=False,
    exemption=None,
    exemption_reason="",
    thresholds=SHIPPED_THRESHOLDS,
):
    """Say whether social considerations are optional, out of scope, exempt or mandatory.

    `kind`: a MarketKind; `estimated_amount`: € without tax of the whole need, all lots and renewals;
    `consultation_date`: the day it is launched or its notice sent; `duration_months`: needed by exemption 4 only;
    `exemption`: a number of `Exemption`. An exempt market still needs the legal visa. Returns a SocialDuty.
    Raises LegalError (French sentence) on nonsense, or when no threshold is known that day.
    """
    facts = _read(kind, estimated_amount, consultation_date, duration_months)
    claimed, reason = _claim(exemption, exemption_reason)
    if not isinstance(defence, bool):
        raise LegalError("Indiquez si le marché relève de la défense ou de la sécurité, par oui ou par non.")
    if facts.day < IN_FORCE_FROM:
        sentence = f"Consultation antérieure au {french.date(IN_FORCE_FROM)} : considération sociale facultative."
        return SocialDuty(Duty.OPTIONAL, f"{facts.article}, I", None, sentence)
    if defence:
        sentence = f"Marché de défense ou de sécurité : hors du champ de l’article {facts.article}."
        return SocialDuty(Duty.OUT_OF_SCOPE, f"{facts.article}, I", None, sentence)
    threshold = threshold_on(CATEGORIES[facts.kind], facts.day, thresholds)
    if facts.amount < threshold.amount:
        sentence = (
            f"Besoin inférieur au seuil de {french.euros(threshold.amount)} HT : considération sociale facultative, "
            "que les objectifs du PNAD et du SPASER encouragent."
        )
        return SocialDuty(Duty.OPTIONAL, f"{facts.article}, I", threshold, sentence)
    return _at_the_threshold(facts, threshold, claimed, reason)


def _at_the_threshold(facts, threshold, claimed, reason):
    """Mandatory, unless an exemption stands with its reason."""
    allowed = proposable(facts.kind, facts.months)
    why_not = "" if claimed is None else refusal(claimed, reason, facts.kind, facts.months)
    if claimed is not None and not why_not:
        # The concessions have their own numbering: only the paragraph is cited.
        number = "" if facts.kind == MarketKind.CONCESSION else f", {claimed.value}°"
        sentence = f"Dérogation motivée, soumise au visa juridique : {claimed.label}."
        return SocialDuty(Duty.EXEMPT, f"{facts.article}, II{number}", threshold, sentence, allowed)
    sentence = (
        f"Besoin égal ou supérieur au seuil de {french.euros(threshold.amount)} HT : "
        "une condition d’exécution sociale est obligatoire."
    )
    return SocialDuty(Duty.MANDATORY, f"{facts.article}, I", threshold, sentence, allowed, why_not)


def _read(kind, amount, day, months):
    if not isinstance(kind, str) or kind not in CATEGORIES:
        raise LegalError("Indiquez la nature du marché.")
    # A datetime is a date for Python; its day depends on its timezone.
    if not isinstance(day, date) or isinstance(day, datetime):
        raise LegalError("Indiquez la date de la consultation.")
    estimate = _above_zero(amount, "Indiquez le montant estimé du besoin, supérieur à zéro.")
    duration = None if months is None else _above_zero(months, "Indiquez une durée en mois, supérieure à zéro.")
    return _Facts(kind, estimate, day, duration)


def _above_zero(value, sentence):
    try:
        number = as_decimal(value)
    except ValueError:
        raise LegalError(sentence) from None
    if number <= 0:
        raise LegalError(sentence)
    return number


def _claim(exemption, reason):
    if exemption is not None and (type(exemption) not in {int, Exemption} or exemption not in Exemption.values):
        raise LegalError("Cette dérogation n’existe pas : choisissez un cas de l’article L. 2112-2-1, II.")
    if reason is not None and not isinstance(reason, str):
        raise LegalError("Donnez le motif de la dérogation en toutes lettres.")
    return None if exemption is None else Exemption(exemption), reason or ""
