from django.utils import timezone

from clauses_portal.core.text import search_key
from facilitators.enums import Permission
from facilitators.models import Commune
from participants.enums import EducationLevel, EntrySituation, PrescriberKind, outward_prescriber
from participants.matching import CERTAIN, Identity, match_keys, same_person_score
from participants.models import Participant
from participants.services.persons import save_person
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, put, read_fields, territory_of

FIELDS = {
    "last_name": "nom",
    "first_name": "prenom",
    "birth_name": "nom_naissance",
    "birth_date": "ne_le",
    "sex": "sexe",
    "commune_id": "commune",
    "address": "adresse",
    "lives_in_qpv": "qpv",
    "receives_rsa": "rsa",
    "education_level": "niveau",
    "prescriber": "prescripteur",
    "entered_on": "entree_le",
    "entry_situation": "situation_entree",
}
# What a file says when nobody answered.
UNTOLD = {
    "niveau": EducationLevel.UNKNOWN,
    "prescripteur": PrescriberKind.OTHER,
    "situation_entree": EntrySituation.UNKNOWN,
}
NO_COMMUNE = "Code Insee de la commune : cette commune est inconnue."
NOT_BORN = "Date de naissance : elle n’est pas crédible."


class Persons(Table):
    """A person in her territory: same names and same birth date, accents and case set aside, are the same person."""

    kind, model, permission = ExchangeTable.PERSONS, Participant, Permission.MANAGE_PERSONS
    view_permission = Permission.VIEW_PERSONS

    def read(self):
        return Participant.objects.select_related("territory")

    def sent(self, user, territory_ids):
        return super().sent(user, territory_ids).filter(merged_into=None)

    def values(self, row):
        """The prescribers whose name tells of health, family or justice stay in the portal (domain.md §5.6)."""
        fields = read_fields(row, FIELDS) | {"territoire": row.territory.code}
        fields["prescripteur"] = outward_prescriber(row.prescriber).value
        return fields | {column: "" for column, untold in UNTOLD.items() if fields[column] == untold}

    def check(self, values, book):
        territory_of(values["territoire"], self.permission, book)
        if values["ne_le"] > timezone.localdate():
            raise Refused(NOT_BORN)
        known = book.remembered("every commune", lambda: set(Commune.objects.values_list("pk", flat=True)))
        if values["commune"] not in known:
            raise Refused(NO_COMMUNE)

    def find(self, values, book):
        territory = territory_of(values["territoire"], self.permission, book)
        her = Identity(values["prenom"], values["nom"], values["ne_le"], values["nom_naissance"] or "")
        rows = self.read().filter(territory=territory, birth_date=values["ne_le"], merged_into=None)
        for row in rows.filter(match_keys__overlap=sorted(match_keys(her))).order_by("pk"):
            if same_person_score(her, row).score == CERTAIN or row.search_name == _search_name(values):
                return row
        return None

    def create(self, values, book):
        person = put(Participant(), values, FIELDS)
        person.territory = territory_of(values["territoire"], self.permission, book)
        return save_person(person=person, by=book.user)

    def change(self, row, values, columns, book):
        wanted = {field: column for field, column in FIELDS.items() if column in columns}
        return save_person(person=put(row, values, wanted), by=book.user)


def _search_name(values):
    return search_key(values["nom"], values["nom_naissance"], values["prenom"])
