"""Lots: their description, their state, the clause decided for them (C1, C3)."""

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clauses_portal.core.api.fields import BoundedListField, DayField, ListedField, WholeField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from facilitators.api.fields import CodeField, ExternalReferenceField, ScopedRelatedField, TerritoryField, VersionField
from facilitators.api.views import BulkMixin, ChangeMixin, ResourceViewSet, put
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.enums import ClauseOutcome, LegalBasis, LotState
from markets.models import Calibration, Lot, Market, RomeCode, Trade
from markets.models.calibration import LONGEST_OBJECTIVE
from markets.services.markets import add_lot, change_lot
from markets.services.received import receive_decision

P = Permission
MOST_OCCUPATIONS = 50
UNKNOWN_ROME = "Un code ROME est inconnu."


@extend_schema_field({"type": "array", "maxItems": MOST_OCCUPATIONS, "items": {"type": "string"}})
class OccupationsField(BoundedListField):
    """ROME codes, read as the occupations they name, in one query."""

    child = serializers.RegexField("^[A-N][0-9]{4}$")

    def __init__(self, **options):
        super().__init__(max_length=MOST_OCCUPATIONS, required=False, **options)

    def to_internal_value(self, data):
        codes = set(super().to_internal_value(data))
        found = list(RomeCode.objects.filter(pk__in=codes))
        if len(found) != len(codes):
            raise serializers.ValidationError(UNKNOWN_ROME)
        return found

    def to_representation(self, value):
        return sorted(row.pk for row in value.all())


class ClauseSerializer(StrictSerializer):
    """The decision, and the hours of the firm period once they are retained (h)."""

    outcome = ListedField(ClauseOutcome.choices)
    legal_basis = ListedField(LegalBasis.choices, allow_blank=True)
    hours = serializers.IntegerField(allow_null=True)
    decided_on = DayField()


class ReceivedClauseSerializer(StrictSerializer):
    """A clause decided in the Département's software. Other hours, later, are an amendment."""

    legal_basis = ListedField(LegalBasis.choices)
    hours = WholeField(
        min_value=0, max_value=LONGEST_OBJECTIVE, allow_null=True, required=False, help_text="Heures retenues."
    )
    decided_on = DayField()


class LotChangeSerializer(ResourceSerializer):
    """What a program may say of a lot that is there: neither its market nor its territory."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    trade = CodeField(slug_field="code", queryset=Trade.objects.all(), allow_null=True, required=False)
    occupations = OccupationsField()
    clause = ReceivedClauseSerializer(required=False)

    class Meta:
        model = Lot
        fields = [
            "id",
            "external_reference",
            "version",
            "number",
            "title",
            "starts_on",
            "ends_on",
            "firm_months",
            "trade",
            "occupations",
            "qualification",
            "clearances",
            "crew_size",
            "staff_takeover",
            "clause",
        ]


class LotCreateSerializer(LotChangeSerializer):
    market = ScopedRelatedField(Market.objects, resource="markets", permission=P.MANAGE_MARKETS)
    territory = TerritoryField(P.MANAGE_MARKETS)

    class Meta(LotChangeSerializer.Meta):
        fields = [*LotChangeSerializer.Meta.fields, "market", "territory"]


class LotSerializer(LotCreateSerializer):
    clause = ClauseSerializer(source="clause_told", read_only=True, allow_null=True)
    state = serializers.ChoiceField(LotState.choices, read_only=True)

    class Meta(LotCreateSerializer.Meta):
        fields = [*LotCreateSerializer.Meta.fields, "state"]


class LotViewSet(BulkMixin, ChangeMixin, ResourceViewSet):
    """Lots : l’unité des heures, dans un territoire de référence."""

    resource = "lots"
    queryset = Lot.objects.select_related("market", "territory", "trade", "decision").prefetch_related(
        "occupations", Prefetch("calibrations", Calibration.objects.firm().retained(), to_attr="retained_versions")
    )
    serializer_class = LotSerializer
    sent_classes = {
        "create": LotCreateSerializer,
        "bulk": LotCreateSerializer,
        "partial_update": LotChangeSerializer,
    }
    read_permission, write_permission = P.VIEW_MARKETS, P.MANAGE_MARKETS
    most_lines = 100
    filters = {"market": "market_id", "state": "state", "territory_code": "territory__code"}

    def represent(self, rows):
        for lot in rows:
            lot.clause_told = _clause_of(lot)
        return super().represent(rows)

    def save_new(self, fields):
        clause = fields.pop("clause", None)
        lot = add_lot(by=self.request.user, **fields)
        return self._receive(lot, clause)

    def save_changed(self, row, fields, seen):
        clause, occupations = fields.pop("clause", None), fields.pop("occupations", None)
        lot = change_lot(lot=put(row, fields), occupations=occupations, by=self.request.user, seen=seen)
        return self._receive(lot, clause)

    def _receive(self, lot, clause):
        if clause is None:
            return lot
        lot = get_actionable(Lot.objects, self.request.user, P.DECIDE_CLAUSE, pk=lot.pk)
        return receive_decision(lot=lot, by=self.request.user, **{"hours": None} | clause)


def _clause_of(lot):
    """What is decided for a lot of the list, None before."""
    decision = getattr(lot, "decision", None)
    if decision is None:
        return None
    retained = lot.retained_versions[0].retained_hours if lot.retained_versions else None
    told = {"outcome": decision.outcome, "legal_basis": decision.legal_basis, "hours": retained}
    return told | {"decided_on": timezone.localdate(decision.decided_at)}
