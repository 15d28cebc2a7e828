"""What the documents of a lot print, as the portal knows it: never an amount, a share, a rate nor a method (C27)."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from facilitators.models import Convention, Structure
from facilitators.notifications import members
from markets.documents.context import GLOBALISATION, Contact, DocumentContext, LotHours, Option, Penalty, articles_of
from markets.enums import CalibrationPurpose, ClauseOutcome, ExecutionTerm, MarketKind, PenaltyBasis, Technique
from markets.firm_period import instead_of_hours
from markets.legal import Duty
from markets.models import Calibration, Lot, PenaltyRule
from markets.services.referents import referent_of

# The chargées de mission belong to it (C1).
OFFICE = "Direction de l’Insertion"
SIREN = slice(9)
TARIFFS = {
    PenaltyBasis.FIXED: "{} par manquement",
    PenaltyBasis.PER_DAY: "{} par jour de retard",
    PenaltyBasis.PER_HOUR: "{} par heure non réalisée",
    PenaltyBasis.CEILING_MULTIPLE: "{} fois le plafond horaire de la sécurité sociale par heure non réalisée",
}
NO_CLAUSE = "Décidez d’abord de la clause : les pièces citent son fondement juridique."
NOT_CALIBRATED = "Retenez d’abord les heures de la période ferme : les pièces les portent."
NO_REFERENT = (
    "Désignez d’abord le référent du lot : ses coordonnées figurent dans les pièces (article 2 de la convention)."
)
REFERENT_GONE = (
    "{person}, référent du lot, n’a plus de compte actif : désignez son successeur, que les pièces nommeront."
)
NO_BUYER = "L’acheteur n’est pas une structure du portail : corrigez le SIRET du marché."
NO_OFFICER = "Aucune chargée de mission n’a de compte actif : les pièces doivent en nommer une."


@dataclass(frozen=True)
class Gap:
    """What keeps the documents from being produced, and the page where it is mended (« » when there is none)."""

    sentence: str
    url: str = ""
    action: str = ""


class DocumentsNotReady(DomainError):
    """The portal lacks what the documents must print; `gaps` are the `Gap`s, all of them."""

    def __init__(self, gaps):
        super().__init__(" ".join(gap.sentence for gap in gaps))
        self.gaps = tuple(gaps)


def context_of(lot, *, day):
    """Return the `DocumentContext` of a lot on `day`: the hours retained, the référent and the penalties of that day.

    Raises DocumentsNotReady, which names everything that is missing.
    """
    lot = Lot.objects.select_related("market__operation", "territory", "decision__decided_by").get(pk=lot.pk)
    gaps = gaps_of(lot, day)
    if gaps:
        raise DocumentsNotReady(gaps)
    return DocumentContext(
        date=day, **_market(lot.market), **_lot(lot), **_clause(lot), **_hours(lot), **_people(lot, day), **_rules(day)
    )


def gaps_of(lot, day):
    """[Gap] of a lot: what is still missing before its documents can be produced on `day`."""
    decision = _decision(lot)
    if decision is None:
        return [Gap(NO_CLAUSE)]
    here = reverse("markets:lot", args=[lot.pk])
    gaps = [Gap(NOT_CALIBRATED, f"{here}#calibrage", "Voir le calibrage")] if firm_hours(lot) is None else []
    gaps += _referent_gaps(lot, day)
    if not _buyer(lot.market):
        gaps.append(Gap(NO_BUYER, reverse("markets:edit", args=[lot.market_id]), "Corriger le marché"))
    if _officer(decision) is None:
        gaps.append(Gap(NO_OFFICER))
    try:
        _articles(lot, decision)
    except DomainError as refusal:
        gaps.append(Gap(refusal.message))
    return gaps


def _referent_gaps(lot, day):
    named = referent_of(lot, day)
    if named is not None and named.referent.is_active:
        return []
    url = reverse("markets:referent", args=[lot.pk])
    if named is None:
        return [Gap(NO_REFERENT, url, "Désigner le référent")]
    return [Gap(REFERENT_GONE.format(person=named.referent), url, "Changer de référent")]


def firm_hours(lot):
    """Hours (h) retained last for the firm period, None when there are none."""
    return lot.calibrations.firm().retained().values_list("retained_hours", flat=True).first()


def uncalibrated_phases(lot):
    """The phases of a lot that no hours were retained for: its documents do not mention them."""
    return lot.phases.exclude(calibrations__retained_at__isnull=False)


def structure_of(lot, day):
    """The structure of the convention in force on the territory of a lot, None when there is none."""
    conventions = Convention.objects.in_force(day).filter(territories=lot.territory_id)
    convention = conventions.select_related("structure").first()
    return convention.structure if convention else None


def _decision(lot):
    decision = getattr(lot, "decision", None)
    return decision if decision is not None and decision.outcome == ClauseOutcome.CLAUSE else None


def _market(market):
    operation = market.operation
    return {
        "buyer_name": _buyer(market),
        "market_title": market.title,
        "market_number": market.number,
        "market_kind": market.get_kind_display(),
        "procedure": french.typographic(market.get_procedure_display()),
        "operation_title": operation.title if operation else "",
        "eu_funding": operation.funding_period if operation else "none",
        "by_orders": _by_orders(market),
    }


def _by_orders(market):
    """An order brings its hours; a framework agreement is carried out by orders, unless it says by markets."""
    terms = set(market.execution_terms)
    framework = market.technique == Technique.FRAMEWORK and ExecutionTerm.SUBSEQUENT not in terms
    return framework or ExecutionTerm.ORDERS in terms


def _buyer(market):
    """The name of the structure that buys: an establishment of the same institution has another SIRET, not SIREN."""
    rows = Structure.objects.filter(siret__startswith=market.buyer_siret[SIREN])
    return rows.values_list("name", flat=True).order_by("pk").first() or ""


def _lot(lot):
    market = lot.market
    divided = market.lots.count() > 1
    return {
        "lot_number": lot.number if divided else "",
        "lot_title": lot.title,
        "firm_months": lot.firm_months,
        "start": lot.starts_on or market.starts_on,
        "end": lot.ends_on or market.ends_on,
        "staff_takeover": lot.staff_takeover,
        "places": _places(lot),
        "lots": _lots(market) if divided else (),
    }


def _places(lot):
    """The communes of the operation in the territory of the lot, or the territory itself."""
    operation = lot.market.operation
    communes = operation.communes.filter(territory=lot.territory_id).order_by("name") if operation else ()
    return tuple(commune.name for commune in communes) or (lot.territory.name,)


def _lots(market):
    """Every lot of the market that has hours: the notice is one, and public."""
    rows = (
        Calibration.objects.firm().retained().filter(lot__market=market).select_related("lot__decision", "lot__market")
    )
    last = rows.order_by("lot_id", "-version").distinct("lot_id")
    hours = [LotHours(row.lot.number, row.lot.title, row.retained_hours, instead_of_hours(row.lot)) for row in last]
    return tuple(sorted(hours, key=lambda row: (len(row.number), row.number)))


def _clause(lot):
    decision = _decision(lot)
    return {
        "legal_basis": decision.legal_basis,
        "articles": _articles(lot, decision),
        "officer": _contact(_officer(decision), OFFICE),
    }


def _articles(lot, decision):
    return articles_of(
        decision.legal_basis,
        mandatory=decision.duty == Duty.MANDATORY,
        concession=lot.market.kind == MarketKind.CONCESSION,
    )


def _officer(decision):
    """Who decided, or a colleague of hers when she has left."""
    author = decision.decided_by
    return author if author and author.is_active else members(Role.MISSION_OFFICER).first()


def _hours(lot):
    rows = lot.calibrations.filter(purpose=CalibrationPurpose.PHASE).retained().select_related("phase")
    last = {row.phase_id: row for row in rows.order_by("version")}.values()
    options = sorted(last, key=lambda row: (row.phase.kind, len(row.phase.number), row.phase.number))
    return {
        "hours": firm_hours(lot),
        "options": tuple(Option(str(row.phase), row.retained_hours) for row in options),
        "full_time_hours": settings.ANNUAL_HOURS,
    }


def _people(lot, day):
    named, structure = referent_of(lot, day), structure_of(lot, day)
    of = structure.name if structure else ""
    substitute = named.substitute if named.substitute and named.substitute.is_active else None
    return {
        "facilitator": _contact(named.referent, of),
        "substitute": _contact(substitute, of) if substitute else None,
    }


def _contact(person, structure):
    return Contact(str(person), structure, person.phone, person.email)


def _rules(day):
    return {
        "penalties": tuple(_penalty(rule) for rule in PenaltyRule.objects.valid_on(day).order_by("code")),
        "globalisation": GLOBALISATION,
    }


def _penalty(rule):
    """The text leaves its figure to the tariff: the documents print both."""
    in_euros = rule.basis != PenaltyBasis.CEILING_MULTIPLE
    value = french.euros(rule.value) if in_euros else french.number(rule.value)
    return Penalty(rule.breach, f"{TARIFFS[PenaltyBasis(rule.basis)].format(value)}. {rule.text}")
