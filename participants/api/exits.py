"""Where persons are when their work on a market ends, three and six months later (C20, C33)."""

from rest_framework import serializers

from clauses_portal.core.api.fields import DayField, ListedField
from clauses_portal.core.api.serializers import ResourceSerializer
from facilitators.api.fields import ExternalReferenceField, VersionField
from facilitators.api.views import ChangeMixin, ResourceViewSet
from facilitators.enums import Permission
from participants.enums import ExitSituationKind, ExitSource
from participants.models import ExitSituation
from participants.services import exits

FIXED = ["id", "participant", "award", "contract", "lot", "market", "horizon", "due_on", "dropped_on"]
ANSWERED = ["situation", "source", "observed_on", "job_title", "lasting_job_refused"]
NEEDED = {
    "situation": "Indiquez la situation.",
    "source": "Indiquez qui l’a dit.",
    "observed_on": "Indiquez quand elle a été constatée.",
}


class ExitSerializer(ResourceSerializer):
    """`situation`, `source` and `observed_on` go together; they are empty until somebody asked."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    situation = ListedField(choices=ExitSituationKind, allow_blank=True, required=False)
    source = ListedField(choices=ExitSource, allow_blank=True, required=False)
    observed_on = DayField(allow_null=True, required=False)

    class Meta:
        model = ExitSituation
        fields = [*FIXED, "external_reference", "version", *ANSWERED, "attempts", "called_on"]
        read_only_fields = [*FIXED, "attempts", "called_on"]


class ExitViewSet(ChangeMixin, ResourceViewSet):
    """Situations de sortie : le portail les ouvre à la fin des contrats, la structure les renseigne."""

    resource = "exits"
    about_persons = True
    queryset = ExitSituation.objects.all()
    serializer_class = ExitSerializer
    read_permission, write_permission = Permission.VIEW_PERSONS, Permission.MANAGE_PERSONS
    filters = {"participant": "participant", "award": "award", "contract": "contract", "lot": "lot"}

    def save_changed(self, row, fields, seen):
        answer = {name: fields.get(name, getattr(row, name)) for name in ANSWERED}
        needed = set(NEEDED) - ({"source"} if answer["situation"] == ExitSituationKind.UNKNOWN else set())
        missing = {name: [NEEDED[name]] for name in sorted(needed) if not answer[name]}
        if missing:
            raise serializers.ValidationError(missing)
        return exits.record_exit(exit_row=row, by=self.request.user, seen=seen, **answer)
