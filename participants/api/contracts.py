"""Contracts: who works on which lot, for whom. The person is an identifier, never a name (domain.md §4.4)."""

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from clauses_portal.core.api.fields import DayField, ListedField, TextField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.validators import validate_siret
from facilitators.api.fields import ExternalReferenceField, ScopedRelatedField, VersionField
from facilitators.api.idempotency import repeatable
from facilitators.api.views import NO_VERSION, ActMixin, BulkMixin, ResourceViewSet, put
from facilitators.enums import Permission
from markets.enums import EmployerKind
from markets.models import Award
from participants.enums import LASTING_CONTRACTS, ContractType, EndReason
from participants.models import EmploymentContract, Participant
from participants.services import contracts
from participants.services.employers import LENDERS, possible_employers

P = Permission
TERMS = ["modality", "contract_type", "job_title", "rome_code", "starts_on", "ends_on", "weekly_hours"]
COPIED = ["lot", "market", "end_reason", "continues", "valued_hours"]
PARTIES = ("employer_siret", "host_siret", "lender_kind")
LENDER_KINDS = [(kind.value, kind.label) for kind in EmployerKind if kind in LENDERS]
LASTING = [(kind.value, kind.label) for kind in ContractType if kind in LASTING_CONTRACTS]


@extend_schema_field({"type": "string", "pattern": "^[0-9]{14}$"})
class SiretField(TextField):
    """The SIRET of one of the companies of the contract (`company`: the name of the relation)."""

    def __init__(self, company="", **options):
        self.company = company
        super().__init__(**{"required": False, "validators": [validate_siret]} | options)

    def get_attribute(self, instance):
        company = getattr(instance, self.company)
        return company.siret if company else None


class ContractChangeSerializer(ResourceSerializer):
    """The terms. Companies by their SIRET: that of the award unless given; `lender_kind`: what a lender the portal
    does not know is. The person and the award stay those of the signature.
    """

    external_reference = ExternalReferenceField()
    version = VersionField()
    participant = serializers.PrimaryKeyRelatedField(read_only=True)
    award = serializers.PrimaryKeyRelatedField(read_only=True)
    employer_siret = SiretField("employer")
    host_siret = SiretField("host", allow_null=True)
    lender_kind = ListedField(choices=LENDER_KINDS, required=False, write_only=True)

    class Meta:
        model = EmploymentContract
        fields = ["id", "external_reference", "version", "participant", "award", *PARTIES, *TERMS]
        fields += ["already_in_post", *COPIED]
        read_only_fields = COPIED


class ContractSerializer(ContractChangeSerializer):
    """A contract to sign: the person and the award by identifier, or by the references of the caller."""

    participant = ScopedRelatedField(Participant.objects, resource="participants", permission=P.MANAGE_PERSONS)
    award = ScopedRelatedField(Award.objects, resource="awards", permission=P.MANAGE_PERSONS)


class EndSerializer(StrictSerializer):
    version = VersionField(required=True, error_messages={"required": NO_VERSION})
    ends_on = DayField()
    end_reason = ListedField(choices=EndReason)


class ConversionSerializer(StrictSerializer):
    """`on`: the first day of the lasting contract; `employer_siret`: the same employer unless given."""

    version = VersionField(required=True, error_messages={"required": NO_VERSION})
    on = DayField()
    employer_siret = SiretField()
    contract_type = ListedField(choices=LASTING)


class ContractViewSet(BulkMixin, ActMixin, ResourceViewSet):
    """Contrats de travail sur les lots. La personne y est un identifiant."""

    resource = "contracts"
    about_persons = True
    queryset = EmploymentContract.objects.select_related("employer", "host")
    serializer_class = ContractSerializer
    read_permission, write_permission = P.VIEW_HOURS, P.MANAGE_PERSONS
    most_lines = 200
    filters = {
        "participant": "participant",
        "award": "award",
        "lot": "lot",
        "market": "market",
        "employer_siret": "employer__siret",
    }

    def get_serializer_class(self):
        return ContractChangeSerializer if self.action == "partial_update" else ContractSerializer

    def save_new(self, fields):
        parties = _parties(fields)
        return contracts.sign_contract(contract=EmploymentContract(**fields), by=self.request.user, **parties)

    def save_changed(self, row, fields, seen):
        parties = _parties(fields)
        return contracts.change_contract(contract=put(row, fields), by=self.request.user, seen=seen, **parties)

    @extend_schema(summary="Mettre fin au contrat", request=EndSerializer, responses=ContractSerializer)
    @action(detail=True, methods=["post"])
    @repeatable
    def end(self, request, pk=None):
        def end(row, fields, seen):
            return contracts.end_contract(contract=row, by=request.user, seen=seen, **fields)

        return self.act(request, pk, EndSerializer, end)

    @extend_schema(
        summary="Enregistrer le contrat durable qui suit (CDI, CDI inclusion…)",
        request=ConversionSerializer,
        responses={201: ContractSerializer},
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def convert(self, request, pk=None):
        """The lasting contract that follows (C9); the former one ends the day before."""
        former = self.actionable_row(pk)
        fields = self.read(ConversionSerializer, request.data)
        seen, employer = fields.pop("version"), _employer(former, fields.pop("employer_siret", ""))
        with refusals():
            following = contracts.convert_to_permanent(
                contract=former, employer=employer, by=request.user, seen=seen, **fields
            )
        return Response(self.represent([self.read_again(following)])[0], status=201)


def _parties(fields):
    """Take out of the fields what the services need to know of the companies."""
    return {name: fields.pop(name, None) or "" for name in PARTIES}


def _employer(former, siret):
    """Who may sign the lasting contract, by SIRET. Raises ValidationError when that company may not."""
    if not siret:
        return former.employer
    employer = possible_employers(former).filter(siret=siret).first()
    if employer is None:
        raise ValidationError({"employer_siret": NOT_FOUND})
    return employer
