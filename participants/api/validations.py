"""The facilitator's word on a person, asked and given by a program; authors and dates are the server's (C14)."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.api.fields import DayField, ListedField, TextField, YesNoField
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.validators import validate_plain_text
from facilitators.api.fields import CodeField, ExternalReferenceField, ScopedRelatedField, VersionField
from facilitators.api.idempotency import repeatable
from facilitators.api.views import NO_VERSION, ActMixin, CreateMixin, ResourceViewSet, put
from facilitators.enums import Permission
from markets.models import Lot
from participants.enums import ExtensionReason
from participants.models import EligibilityCategory, EligibilityValidation, Participant
from participants.services import validations

P = Permission
ASKED = ["lot", "evidence_kind", "evidence_dated_on", "iae_number", "iae_ends_on", "opinion_from", "opinion"]
DECIDED = ["number", "state", "first_ends_on", "extends", "extension_reason", "missing", "reason"]
DATED = ["requested_at", "evidence_seen_at", "decided_at", "shortened_at", "decided_elsewhere_on"]


class CategoryField(CodeField):
    """A category in use today, by its code: its former versions have the same."""

    def __init__(self, **options):
        super().__init__(slug_field="code", queryset=EligibilityCategory.objects.all(), **options)

    def get_queryset(self):
        return super().get_queryset().in_use(timezone.localdate())


class ValidationChangeSerializer(ResourceSerializer):
    """A request that waits for a decision; what was decided and when is read, never written."""

    external_reference = ExternalReferenceField()
    version = VersionField()
    participant = serializers.PrimaryKeyRelatedField(read_only=True)
    category = CategoryField()
    lot = ScopedRelatedField(Lot.objects, resource="lots", permission=P.MANAGE_PERSONS, required=False, allow_null=True)

    class Meta:
        model = EligibilityValidation
        fields = ["id", "external_reference", "version", "participant", "category", *ASKED, "tie_declared"]
        fields += ["starts_on", "ends_on", *DECIDED, *DATED]
        read_only_fields = DECIDED + DATED


class ValidationSerializer(ValidationChangeSerializer):
    """`grant`: true to decide at once, in favour. The period of the request starts today at the earliest (M10)."""

    participant = ScopedRelatedField(Participant.objects, resource="participants", permission=P.MANAGE_PERSONS)
    grant = YesNoField(default=False, write_only=True)

    class Meta(ValidationChangeSerializer.Meta):
        fields = [*ValidationChangeSerializer.Meta.fields, "grant"]


class DecisionSerializer(StrictSerializer):
    version = VersionField(required=True, error_messages={"required": NO_VERSION})


def reason_field(**options):
    return TextField(max_length=1000, validators=[validate_plain_text], **options)


class GrantSerializer(DecisionSerializer):
    """The period granted: that of the request unless given."""

    starts_on = DayField(required=False, allow_null=True)
    ends_on = DayField(required=False, allow_null=True)
    extension_reason = ListedField(choices=ExtensionReason, required=False)
    reason = reason_field(required=False)


class RefusalSerializer(DecisionSerializer):
    reason = reason_field()


class WithdrawalSerializer(RefusalSerializer):
    """`from_day`: the first day that is no longer covered; without it, the whole validation is revoked."""

    from_day = DayField(required=False, allow_null=True, default=None)


class ValidationViewSet(CreateMixin, ActMixin, ResourceViewSet):
    """Validations d’éligibilité : sans elles, aucune heure ne compte."""

    resource = "validations"
    about_persons = True
    queryset = EligibilityValidation.objects.select_related("category")
    serializer_class = ValidationSerializer
    read_permission, write_permission = P.VIEW_PERSONS, P.VALIDATE_PERSONS
    filters = {
        "participant": "participant",
        "lot": "lot",
        "state": "state",
        "category_code": "category__code",
    }

    def get_serializer_class(self):
        return ValidationChangeSerializer if self.action == "partial_update" else ValidationSerializer

    def save_new(self, fields):
        grants, by = fields.pop("grant"), self.request.user
        validation = validations.propose(validation=EligibilityValidation(**fields), by=by)
        return validations.grant(validation=validation, by=by) if grants else validation

    def save_changed(self, row, fields, seen):
        return validations.revise(validation=put(row, fields), by=self.request.user, seen=seen)

    @extend_schema(summary="Accorder la validation", request=GrantSerializer, responses=ValidationSerializer)
    @action(detail=True, methods=["post"])
    @repeatable
    def grant(self, request, pk=None):
        return self._decide(pk, GrantSerializer, validations.grant)

    @extend_schema(summary="Refuser la demande", request=RefusalSerializer, responses=ValidationSerializer)
    @action(detail=True, methods=["post"])
    @repeatable
    def refuse(self, request, pk=None):
        return self._decide(pk, RefusalSerializer, validations.refuse)

    @extend_schema(
        summary="Révoquer la validation, ou l’arrêter un jour",
        request=WithdrawalSerializer,
        responses=ValidationSerializer,
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def withdraw(self, request, pk=None):
        return self._decide(pk, WithdrawalSerializer, validations.withdraw)

    def _decide(self, pk, kind, service):
        def decide(row, fields, seen):
            return service(validation=row, by=self.request.user, seen=seen, **fields)

        answer = self.act(self.request, pk, kind, decide)
        note(self.request, JournalAction.VALIDATION, of=EligibilityValidation(pk=answer.data["id"]))
        return answer
