from facilitators.enums import Permission
from markets.enums import Technique
from markets.models import CountingRule, Market
from markets.services.counting_rules import rule_of, set_rule
from markets.services.markets import change_lot, change_market, create_market
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, put, read_fields, territory_of

FIELDS = {
    "operation_id": "operation",
    "buyer_siret": "acheteur",
    "number": "numero",
    "title": "objet",
    "kind": "nature",
    "procedure": "procedure",
    "technique": "technique",
    "cpv": "cpv",
    "notified_on": "notifie_le",
    "starts_on": "debut",
    "ends_on": "fin",
    "duration_months": "duree_mois",
}
RULE = {
    "training_counts": "formation_compte",
    "prehire_training_cap": "plafond_formation",
    "tolerance_days": "tolerance_jours",
    "lasting_job_bonus": "bonus_cdi",
    "qpv_required": "qpv_exige",
}
NO_LOT = "Ce marché n’a aucun lot dans le fichier : un lot au moins le situe dans un territoire."


class Markets(Table):
    """A market and its rule of counting. Its first lot is made with it: it tells where the market is."""

    kind, model, permission = ExchangeTable.MARKETS, Market, Permission.MANAGE_MARKETS

    def read(self):
        return Market.objects.select_related("counting_rule")

    def values(self, row):
        rule = getattr(row, "counting_rule", None) or CountingRule()
        fields = read_fields(row, FIELDS) | read_fields(rule, RULE)
        return fields | {"technique": "" if row.technique == Technique.NONE else row.technique}

    def find(self, values, book):
        rows = self.read().actionable_by(book.user, self.permission)
        same = rows.filter(buyer_siret=values["acheteur"], number=values["numero"])[:2]
        return same[0] if len(same) == 1 else None

    def create(self, values, book):
        first = book.first_lot_of(values["reference"])
        if first is None:
            raise Refused(NO_LOT)
        reference, data = first
        territory = territory_of((data.get("territoire") or "").strip(), self.permission, book)
        market = create_market(market=put(Market(), values, FIELDS), territory=territory, by=book.user)
        lot = market.lots.get()
        lot.number, lot.title = data["numero"].strip(), data["intitule"].strip()
        change_lot(lot=lot, by=book.user)
        book.give_name(ExchangeTable.LOTS, reference, lot.pk)
        self._rule(market, values, book)
        return market

    def change(self, row, values, columns, book):
        change_market(market=put(row, values, FIELDS), by=book.user)
        self._rule(row, values, book)
        return row

    def _rule(self, market, values, book):
        """Only a rule that differs is written: no row means the usual one."""
        rule = rule_of(market)
        before = read_fields(rule, RULE)
        put(rule, values, RULE)
        if read_fields(rule, RULE) != before:
            set_rule(rule=rule, by=book.user)
