"""Persons, as the program of the structure that follows them reads and deposits them (C13, C22)."""

from rest_framework import serializers

from clauses_portal.core.api.fields import DayField, ListedField
from clauses_portal.core.api.serializers import ResourceSerializer
from facilitators.api.fields import CodeField, ExternalReferenceField, TerritoryField, VersionField
from facilitators.api.views import BulkMixin, ChangeMixin, ResourceViewSet, put
from facilitators.enums import Permission
from facilitators.models import Commune
from participants.enums import InformationMeans
from participants.models import Participant
from participants.services import persons

FIRST_BIRTH = 1920


class ParticipantSerializer(ResourceSerializer):
    """`territory`: its code; `commune`: its Insee code; `informed`: how the person was told what becomes of her data,
    empty when she was not yet. `merged_into`: the file that is kept, when this one is only the trace of a merge.
    """

    external_reference = ExternalReferenceField()
    version = VersionField()
    territory = TerritoryField(Permission.MANAGE_PERSONS)
    birth_date = DayField(since=FIRST_BIRTH)
    commune = CodeField(slug_field="insee_code", queryset=Commune.objects.all())
    informed = ListedField(choices=InformationMeans, source="informed_how", required=False, allow_blank=True)
    merged_into = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = Participant
        fields = [
            "id",
            "external_reference",
            "version",
            "territory",
            "last_name",
            "first_name",
            "birth_name",
            "birth_date",
            "sex",
            "commune",
            "address",
            "lives_in_qpv",
            "qpv_code",
            "phone",
            "email",
            "entered_on",
            "entry_situation",
            "education_level",
            "receives_rsa",
            "france_travail_id",
            "prescriber",
            "available_from",
            "informed",
            "merged_into",
        ]


class ParticipantViewSet(BulkMixin, ChangeMixin, ResourceViewSet):
    """Personnes suivies par la structure : jamais de NIR, jamais le motif d’éligibilité."""

    resource = "participants"
    about_persons = True
    queryset = Participant.objects.select_related("territory", "commune")
    serializer_class = ParticipantSerializer
    read_permission, write_permission = Permission.VIEW_PERSONS, Permission.MANAGE_PERSONS
    filters = {"territory_code": "territory__code"}
    most_lines = 500

    def save_new(self, fields):
        person = self._filled(Participant(), fields)
        persons.refuse_double(person)
        return persons.save_person(person=person, by=self.request.user)

    def save_changed(self, row, fields, seen):
        return persons.save_person(person=self._filled(row, fields), by=self.request.user, seen=seen)

    def _filled(self, person, fields):
        """The person with these fields. Having been informed is recorded once, and not taken back."""
        how = fields.pop("informed_how", "")
        if how and how != person.informed_how:
            persons.mark_informed(person, how, self.request.user)
        return put(person, fields)
