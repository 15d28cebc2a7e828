"""What an avant-projet still lacks before the facilitator’s opinion can be asked (C6; domain.md §9.1).

Pure: everything asked is on the objects it is given. It says that an amount is missing, never what an amount is.
"""

from dataclasses import dataclass, field
from itertools import chain

from django.urls import reverse

from markets.enums import ExecutionTerm, PhaseKind, Source, Technique


@dataclass(frozen=True)
class Missing:
    """Something to fill in: its name, the part of the avant-projet it belongs to, the address of its field."""

    label: str
    where: str
    url: str


@dataclass(frozen=True)
class Amounts:
    """Which amounts are known, without the amounts: ids of lots and phases, the market’s own, whether sums agree."""

    market: bool = False
    lots: frozenset = field(default_factory=frozenset)
    phases: frozenset = field(default_factory=frozenset)
    agree: bool = True


@dataclass(frozen=True)
class Completeness:
    """`missing` of the `asked` points; `percent` is 100 only when nothing is missing."""

    missing: list
    asked: int

    @property
    def percent(self):
        return (self.asked - len(self.missing)) * 100 // self.asked if self.asked else 100


def missing(market, lots, *, amounts, documents, today):
    """What is missing, as a list of `Missing`; see `completeness`."""
    return completeness(market, lots, amounts=amounts, documents=documents, today=today).missing


def completeness(market, lots, *, amounts, documents, today):
    """Review an avant-projet. An imported market has none: nothing is asked of it.

    `lots`, those to submit, come with their phases and occupations prefetched, `amounts` is an `Amounts`,
    `documents` the number of documents of the consultation deposited, `today` a date.
    """
    if market.source != Source.MANUAL:
        return Completeness([], 0)
    points = [
        *_operation(market),
        *_market(market),
        *_calendar(market, today),
        *chain.from_iterable(_lot(lot, market) for lot in lots),
        *_tranches(market, lots),
        *_amounts(market, lots, amounts),
        *_documents(market, documents),
    ]
    return Completeness([point for filled, point in points if not filled], len(points))


def _operation(market):
    if market.operation is None:
        yield False, Missing("Opération de rattachement", "Marché", _market_field(market, "operation"))
        return
    url = reverse("operations:edit", args=[market.operation_id])
    yield bool(market.operation.officer), Missing("Chargé d’opération", "Opération", f"{url}#id_officer")
    yield bool(market.operation.address), Missing("Adresse du site", "Opération", f"{url}#id_address")


MARKET_FIELDS = (
    ("cpv", "Code CPV"),
    ("procedure", "Procédure"),
    ("volume", "Volumétrie"),
    ("starts_on", "Début d’exécution"),
    ("ends_on", "Fin d’exécution"),
    ("duration_months", "Durée"),
)


def _market(market):
    for name, label in MARKET_FIELDS:
        yield bool(getattr(market, name)), Missing(label, "Marché", _market_field(market, name))
    if market.technique == Technique.FRAMEWORK:
        carried_out = {ExecutionTerm.ORDERS, ExecutionTerm.SUBSEQUENT} & set(market.execution_terms)
        label = "Bons de commande ou marchés subséquents de l’accord-cadre"
        yield bool(carried_out), Missing(label, "Marché", _market_field(market, "execution_terms"))


def _calendar(market, today):
    """A market already launched has dates of its own: its plan is no longer asked."""
    if market.notified_on:
        return
    if not market.consultation_on:
        planned = market.planned_publication_on
        past = planned is not None and planned < today
        label = "Publication prévue à une date passée" if past else "Publication prévue"
        where = _market_field(market, "planned_publication_on")
        yield planned is not None and not past, Missing(label, "Calendrier", where)
    for name, label in (
        ("planned_tenders_on", "Remise des offres prévue"),
        ("planned_notification_on", "Notification prévue"),
    ):
        yield bool(getattr(market, name)), Missing(label, "Calendrier", _market_field(market, name))


LOT_FIELDS = (
    ("trade_id", "Corps de métier"),
    ("qualification", "Qualification requise"),
    ("crew_size", "Effectif prévisionnel"),
    ("firm_months", "Durée ferme"),
)


def _lot(lot, market):
    where, url = f"Lot {lot.number}", reverse("markets:lot_edit", args=[lot.pk])
    for name, label in LOT_FIELDS:
        yield bool(getattr(lot, name)), Missing(label, where, f"{url}#id_{name.removesuffix('_id')}")
    yield bool(lot.occupations.all()), Missing("Métiers (ROME)", where, f"{url}#id_occupations")
    if lot.staff_takeover:
        label = "Heures mensuelles du personnel repris"
        yield lot.takeover_hours is not None, Missing(label, where, f"{url}#id_takeover_hours")
    for phase in lot.phases.all():
        if phase.kind == PhaseKind.RENEWAL:
            label = f"Durée de la reconduction {phase.number}"
            edit = reverse("markets:phase_edit", args=[phase.pk])
            yield bool(phase.months), Missing(label, where, f"{edit}#id_months")


def _tranches(market, lots):
    if ExecutionTerm.TRANCHES not in market.execution_terms or not lots:
        return
    described = any(phase.kind == PhaseKind.TRANCHE for lot in lots for phase in lot.phases.all())
    url = reverse("markets:phase_create", args=[lots[0].pk])
    yield described, Missing("Tranches annoncées, à décrire", f"Lot {lots[0].number}", f"{url}#id_kind")


def _amounts(market, lots, amounts):
    url, where = reverse("markets:estimates", args=[market.pk]), "Montants"
    yield amounts.market, Missing("Montant estimé du marché", where, f"{url}#id_market")
    for lot in lots:
        label = f"Montant estimé du lot {lot.number}"
        yield lot.pk in amounts.lots, Missing(label, where, f"{url}#id_lot_{lot.pk}")
        for phase in lot.phases.all():
            label = f"Montant estimé : {phase.get_kind_display().lower()} {phase.number} du lot {lot.number}"
            yield phase.pk in amounts.phases, Missing(label, where, f"{url}#id_phase_{phase.pk}")
    yield amounts.agree, Missing("Somme des lots différente du montant du marché", where, f"{url}#id_market")


def _documents(market, documents):
    """The documents of a market already notified went out with its consultation."""
    if not market.notified_on:
        url = reverse("markets:dce_deposit", args=[market.pk])
        yield documents > 0, Missing("Une pièce du dossier de consultation", "Pièces", f"{url}#id_kind")


def _market_field(market, name):
    return f"{reverse('markets:edit', args=[market.pk])}#id_{name}"
