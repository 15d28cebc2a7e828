from clauses_portal.core.errors import Conflict
from facilitators.enums import Permission
from markets.models import Award, OpeningBalance
from markets.services.openings import record_opening_balance
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Table, read_fields

FIELDS = {
    "award_id": "attribution",
    "hours": "heures",
    "persons": "personnes",
    "until": "jusqu_au",
    "source": "source",
}
STANDS = "L’antériorité de cette attribution est déjà reprise : elle ne se remplace pas."


class Openings(Table):
    kind, model, permission = ExchangeTable.OPENINGS, OpeningBalance, Permission.ENTER_HOURS

    def values(self, row):
        return read_fields(row, FIELDS)

    def find(self, values, book):
        return OpeningBalance.objects.filter(award=values["attribution"]).first()

    def create(self, values, book):
        award = Award.objects.get(pk=values["attribution"])
        told = {field: values[column] for field, column in FIELDS.items() if field != "award_id"}
        return record_opening_balance(award=award, by=book.user, **told)

    def change(self, row, values, columns, book):
        raise Conflict(STANDS)
