from facilitators.enums import Permission
from facilitators.models import Commune, Directorate
from facilitators.permissions import territories_for
from operations.enums import FundingPeriod
from operations.models import Operation
from operations.services import save_operation
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, put, read_fields

FIELDS = {
    "reference": "numero",
    "title": "intitule",
    "description": "description",
    "planned_start": "debut_prevu",
    "planned_end": "fin_prevue",
    "npnru": "npnru",
    "funding_period": "financement",
}
NO_DIRECTORATE = "Code de la direction : cette direction est inconnue."
NO_COMMUNE = "Codes Insee des communes : l’une est inconnue, ou hors des territoires où vous pouvez écrire."


class Operations(Table):
    kind, model, permission = ExchangeTable.OPERATIONS, Operation, Permission.MANAGE_MARKETS

    def read(self):
        return Operation.objects.select_related("directorate").prefetch_related("communes")

    def values(self, row):
        communes = sorted(commune.pk for commune in row.communes.all())
        fields = read_fields(row, FIELDS) | {"direction": row.directorate.code, "communes": communes}
        return fields | {"financement": "" if row.funding_period == FundingPeriod.NONE else row.funding_period}

    def check(self, values, book):
        inside = book.remembered("communes", lambda: _communes(book.user))
        if not set(values["communes"]) <= inside.keys():
            raise Refused(NO_COMMUNE)
        if values["direction"] not in book.remembered("directorates", _directorates):
            raise Refused(NO_DIRECTORATE)

    def find(self, values, book):
        rows = self.read().actionable_by(book.user, self.permission)
        return rows.filter(reference=values["numero"]).first()

    def create(self, values, book):
        return self._save(Operation(), values, book)

    def change(self, row, values, columns, book):
        return self._save(row, values, book)

    def _save(self, row, values, book):
        inside = book.remembered("communes", lambda: _communes(book.user))
        row.directorate = book.remembered("directorates", _directorates)[values["direction"]]
        communes = [inside[code] for code in values["communes"]]
        return save_operation(operation=put(row, values, FIELDS), communes=communes, by=book.user)


def _communes(user):
    inside = territories_for(user, Permission.MANAGE_MARKETS)
    return Commune.objects.filter(territory__in=inside).in_bulk()


def _directorates():
    return {directorate.code: directorate for directorate in Directorate.objects.all()}
