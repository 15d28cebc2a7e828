from django.utils import timezone

from facilitators.enums import Permission
from markets.models import Alert, Lot
from markets.services.takeover import take_over_alert, take_over_closing
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import PENDING, Refused, Table, put, read_fields, territory_of

FIELDS = {"lot_id": "lot", "category": "categorie", "severity": "gravite", "description": "description"}
OTHER_PLACE = "Ce lot n’est pas dans le territoire indiqué."
NO_WORD = "Suite donnée : une alerte close dit ce qui a été fait."


class Alerts(Table):
    """The alerts people reported; those of the rules are found again by the rules of each side."""

    kind, model, permission = ExchangeTable.ALERTS, Alert, Permission.MANAGE_ALERTS
    view_permission = Permission.VIEW_ALERTS

    def read(self):
        return Alert.objects.select_related("territory")

    def sent(self, user, territory_ids):
        return super().sent(user, territory_ids).filter(rule_key=None)

    def values(self, row):
        closed_on = timezone.localdate(row.closed_on) if row.closed_on else None
        raised = {"territoire": row.territory.code, "signalee_le": timezone.localdate(row.raised_on)}
        return read_fields(row, FIELDS) | raised | {"close_le": closed_on, "suite": row.answer}

    def check(self, values, book):
        territory = territory_of(values["territoire"], self.permission, book)
        lot = values["lot"]
        if lot is not None and lot is not PENDING and not Lot.objects.filter(pk=lot, territory=territory).exists():
            raise Refused(OTHER_PLACE)
        if values["close_le"] and not values["suite"]:
            raise Refused(NO_WORD)

    def find(self, values, book):
        territory = territory_of(values["territoire"], self.permission, book)
        rows = self.read().filter(territory=territory, lot=values["lot"], category=values["categorie"])
        same = rows.filter(raised_on__date=values["signalee_le"], description=values["description"])
        return same.order_by("pk").first()

    def create(self, values, book):
        alert = put(Alert(), values, FIELDS)
        alert.territory = territory_of(values["territoire"], self.permission, book)
        closing = {"closed_on": values["close_le"], "answer": values["suite"] or ""}
        return take_over_alert(alert=alert, raised_on=values["signalee_le"], by=book.user, **closing)

    def change(self, row, values, columns, book):
        if values["close_le"] and row.closed_on is None:
            take_over_closing(alert=row, closed_on=values["close_le"], answer=values["suite"], by=book.user)
        return row
