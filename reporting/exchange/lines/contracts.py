from facilitators.enums import Permission
from participants.models import EmploymentContract
from participants.services.contracts import change_contract, sign_contract
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Table, put, read_fields

FIELDS = {
    "participant_id": "personne",
    "award_id": "attribution",
    "modality": "modalite",
    "contract_type": "type_contrat",
    "job_title": "poste",
    "rome_code": "rome",
    "starts_on": "debut",
    "ends_on": "fin",
    "end_reason": "motif_fin",
    "weekly_hours": "heures_hebdo",
    "already_in_post": "deja_en_poste",
}


class Contracts(Table):
    kind, model, permission = ExchangeTable.CONTRACTS, EmploymentContract, Permission.MANAGE_PERSONS
    view_permission = Permission.VIEW_HOURS

    def read(self):
        return EmploymentContract.objects.select_related("employer", "host")

    def sent(self, user, territory_ids):
        return super().sent(user, territory_ids).order_by("participant", "starts_on", "pk")

    def values(self, row):
        host = row.host.siret if row.host else ""
        return read_fields(row, FIELDS) | {"employeur": row.employer.siret, "utilisatrice": host}

    def find(self, values, book):
        rows = self.read().filter(participant=values["personne"], award=values["attribution"])
        return rows.filter(starts_on=values["debut"], contract_type=values["type_contrat"]).order_by("pk").first()

    def create(self, values, book):
        return sign_contract(contract=put(EmploymentContract(), values, FIELDS), by=book.user, **_parties(values))

    def change(self, row, values, columns, book):
        contract = put(EmploymentContract.objects.get(pk=row.pk), values, FIELDS)
        return change_contract(contract=contract, by=book.user, **_parties(values))


def _parties(values):
    return {"employer_siret": values["employeur"], "host_siret": values["utilisatrice"] or ""}
