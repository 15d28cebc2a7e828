"""Alerts: events reported by a program or a rule, answered by the maître d’ouvrage, closed with what was done (C18)."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from clauses_portal.core.api.fields import TextField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.validators import validate_plain_text
from facilitators.api.fields import ExternalReferenceField, ScopedRelatedField, TerritoryField, VersionField
from facilitators.api.idempotency import repeatable
from facilitators.api.views import ActMixin, BulkMixin, ResourceViewSet
from facilitators.enums import Permission
from markets.alert_page import ANSWER
from markets.models import Alert, Company, Lot
from markets.services import alerts

P = Permission
ONE_PLACE = "Indiquez un lot ou un territoire, l’un des deux."
LONGEST_ANSWER = Alert._meta.get_field("answer").max_length


class AlertCreateSerializer(ResourceSerializer):
    """An event on a lot, or on a territory that no lot bounds. The description names nobody."""

    external_reference = ExternalReferenceField()
    lot = ScopedRelatedField(Lot.objects, resource="lots", permission=P.MANAGE_ALERTS, allow_null=True, required=False)
    territory = TerritoryField(P.MANAGE_ALERTS, required=False, help_text="Sans lot seulement.")
    company = ScopedRelatedField(Company.objects, resource="companies", allow_null=True, required=False)

    class Meta:
        model = Alert
        fields = [
            "id",
            "external_reference",
            "lot",
            "territory",
            "company",
            "category",
            "severity",
            "description",
            "due_on",
        ]

    def validate(self, data):
        lot, territory, company = (data.get(name) for name in ("lot", "territory", "company"))
        if (lot is None) == (territory is None):
            raise serializers.ValidationError({"lot": ONE_PLACE})
        place = {"lot": lot} if lot else {"territory": territory}
        if company and not alerts.companies_of(**place).filter(pk=company.pk).exists():
            raise serializers.ValidationError({"company": NOT_FOUND})
        return data


class AlertSerializer(AlertCreateSerializer):
    version = VersionField()

    class Meta(AlertCreateSerializer.Meta):
        fields = [
            *AlertCreateSerializer.Meta.fields,
            "version",
            "raised_on",
            "answer",
            "answered_at",
            "closed_on",
        ]


class AnswerSerializer(StrictSerializer):
    answer = TextField(max_length=LONGEST_ANSWER, validators=[validate_plain_text])


class ClosingSerializer(StrictSerializer):
    """What was done. Optional under the answer of the maître d’ouvrage."""

    answer = TextField(
        max_length=LONGEST_ANSWER, required=False, allow_blank=True, default="", validators=[validate_plain_text]
    )


class AlertViewSet(ActMixin, BulkMixin, ResourceViewSet):
    """Alertes : signalées, répondues, closes."""

    resource = "alerts"
    queryset = Alert.objects.select_related("territory")
    serializer_class = AlertSerializer
    sent_classes = {"create": AlertCreateSerializer, "bulk": AlertCreateSerializer}
    read_permission, write_permission = P.VIEW_ALERTS, P.MANAGE_ALERTS
    most_lines = 500
    filters = {"lot": "lot_id", "company": "company_id", "category": "category", "territory_code": "territory__code"}
    http_method_names = ["get", "head", "options", "post"]

    def save_new(self, fields):
        lot, territory = fields.pop("lot", None), fields.pop("territory", None)
        fields.setdefault("severity", Alert._meta.get_field("severity").default)
        if lot is not None:
            return alerts.raise_alert(lot=lot, by=self.request.user, **fields)
        return alerts.raise_elsewhere(territory=territory, by=self.request.user, **fields)

    @extend_schema(request=AnswerSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"], write_permission=ANSWER)
    @repeatable
    def answer(self, request, pk=None):
        """La réponse du maître d’ouvrage : l’alerte reste ouverte."""
        return self._act(request, pk, AnswerSerializer, alerts.answer_alert)

    @extend_schema(request=ClosingSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    @repeatable
    def close(self, request, pk=None):
        """Clore l’alerte, avec la suite donnée."""
        return self._act(request, pk, ClosingSerializer, alerts.close_alert)

    def _act(self, request, pk, kind, service):
        return self.act(request, pk, kind, lambda row, fields, _: service(alert=row, by=request.user, **fields))
