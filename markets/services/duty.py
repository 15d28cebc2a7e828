"""What the law asks of a lot: its market's whole need against the thresholds of its day (L. 2112-2-1; domain.md §2.2).

The need is the estimate of the market, else the sum of its lots, with every option, tranche and renewal, else what was
awarded. The day is that of the consultation, else of the planned publication, else today.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, DateField, DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from markets.legal import (
    IN_FORCE_FROM,
    SHIPPED_THRESHOLDS,
    Duty,
    LegalError,
    SocialDuty,
    Threshold,
    social_consideration_duty,
)
from markets.legal.duty import CATEGORIES
from markets.models import LegalThreshold, Lot, LotFinancials, LotPhase, PhaseFinancials

UNKNOWN = "unknown"
NOT_CHECKED = "Non vérifiée"
# An exemption is claimed in a decision: no lot has the duty « exempt » before.
FILTERED_DUTIES = [
    *((duty.value, duty.label) for duty in (Duty.MANDATORY, Duty.OPTIONAL, Duty.OUT_OF_SCOPE)),
    (UNKNOWN, NOT_CHECKED),
]
NO_AMOUNT = "Montant inconnu : obligation non vérifiée."
SOME_AMOUNTS = "Montants incomplets (lots, options ou reconductions) : obligation non vérifiée."
ONE_CENT = Decimal("0.01")
# For those who may not see the amounts: on which side of the threshold the need falls is not said.
WITHOUT_THRESHOLD = {
    Duty.MANDATORY: "Une condition d’exécution sociale est obligatoire pour ce marché.",
    Duty.OPTIONAL: "La considération sociale est facultative pour ce marché.",
}


@dataclass(frozen=True)
class LotDuty:
    """The duty of a lot, or the warning that says why it could not be worked out."""

    social: SocialDuty | None = None
    warning: str = ""

    @property
    def value(self):
        """A value of Duty, or UNKNOWN."""
        return self.social.duty.value if self.social else UNKNOWN

    @property
    def label(self):
        return self.social.duty.label if self.social else NOT_CHECKED

    @property
    def article(self):
        return self.social.article if self.social else ""

    @property
    def threshold(self):
        """The amount of the law that was compared (€ without tax), None when none was."""
        return self.social.threshold.amount if self.social and self.social.threshold else None

    @property
    def is_mandatory(self):
        return self.value == Duty.MANDATORY

    @property
    def proposable(self):
        """[(number, label)] of the exemptions the facts allow."""
        return [(exemption.value, exemption.label) for exemption in self.social.proposable] if self.social else []

    def explanation(self, *, may_see_amounts):
        """French sentence; the threshold is left out for those who may not see the amounts (C27)."""
        if self.social is None:
            return self.warning
        if may_see_amounts or self.social.threshold is None:
            return self.social.explanation
        return WITHOUT_THRESHOLD.get(self.social.duty, self.social.explanation)


def known_thresholds():
    """The thresholds the office keeps, those that are shipped when it keeps none."""
    rows = [
        Threshold(row.category, row.value, row.valid_from, row.valid_until, row.source)
        for row in LegalThreshold.objects.all()
    ]
    return rows or SHIPPED_THRESHOLDS


def duty_of(lot, *, exemption=None, exemption_reason=""):
    """LotDuty of one lot, with the exemption claimed for it."""
    return duties_of([lot], exemption=exemption, exemption_reason=exemption_reason)[lot.pk]


def duties_of(lots, **claim):
    """{lot id: LotDuty} in two queries; the lots come with their market."""
    lots = list(lots)
    needs, thresholds = _needs_of(lots), known_thresholds()
    return {lot.pk: _duty(lot, *needs[lot.pk], thresholds, claim) for lot in lots}


def consultation_day(market):
    """The day whose law applies to this market."""
    return market.consultation_on or market.planned_publication_on or timezone.localdate()


def _needs_of(lots):
    """{lot id: (need in euros or None, is it whole)}."""
    rows = with_need(Lot.objects.filter(pk__in=[lot.pk for lot in lots]))
    return {pk: (need, not partial) for pk, need, partial in rows.values_list("pk", "need", "need_is_partial")}


def _duty(lot, need, is_whole, thresholds, claim):
    market = lot.market
    day = consultation_day(market)
    amount_matters = day >= IN_FORCE_FROM and not market.defence
    if need is None and amount_matters:
        return LotDuty(warning=NO_AMOUNT)
    try:
        social = social_consideration_duty(
            kind=market.kind,
            estimated_amount=need if amount_matters else ONE_CENT,
            consultation_date=day,
            duration_months=market.duration_months or lot.firm_months,
            defence=market.defence,
            thresholds=thresholds,
            **claim,
        )
    except LegalError as error:
        return LotDuty(warning=str(error))
    if social.duty == Duty.OPTIONAL and amount_matters and not is_whole:
        return LotDuty(warning=SOME_AMOUNTS)
    return LotDuty(social)


def with_need(lots):
    """Annotate lots with `need` (€ without tax, their whole market) and `need_is_partial` (an estimate is missing)."""
    of_market = LotFinancials.objects.filter(lot__market=OuterRef("market"))
    phases = PhaseFinancials.objects.filter(phase__lot__market=OuterRef("market"))
    whole, awarded = "market__financials__estimated_amount", "market__financials__awarded_amount"
    lots = lots.alias(
        of_lots=_total(of_market, "lot__market", "estimated_amount"),
        of_phases=Coalesce(_total(phases, "phase__lot__market", "estimated_amount"), Value(Decimal(0))),
        estimated=Coalesce(F(whole), F("of_lots")) + F("of_phases"),
        lot_unknown=Exists(Lot.objects.filter(market=OuterRef("market"), financials__estimated_amount=None)),
        phase_unknown=Exists(
            LotPhase.objects.filter(lot__market=OuterRef("market"), financials__estimated_amount=None)
        ),
    )
    partial = Q(phase_unknown=True) | Q(lot_unknown=True, **{f"{whole}__isnull": True})
    return lots.annotate(
        need=Coalesce(F("estimated"), F(awarded), _total(of_market, "lot__market", "awarded_amount")),
        need_is_partial=Case(When(Q(estimated__isnull=False) & partial, then=Value(True)), default=Value(False)),
    )


def _total(rows, group, column):
    total = rows.order_by().values(group).annotate(total=Sum(column)).values("total")
    return Subquery(total, output_field=DecimalField(max_digits=15, decimal_places=2))


def having_duty(lots, value):
    """Lots whose duty is this value of Duty, or UNKNOWN: the same answer as `duties_of`, in the database."""
    lots = with_need(lots).annotate(
        day=Coalesce(
            "market__consultation_on",
            "market__planned_publication_on",
            Value(timezone.localdate()),
            output_field=DateField(),
        )
    )
    lots = lots.annotate(threshold=_threshold())
    concerned = Q(day__gte=IN_FORCE_FROM, market__defence=False)
    known = Q(need__isnull=False, threshold__isnull=False)
    reached = known & Q(need__gte=F("threshold"))
    below = known & Q(need__lt=F("threshold"), need_is_partial=False)
    conditions = {
        Duty.MANDATORY: concerned & reached,
        Duty.OPTIONAL: Q(day__lt=IN_FORCE_FROM) | concerned & below,
        Duty.OUT_OF_SCOPE: Q(day__gte=IN_FORCE_FROM, market__defence=True),
        UNKNOWN: concerned & (~known | Q(need__lt=F("threshold"), need_is_partial=True)),
    }
    return lots.filter(conditions[value]) if value in conditions else lots.none()


def _threshold():
    """The threshold of the market's kind on its day: the latest to begin, as `threshold_on` takes it."""
    kinds = {}
    for kind, category in CATEGORIES.items():
        kinds.setdefault(category, []).append(kind)
    rows = sorted(known_thresholds(), key=lambda row: row.valid_from, reverse=True)
    whens = [
        When(
            Q(market__kind__in=kinds[row.category], day__gte=row.valid_from)
            & (Q() if row.valid_until is None else Q(day__lte=row.valid_until)),
            then=Value(row.amount),
        )
        for row in rows
        if row.category in kinds
    ]
    return Case(*whens, default=None, output_field=DecimalField(max_digits=12, decimal_places=2))
