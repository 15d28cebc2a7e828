"""Operations and directions, as programs read and deposit them (C5, C22)."""

from rest_framework import serializers

from clauses_portal.core.api.serializers import ResourceSerializer
from facilitators.api.fields import ExternalReferenceField, VersionField
from facilitators.api.views import ChangeMixin, CreateMixin, ResourceViewSet, put
from facilitators.enums import Permission
from facilitators.models import Commune, Directorate
from facilitators.permissions import territories_for
from operations.models import Operation
from operations.services import save_operation

ELSEWHERE = "Une commune est inconnue, ou hors du périmètre de la clé."


class OperationSerializer(ResourceSerializer):
    """`communes`: Insee codes, all in the territories of the key; `directorate`: its code."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    directorate = serializers.SlugRelatedField(slug_field="code", queryset=Directorate.objects.all())
    communes = serializers.ListField(
        child=serializers.RegexField("^[0-9AB]{5}$"), min_length=1, max_length=200, source="insee_codes"
    )

    class Meta:
        model = Operation
        fields = [
            "id",
            "external_reference",
            "version",
            "reference",
            "title",
            "directorate",
            "communes",
            "description",
            "officer",
            "address",
            "planned_start",
            "planned_end",
            "npnru",
            "funding_period",
        ]

    def to_representation(self, instance):
        instance.insee_codes = sorted(commune.pk for commune in instance.communes.all())
        return super().to_representation(instance)


class OperationViewSet(CreateMixin, ChangeMixin, ResourceViewSet):
    """Opérations : ce qui donne lieu à des marchés."""

    resource = "operations"
    queryset = Operation.objects.select_related("directorate").prefetch_related("communes")
    serializer_class = OperationSerializer
    read_permission, write_permission = Permission.VIEW_MARKETS, Permission.MANAGE_MARKETS

    def save_new(self, fields):
        communes = self._communes(fields.pop("insee_codes"))
        return save_operation(operation=Operation(**fields), communes=communes, by=self.request.user)

    def save_changed(self, row, fields, seen):
        codes = fields.pop("insee_codes", None)
        communes = list(row.communes.all()) if codes is None else self._communes(codes)
        return save_operation(operation=put(row, fields), communes=communes, by=self.request.user, seen=seen)

    def _communes(self, codes):
        """The communes of these Insee codes. Raises ValidationError when one is not in a territory of the key."""
        inside = territories_for(self.request.user, self.write_permission)
        found = list(Commune.objects.filter(pk__in=set(codes), territory__in=inside))
        if len(found) != len(set(codes)):
            raise serializers.ValidationError({"communes": [ELSEWHERE]})
        return found
