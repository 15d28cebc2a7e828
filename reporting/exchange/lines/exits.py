from facilitators.enums import Permission
from markets.models import Award
from participants.models import ExitSituation, Participant
from participants.services.takeover import known_exit, take_over_exit
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Table, read_fields

FIELDS = {
    "participant_id": "personne",
    "award_id": "attribution",
    "horizon": "echeance",
    "situation": "situation",
    "source": "source",
    "observed_on": "constatee_le",
    "job_title": "emploi",
}


class Exits(Table):
    """A situation at the end, three or six months later. One the portal asks and nobody answered yet is filled."""

    kind, model, permission = ExchangeTable.EXITS, ExitSituation, Permission.MANAGE_PERSONS
    view_permission = Permission.VIEW_PERSONS

    def sent(self, user, territory_ids):
        return super().sent(user, territory_ids).exclude(situation="").filter(dropped_on=None)

    def values(self, row):
        return read_fields(row, FIELDS)

    def find(self, values, book):
        return known_exit(values["personne"], values["attribution"], values["echeance"])

    def create(self, values, book):
        return take_over_exit(
            participant=Participant(pk=values["personne"]),
            award=Award(pk=values["attribution"]),
            horizon=values["echeance"],
            situation=values["situation"],
            source=values["source"],
            observed_on=values["constatee_le"],
            job_title=values["emploi"] or "",
            by=book.user,
        )

    def change(self, row, values, columns, book):
        return self.create(values, book)
