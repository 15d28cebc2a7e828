"""What the portal knows of what is calibrated: amounts, durations, usual values of the trade. Confidential (C27)."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from markets.calibration import METHODS
from markets.enums import CalibrationPurpose, ExecutionTerm
from markets.models import CalibrationMethod, Lot, LotFinancials, LotPhase, PhaseFinancials, TradeParameters

CLEANING = "nettoyage"
# 20 €/h of the branch ÷ 80 % of labour: the published ratio of the PACT Propreté (Inserpropre; domain.md §3.2, M2).
CLEANING_RATIO = Decimal(25)
CLEANING_CPV = ("9091", "9092", "9093")
HUNDREDTH, TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")
# Read in the last computation by the same method when nothing else says them.
REMEMBERED = {"step_amount", "hours_per_step", "threshold_amount", "whole_steps", "fte", "year_share", "hours"}


@dataclass(frozen=True)
class Subject:
    """What hours are computed for: the firm period of a lot, one of its phases, an order or an amendment."""

    lot: Lot
    purpose: CalibrationPurpose = CalibrationPurpose.FIRM
    phase: LotPhase | None = None

    @property
    def name(self):
        """« Période ferme », « Option (PSE) 1 – Préau », « Bon de commande », « Avenant »."""
        return str(self.phase) if self.phase else CalibrationPurpose(self.purpose).label

    @property
    def is_firm(self):
        return self.purpose == CalibrationPurpose.FIRM

    @property
    def months(self):
        return self.phase.months if self.phase else self.lot.firm_months


@dataclass(frozen=True)
class Known:
    """Amount (€ without tax), usual values of the trade (TradeParameters), parameters of the last computations."""

    subject: Subject
    amount: Decimal | None = None
    usual: TradeParameters | None = None
    last: dict = field(default_factory=dict)

    def middle(self, name):
        """Middle of the usual range of `labour_share`, `hourly_cost` or `insertion_rate`; None without a range."""
        low, high = range_of(self.usual, name)
        if low is None:
            return None
        return ((low + high) / 2).quantize(HUNDREDTH if name == "hourly_cost" else TEN_THOUSANDTH)

    @property
    def ratio(self):
        """Usual hourly cost over usual labour share (€/h), the published one in cleaning."""
        if is_cleaning(self.subject.lot):
            return CLEANING_RATIO
        cost, share = self.middle("hourly_cost"), self.middle("labour_share")
        return (cost / share).quantize(HUNDREDTH) if cost and share else None

    @property
    def labour_hours(self):
        """Estimated hours of work of the lot: amount × labour share ÷ hourly cost."""
        cost, share = self.middle("hourly_cost"), self.middle("labour_share")
        return self.amount * share / cost if self.amount and cost and share else None

    def parameters(self, method):
        """{name: value} of the parameters of a method that are known; the others are left out."""
        found = {
            "amount": self.amount,
            "labour_share": self.middle("labour_share"),
            "hourly_cost": self.middle("hourly_cost"),
            "insertion_rate": self.middle("insertion_rate"),
            "ratio": self.ratio,
            "months": self.subject.months,
            "transferable_monthly_hours": self.subject.lot.takeover_hours,
            "worked_hours": self.labour_hours and self.labour_hours.quantize(HUNDREDTH),
            "annual_hours": settings.ANNUAL_HOURS,
        }
        kept = {name: value for name, value in self.last.get(method, {}).items() if name in REMEMBERED}
        return {
            name: value for name in METHODS[method].parameters if (value := found.get(name, kept.get(name))) is not None
        }

    def suggestion(self):
        """(method, reason) to begin with: the standard formula unless the lot says otherwise."""
        lot = self.subject.lot
        if self.subject.purpose == CalibrationPurpose.ORDER:
            return "per_step", "Un bon de commande ouvre des heures par tranche de montant."
        if lot.staff_takeover and is_cleaning(lot):
            reason = "Ce lot de nettoyage reprend du personnel : le PACT Propreté retire ses heures du potentiel."
            return "pact", reason
        return "standard", ""


def range_of(usual, name):
    """(low, high) of `labour_share`, `hourly_cost` or `insertion_rate` in TradeParameters; (None, None) without one."""
    return getattr(usual, f"{name}_low", None), getattr(usual, f"{name}_high", None)


def is_cleaning(lot):
    """Is the lot one of cleaning, by its trade or, failing that, by the CPV code of its market?"""
    if lot.trade:
        return lot.trade.code == CLEANING
    return lot.market.cpv.startswith(CLEANING_CPV)


def takes_orders(lot):
    """Is the market carried out by orders (bons de commande)?"""
    return ExecutionTerm.ORDERS in lot.market.execution_terms


def known_of(subject, user):
    """What this account may know of a subject (Known): amounts and usual values are read in its name."""
    lot = subject.lot
    usual = TradeParameters.objects.visible_to(user).valid_on(timezone.localdate()).filter(trade=lot.trade_id)
    methods = CalibrationMethod.objects.visible_to(user).filter(calibration__lot=lot)
    last = methods.order_by("calibration__version").values_list("method", "parameters")
    return Known(
        subject=subject,
        amount=_amount_of(subject, user),
        usual=usual.first() if lot.trade_id else None,
        last=dict(last),
    )


def _amount_of(subject, user):
    if subject.purpose == CalibrationPurpose.PHASE:
        row = PhaseFinancials.objects.visible_to(user).filter(phase=subject.phase).first()
        return row and row.estimated_amount
    if subject.purpose == CalibrationPurpose.FIRM:
        row = LotFinancials.objects.visible_to(user).filter(lot=subject.lot).first()
        return row and (row.estimated_amount or row.awarded_amount)
    return None
