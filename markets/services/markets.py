"""Creating and editing markets and lots by hand. A market always has a lot: the unit of hours."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from facilitators import webhooks
from facilitators.enums import WebhookEvent
from markets.enums import LotState, PhaseKind, Source
from markets.firm_period import firm_excess
from markets.models import Lot, LotFinancials, Market, MarketFinancials
from markets.models.market import BEFORE_DECISION
from markets.services.calendar_changes import tell_calendar_changes


@transaction.atomic
def create_market(*, market, territory, by, estimated_amount=None):
    """Save a new market with its first lot, in `territory`; amount in euros without tax, kept apart.

    Raises ValidationError when its publication is planned for a day already past.
    """
    refuse_past_publication(market)
    validated_save(market, by=by)
    first = Lot(market=market, number="1", title=market.title, territory=territory, state=LotState.PROGRAMMED)
    first.starts_on, first.ends_on = market.starts_on, market.ends_on
    validated_save(first, by=by)
    if estimated_amount is not None:
        validated_save(MarketFinancials(market=market, estimated_amount=estimated_amount), by=by)
        validated_save(LotFinancials(lot=first, estimated_amount=estimated_amount), by=by)
    _tell_launch(None, market)
    return market


def _tell_launch(launched_before, market):
    """The programs that wait for it learn that the consultation of this market is launched (C22)."""
    if market.consultation_on and not launched_before:
        places = market.lots.values("territory")
        webhooks.emit(WebhookEvent.MARKET_PUBLISHED, territory_ids=places, resource="markets", object_id=market.pk)


def refuse_past_publication(market):
    """Raise ValidationError when a market still to publish is planned for a past day; an imported one tells facts."""
    planned = market.planned_publication_on
    launched = market.consultation_on or market.notified_on
    if planned is None or launched or market.source != Source.MANUAL or planned >= timezone.localdate():
        return
    sentence = f"La publication est prévue le {french.date(planned)}, une date passée : corrigez le calendrier."
    raise ValidationError({"planned_publication_on": sentence})


@transaction.atomic
def add_lot(*, market, by, number, title, territory, estimated_amount=None, occupations=(), **details):
    """Add a lot to a market; `details` are its other fields, `estimated_amount` in euros without tax.

    The first lot of a market carries its whole estimate: with a second one it has to be shared, and is emptied.
    """
    market = lock(Market.objects, market.pk)
    lot = Lot(market=market, number=number, title=title, territory=territory, state=LotState.PROGRAMMED, **details)
    _check_firm_period(lot)
    _empty_copied_estimate(market, by)
    validated_save(lot, by=by)
    lot.occupations.set(occupations)
    set_lot_amounts(lot=lot, by=by, estimated_amount=estimated_amount)
    return lot


def _empty_copied_estimate(market, by):
    """While a market had one lot, that lot had the estimate of the market: no longer true."""
    whole = MarketFinancials.objects.filter(market=market, estimated_amount__isnull=False).first()
    lots = list(market.lots.all()[:2])
    if whole is None or len(lots) != 1 or lots[0].state not in BEFORE_DECISION:
        return
    copied = LotFinancials.objects.filter(lot=lots[0], estimated_amount=whole.estimated_amount).first()
    if copied is not None:
        copied.estimated_amount = None
        validated_save(copied, by=by)


@transaction.atomic
def set_lot_amounts(*, lot, by, seen=None, **amounts):
    """Record the confidential amounts of a lot (€ without tax): estimated_amount, awarded_amount.

    Raises Stale when they changed since the version `seen` (core.versions).
    """
    lock(Lot.objects, lot.pk)
    financials = LotFinancials.objects.filter(lot=lot).first() or LotFinancials(lot=lot)
    refuse_stale(financials, seen)
    if financials.pk is None and all(value is None for value in amounts.values()):
        return
    for name, value in amounts.items():
        setattr(financials, name, value)
    validated_save(financials, by=by)


@transaction.atomic
def change_market(*, market, by, seen=None):
    """Save what was typed on an existing market; `seen` is the version the page showed (core.versions).

    A date that moved is told to those who plan with it (C5).

    Raises Stale when somebody changed it meanwhile, ValidationError when a lot would be firm for too long.
    """
    before = lock(Market.objects, market.pk)
    refuse_stale(before, seen)
    for lot in market.lots.all():
        lot.market = market
        sentence = _firm_excess(lot)
        if sentence:
            raise ValidationError({"duration_months": f"Lot {lot.number} : {sentence}"})
    validated_save(market, by=by)
    tell_calendar_changes(before, market, by)
    _tell_launch(before.consultation_on, market)
    return market


@transaction.atomic
def change_lot(*, lot, by, occupations=None, seen=None):
    """Save what was typed on an existing lot; `seen` is the version the page showed (core.versions).

    Raises DomainError when its territory changes though hours are due or people work there, Stale when somebody
    changed it meanwhile, ValidationError when its firm period counts renewals.
    """
    before = lock(Lot.objects, lot.pk)
    refuse_stale(before, seen)
    engaged = lot.contracts.exists() or lot.awards.filter(objective_entries__isnull=False).exists()
    if engaged and before.territory_id != lot.territory_id:
        raise DomainError("Ce lot a déjà des heures dues ou des contrats : son territoire ne change plus.")
    _check_firm_period(lot)
    validated_save(lot, by=by)
    if occupations is not None:
        lot.occupations.set(occupations)
    return lot


def _check_firm_period(lot):
    sentence = _firm_excess(lot)
    if sentence:
        raise ValidationError({"firm_months": sentence})


def _firm_excess(lot):
    return firm_excess(duration=lot.market.duration_months, firm=lot.firm_months, renewals=renewal_months(lot))


def renewal_months(lot, without=None):
    """Months that the renewals of this lot add, one of them (`without`) left aside."""
    if lot.pk is None:
        return 0
    rows = lot.phases.filter(kind=PhaseKind.RENEWAL).exclude(pk=without.pk if without else None)
    return rows.aggregate(months=Sum("months"))["months"] or 0


@transaction.atomic
def close_lot(*, lot, by):
    """Close a lot whose execution is over. Raises Conflict when it is not running."""
    lot = lock(Lot.objects, lot.pk)
    if not can_proceed(lot.close):
        raise Conflict("Seul un lot en exécution peut être soldé.")
    lot.close()
    return validated_save(lot, by=by)
