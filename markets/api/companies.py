"""Companies of the lots in sight, and the people one speaks to there (domain.md §1.3)."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from clauses_portal.core.api.fields import TextField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.validators import validate_one_line, validate_siret
from facilitators import references
from facilitators.api.fields import (
    IDENTIFIER,
    REFERENCE,
    CodeField,
    ExternalReferenceField,
    ScopedRelatedField,
    VersionField,
)
from facilitators.api.idempotency import repeatable
from facilitators.api.views import ActMixin, BulkMixin, ResourceViewSet, put
from facilitators.enums import Permission
from facilitators.models import Commune
from markets.enums import Insolvency
from markets.models import Company, CompanyContact
from markets.services.companies import change_company, known_company, save_contact

P = Permission
LIQUIDATION_APART = "Une liquidation met fin aux attributions : elle s’enregistre dans le portail."
LONGEST_NAME = Company._meta.get_field("name").max_length
NEW_COMPANY = {
    "type": "object",
    "required": ["siret"],
    "additionalProperties": False,
    "properties": {
        "siret": {"type": "string", "pattern": "^[0-9]{14}$"},
        "name": {"type": "string", "maxLength": LONGEST_NAME},
    },
}


class CompanyDepositSerializer(StrictSerializer):
    """A company by its SIRET, with its name for when the portal does not know it yet."""

    siret = TextField(min_length=14, max_length=14, validators=[validate_siret])
    name = TextField(
        max_length=LONGEST_NAME, required=False, allow_blank=True, default="", validators=[validate_one_line]
    )


@extend_schema_field({"oneOf": [IDENTIFIER, REFERENCE, NEW_COMPANY]})
class CompanyField(ScopedRelatedField):
    """A company in sight, or one the caller's structure gave its own reference to; or {"siret", "name"}, new or known.

    The last is given as it is, for `known_company`.
    """

    def __init__(self, **options):
        super().__init__(Company.objects, resource="companies", **options)

    def to_internal_value(self, data):
        if isinstance(data, dict):
            sent = CompanyDepositSerializer(data=data)
            sent.is_valid(raise_exception=True)
            return dict(sent.validated_data)
        pk = self._identifier(data)
        if pk and references.names_of(self.context["request"].auth.structure_id, "companies", [pk]):
            return Company.objects.get(pk=pk)
        return super().to_internal_value(data)


class ContactSerializer(ResourceSerializer):
    class Meta:
        model = CompanyContact
        fields = ["id", "role", "name", "job_title", "email", "phone", "receives_reminders"]


class CompanyChangeSerializer(ResourceSerializer):
    """What a person checked of a company: the public directory writes over nothing of it."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    commune = CodeField(slug_field="insee_code", queryset=Commune.objects.all(), allow_null=True, required=False)

    class Meta:
        model = Company
        fields = [
            "id",
            "external_reference",
            "version",
            "name",
            "kind",
            "size",
            "naf",
            "commune",
            "insolvency",
            "insolvency_on",
        ]

    def validate_insolvency(self, value):
        if value == Insolvency.LIQUIDATION != self.instance.insolvency:
            raise serializers.ValidationError(LIQUIDATION_APART)
        return value


class CompanyCreateSerializer(CompanyDepositSerializer):
    external_reference = ExternalReferenceField()


class CompanySerializer(CompanyChangeSerializer):
    contacts = ContactSerializer(many=True, read_only=True, source="people_there")

    class Meta(CompanyChangeSerializer.Meta):
        fields = [*CompanyChangeSerializer.Meta.fields, "siret", "is_siae", "contacts"]


class CompanyViewSet(ActMixin, BulkMixin, ResourceViewSet):
    """Entreprises : celles des lots visibles. Déposée, une entreprise s’y lit dès qu’un tel lot lui revient."""

    resource = "companies"
    queryset = Company.objects.select_related("commune")
    serializer_class = CompanySerializer
    sent_classes = {
        "create": CompanyCreateSerializer,
        "bulk": CompanyCreateSerializer,
        "partial_update": CompanyChangeSerializer,
    }
    read_permission, write_permission = P.VIEW_MARKETS, P.MANAGE_COMPANIES
    filters = {"siret": "siret"}

    def with_version(self, rows):
        contacts = CompanyContact.objects.visible_to(self.request.user).live()
        return super().with_version(rows).prefetch_related(Prefetch("contacts", contacts, to_attr="people_there"))

    def save_new(self, fields):
        return known_company(by=self.request.user, **fields)

    def save_changed(self, row, fields, seen):
        return change_company(company=put(row, fields), by=self.request.user, seen=seen)

    @extend_schema(request=ContactSerializer, responses={201: ContactSerializer})
    @action(detail=True, methods=["post"])
    @repeatable
    def contacts(self, request, pk=None):
        """Ajouter une personne à qui parler dans l’entreprise."""
        company = self.actionable_row(pk)
        fields = self.read(ContactSerializer, request.data)
        with refusals():
            contact = save_contact(contact=CompanyContact(company=company, **fields), by=request.user)
        return Response(ContactSerializer(contact).data, status=201)
