from django.db.models import Prefetch
from django.utils import timezone

from facilitators.enums import Permission
from markets.enums import LotState
from markets.models import Calibration, Lot, Market
from markets.models.market import BEFORE_DECISION, WITH_CLAUSE
from markets.services.markets import add_lot, change_lot, close_lot
from markets.services.received import receive_decision
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Table, put, read_fields, territory_of

FIELDS = {"market_id": "marche", "number": "numero", "title": "intitule", "starts_on": "debut", "ends_on": "fin"}
UNDECIDED = "Le lot reste à instruire : ni fondement ni heures retenues ne sont indiqués."


class Lots(Table):
    """A lot, and the decision of its clause; it is closed once everything else is there."""

    kind, model, permission = ExchangeTable.LOTS, Lot, Permission.MANAGE_MARKETS
    unchecked = frozenset({"etat", "decide_le", "heures_retenues"})
    finishes = True

    def read(self):
        firm = Calibration.objects.firm().retained().order_by("-version")
        rows = Lot.objects.select_related("territory", "decision", "market")
        return rows.prefetch_related(Prefetch("calibrations", queryset=firm, to_attr="firm_hours"))

    def values(self, row):
        decision = getattr(row, "decision", None)
        known = decision is not None and decision.legal_basis
        retained = row.firm_hours[0].retained_hours if row.firm_hours else None
        return read_fields(row, FIELDS) | {
            "territoire": row.territory.code,
            "clause": decision.legal_basis if known else "",
            "heures_retenues": retained,
            "decide_le": timezone.localdate(decision.decided_at) if known else None,
            "etat": row.state,
        }

    def check(self, values, book):
        territory_of(values["territoire"], self.permission, book)

    def find(self, values, book):
        return self.read().filter(market=values["marche"], number=values["numero"]).first()

    def create(self, values, book):
        lot = add_lot(
            market=Market.objects.get(pk=values["marche"]),
            number=values["numero"],
            title=values["intitule"],
            territory=territory_of(values["territoire"], self.permission, book),
            by=book.user,
            starts_on=values["debut"],
            ends_on=values["fin"],
        )
        return self._decide(lot, values, book)

    def change(self, row, values, columns, book):
        lot = put(Lot.objects.select_related("market").get(pk=row.pk), values, FIELDS)
        lot.territory = territory_of(values["territoire"], self.permission, book)
        change_lot(lot=lot, by=book.user)
        return self._decide(lot, values, book)

    def _decide(self, lot, values, book):
        """The decision of the Département, when the lot still waits for it."""
        lot = Lot.objects.get(pk=lot.pk)
        if values["clause"] and lot.state in (*BEFORE_DECISION, LotState.RETAINED):
            day = values["decide_le"] or timezone.localdate()
            receive_decision(
                lot=lot, legal_basis=values["clause"], hours=values["heures_retenues"], decided_on=day, by=book.user
            )
        return lot

    def remark(self, row, values):
        return UNDECIDED if values["etat"] in WITH_CLAUSE and not values["clause"] else ""

    def finish(self, row, values, book):
        if values["etat"] == LotState.CLOSED and row.state == LotState.RUNNING:
            close_lot(lot=row, by=book.user)
