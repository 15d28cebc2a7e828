from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from clauses_portal.core.validators import validate_siret
from facilitators.enums import Permission
from markets.enums import CompanySize, EmployerKind
from markets.models import Award, Company
from markets.services.takeover import complete_company
from participants.models import EmploymentContract
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, allows, read_fields

FIELDS = {"siret": "siret", "name": "nom", "kind": "nature", "size": "taille", "naf": "naf"}
WRITERS = (Permission.MANAGE_AWARDS, Permission.MANAGE_PERSONS)
NOT_ALLOWED = "Vous n’avez pas le droit d’enregistrer une entreprise."


class Companies(Table):
    """A firm is a public fact: it is completed, never replaced by what another program says of it."""

    kind, model = ExchangeTable.COMPANIES, Company
    fills_only = True

    def sent(self, user, territory_ids):
        """Those that hold, employ or host on a lot of these territories."""
        rows = self.read().actionable_by(user, self.view_permission)
        awards = Award.objects.filter(lot__territory__in=territory_ids, company=OuterRef("pk"))
        contracts = EmploymentContract.objects.filter(territory__in=territory_ids)
        present = Exists(awards) | Exists(contracts.filter(employer=OuterRef("pk")))
        return rows.filter(Q(present | Exists(contracts.filter(host=OuterRef("pk"))))).order_by("pk")

    def values(self, row):
        fields = read_fields(row, FIELDS)
        fields["nature"] = "" if row.kind == EmployerKind.COMPANY else row.kind
        fields["taille"] = "" if row.size == CompanySize.UNKNOWN else row.size
        return fields

    def check(self, values, book):
        if not any(allows(book.user, permission) for permission in WRITERS):
            raise Refused(NOT_ALLOWED)
        try:
            validate_siret(values["siret"])
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error

    def find(self, values, book):
        return Company.objects.filter(siret=values["siret"]).first()

    def create(self, values, book):
        told = {field: values[column] or "" for field, column in FIELDS.items()}
        return complete_company(by=book.user, **told)

    def change(self, row, values, columns, book):
        return self.create(values, book)
