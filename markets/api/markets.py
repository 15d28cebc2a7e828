"""Markets: deposited by the Département's program with their first lot, read with the hours in sight of the key."""

from rest_framework import serializers

from clauses_portal.core.api.fields import ChoicesField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from facilitators.api.fields import ExternalReferenceField, ScopedRelatedField, TerritoryField, VersionField
from facilitators.api.views import BulkMixin, ChangeMixin, ResourceViewSet, put
from facilitators.enums import Permission
from markets.enums import ExecutionTerm, SocialConsideration
from markets.models import CountingRule, Market
from markets.presenters import totals_of
from markets.services.markets import change_market, create_market
from operations.models import Operation

P = Permission
NO_OPERATION = "Indiquez l’opération de ce marché."


class CountingRuleSerializer(ResourceSerializer):
    """What counts on the market, beyond the hours worked there."""

    class Meta:
        model = CountingRule
        fields = ["training_counts", "prehire_training_cap", "tolerance_days", "lasting_job_bonus", "qpv_required"]


class HoursSerializer(StrictSerializer):
    """Hours (h) of the lots in the territories of the key, and of no other."""

    required = serializers.IntegerField(help_text="Heures dues.")
    declared = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="Heures déclarées.")
    counted = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="Heures comptabilisées.")


class MarketChangeSerializer(ResourceSerializer):
    """What a program may say of a market. Its lots, its amounts and its counting rule are not of this resource."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    operation = ScopedRelatedField(
        Operation.objects, resource="operations", permission=P.MANAGE_MARKETS, allow_null=True, help_text=NO_OPERATION
    )
    social_considerations = ChoicesField(SocialConsideration.choices, required=False)
    execution_terms = ChoicesField(ExecutionTerm.choices, required=False)

    class Meta:
        model = Market
        fields = [
            "id",
            "external_reference",
            "version",
            "operation",
            "buyer_siret",
            "number",
            "title",
            "kind",
            "procedure",
            "technique",
            "cpv",
            "social_considerations",
            "consultation_on",
            "notified_on",
            "starts_on",
            "ends_on",
            "duration_months",
            "defence",
            "execution_terms",
            "volume",
            "planned_publication_on",
            "planned_tenders_on",
            "planned_notification_on",
        ]

    def validate_operation(self, operation):
        # an imported market may have none; whoever writes one knows it
        if operation is None:
            raise serializers.ValidationError(NO_OPERATION)
        return operation


class MarketCreateSerializer(MarketChangeSerializer):
    """`territory`: the code of that of the first lot, number 1; the others are added as lots."""

    territory = TerritoryField(P.MANAGE_MARKETS, write_only=True, help_text="Territoire de référence du premier lot.")

    class Meta(MarketChangeSerializer.Meta):
        fields = [*MarketChangeSerializer.Meta.fields, "territory"]


class MarketSerializer(MarketChangeSerializer):
    counting_rule = CountingRuleSerializer(source="rule", read_only=True)
    hours = HoursSerializer(source="hours_in_sight", read_only=True)

    class Meta(MarketChangeSerializer.Meta):
        fields = [*MarketChangeSerializer.Meta.fields, "counting_rule", "hours"]


class MarketViewSet(BulkMixin, ChangeMixin, ResourceViewSet):
    """Marchés : déposés avec leur premier lot, lus avec leurs heures dans le périmètre de la clé."""

    resource = "markets"
    queryset = Market.objects.select_related("operation", "counting_rule")
    serializer_class = MarketSerializer
    sent_classes = {
        "create": MarketCreateSerializer,
        "bulk": MarketCreateSerializer,
        "partial_update": MarketChangeSerializer,
    }
    read_permission, write_permission = P.VIEW_MARKETS, P.MANAGE_MARKETS
    most_lines = 500
    filters = {"operation": "operation_id", "buyer_siret": "buyer_siret", "number": "number"}

    def represent(self, rows):
        totals = totals_of(rows, self.request.user)
        for market in rows:
            market.rule = getattr(market, "counting_rule", None) or CountingRule(market=market)
            market.hours_in_sight = totals[market.pk]
        return super().represent(rows)

    def save_new(self, fields):
        territory = fields.pop("territory")
        return create_market(market=Market(**fields), territory=territory, by=self.request.user)

    def save_changed(self, row, fields, seen):
        return change_market(market=put(row, fields), by=self.request.user, seen=seen)
