"""Computations whose every figure exists once in the world: a PACT, an order, an amendment, the values of a trade."""

from decimal import Decimal

from markets.models import Lot
from markets.services.calibration import propose, propose_amendment
from tests.factories.accounts import author
from tests.factories.preparation import TradeFactory, TradeParametersFactory
from tests.support import canaries

USUAL = {
    "labour_share_low": Decimal("0.3861"),
    "labour_share_high": Decimal("0.4429"),
    "hourly_cost_low": Decimal("132.43"),
    "hourly_cost_high": Decimal("135.79"),
    "insertion_rate_low": Decimal("0.2647"),
    "insertion_rate_high": Decimal("0.2893"),
}
TAKEN_OVER, RATIO, PACT_RATE = Decimal("417.29"), Decimal("23.47"), Decimal("16.283")
INVOICED, STEP = Decimal("847362.51"), Decimal("948.57")
CHANGE = Decimal("73951.84")

COMPUTED = [
    *(canaries.ratio("usual", f"usage : {name}", 100 * USUAL[name]) for name in USUAL if "cost" not in name),
    *(canaries.number("usual", f"usage : {name}", USUAL[name]) for name in USUAL if "cost" in name),
    canaries.number("method", "ratio", RATIO),
    canaries.ratio("method", "taux du PACT", PACT_RATE),
    canaries.amount("method", "montant d’un bon de commande", INVOICED),
    canaries.number("method", "montant d’une tranche facturée", STEP),
    canaries.amount("method", "variation d’un avenant", CHANGE),
]


def give_trade(lot):
    """The trade of the lot, with its usual values."""
    trade = TradeFactory()
    TradeParametersFactory(trade=trade, **USUAL)
    Lot.objects.filter(pk=lot.pk).update(trade=trade, staff_takeover=True, takeover_hours=TAKEN_OVER)
    return trade


def more_versions(lot, phase, amount):
    """Versions of an awarded lot that are not its firm hours: a phase by PACT, an order, an amendment."""
    return [
        propose(
            lot=lot,
            by=author(),
            purpose="phase",
            phase=phase,
            method="pact",
            amount=amount,
            months=12,
            transferable_monthly_hours=TAKEN_OVER,
            insertion_rate=PACT_RATE / 100,
            ratio=RATIO,
        ),
        propose(
            lot=lot,
            by=author(),
            purpose="order",
            label="BC 7",
            method="per_step",
            invoiced_amount=INVOICED,
            step_amount=STEP,
            hours_per_step=Decimal(1),
        ),
        propose_amendment(lot=lot, by=author(), label="1", amount_delta=CHANGE),
    ]
