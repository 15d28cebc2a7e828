"""Awards: who got a lot, what each owes, line by line of its ledger, and how it leaves (C7, C23)."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from clauses_portal.core.api.fields import DayField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from facilitators.api.fields import ExternalReferenceField, ScopedRelatedField, VersionField
from facilitators.api.filters import refuse_unknown
from facilitators.api.idempotency import repeatable
from facilitators.api.views import ActMixin, BulkMixin, ResourceViewSet, put
from facilitators.enums import Permission
from markets.api.companies import CompanyField
from markets.enums import AwardEnd
from markets.models import Award, Lot, ObjectiveEntry
from markets.services.award_ends import end_award
from markets.services.awards import award_lot, change_award
from markets.services.companies import known_company

P = Permission


class AwardChangeSerializer(ResourceSerializer):
    """What may be put right of a company on a lot: neither its hours nor who answers for it."""

    external_reference = ExternalReferenceField()
    version = VersionField()

    class Meta:
        model = Award
        fields = [
            "id",
            "external_reference",
            "version",
            "role",
            "grouping",
            "notified_on",
            "accepted_on",
            "intervenes_from",
            "intervenes_until",
        ]


class AwardCreateSerializer(AwardChangeSerializer):
    lot = ScopedRelatedField(Lot.objects, resource="lots", permission=P.MANAGE_AWARDS)
    company = CompanyField()
    parent = ScopedRelatedField(
        Award.objects,
        resource="awards",
        permission=P.MANAGE_AWARDS,
        allow_null=True,
        required=False,
        help_text="Pour un sous-traitant : l’attribution de l’entreprise qui en répond.",
    )

    class Meta(AwardChangeSerializer.Meta):
        fields = [*AwardChangeSerializer.Meta.fields, "lot", "company", "parent", "hours_minimum", "hours_offered"]


class AwardSerializer(AwardCreateSerializer):
    company = serializers.IntegerField(source="company_id", read_only=True)
    company_siret = serializers.CharField(source="company.siret", read_only=True)
    objective = serializers.IntegerField(read_only=True, help_text="Heures dues à ce jour.")
    ended_on = DayField(read_only=True, allow_null=True)
    end_reason = serializers.ChoiceField(AwardEnd.choices, read_only=True, allow_blank=True)
    succeeds = ScopedRelatedField(Award.objects, allow_null=True, read_only=True)

    class Meta(AwardCreateSerializer.Meta):
        fields = [
            *AwardCreateSerializer.Meta.fields,
            "company_siret",
            "objective",
            "ended_on",
            "end_reason",
            "succeeds",
        ]


class AwardEndSerializer(StrictSerializer):
    ended_on = DayField(help_text="Jour du départ, passé ou du jour.")


class EntrySerializer(ResourceSerializer):
    """A line of the ledger (h, with its sign): only ever added."""

    class Meta:
        model = ObjectiveEntry
        fields = ["id", "kind", "hours", "effective_on", "reason"]


class LedgerSerializer(StrictSerializer):
    items = EntrySerializer(many=True)


class AwardViewSet(ActMixin, BulkMixin, ResourceViewSet):
    """Attributions : les entreprises d’un lot et les heures dont chacune répond."""

    resource = "awards"
    queryset = Award.objects.select_related("lot", "company").with_objective()
    serializer_class = AwardSerializer
    sent_classes = {
        "create": AwardCreateSerializer,
        "bulk": AwardCreateSerializer,
        "partial_update": AwardChangeSerializer,
    }
    read_permission, write_permission = P.VIEW_MARKETS, P.MANAGE_AWARDS
    most_lines = 200
    filters = {"lot": "lot_id", "market": "lot__market_id", "company": "company_id", "company_siret": "company__siret"}

    def save_new(self, fields):
        company = fields.pop("company")
        if isinstance(company, dict):
            company = known_company(by=self.request.user, **company)
        return award_lot(company=company, by=self.request.user, **fields)

    def save_changed(self, row, fields, seen):
        return change_award(award=put(row, fields), by=self.request.user, seen=seen)

    @extend_schema(request=AwardEndSerializer, responses=AwardSerializer)
    @action(detail=True, methods=["post"])
    @repeatable
    def end(self, request, pk=None):
        """L’entreprise quitte le lot, et ses sous-traitants avec elle ; ses heures dues restent inscrites."""
        return self.act(
            request, pk, AwardEndSerializer, lambda row, fields, _: end_award(award=row, by=request.user, **fields)
        )

    @extend_schema(responses=LedgerSerializer, filters=False)
    @action(detail=True, pagination_class=None)
    def objective(self, request, pk=None):
        """Les lignes des heures dues par l’entreprise, dans l’ordre de leur date d’effet."""
        refuse_unknown(request, ())
        lines = ObjectiveEntry.objects.visible_to(request.user).filter(award=self.visible_row(pk))
        return Response({"items": EntrySerializer(lines, many=True).data})
