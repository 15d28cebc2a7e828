"""What is sent and told of hours: months deposited, lines that stand, lines erased. Never a name."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clauses_portal.core.api.fields import DayField, HoursField, ListedField, MonthField, TextField
from clauses_portal.core.api.pagination import LARGEST_ID
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.text import is_writable
from clauses_portal.core.validators import validate_plain_text
from facilitators import references
from facilitators.api.fields import IDENTIFIER, REFERENCE, VersionField
from facilitators.api.views import NO_VERSION
from facilitators.enums import Permission
from participants.enums import HoursNature, RejectionReason
from participants.models import EmploymentContract, HoursEntry
from participants.services.hours import BY_HAND

REASONS = [(reason.value, RejectionReason(reason).label) for reason in BY_HAND]
STATUSES = [
    ("counted", "Comptabilisées"),
    ("partial", "Comptabilisées en partie"),
    ("rejected", "Rejetées"),
    ("pending", "En attente"),
    ("empty", "Aucune heure"),
]
BOTH_DAYS = "Indiquez le premier et le dernier jour, ou ni l’un ni l’autre."


class HoursLineSerializer(ResourceSerializer):
    """Hours of some days of a month, in their three fates; `month` is the one they are summed in, `booked_in` the same
    for the correction of a month that was sent. `version`: to be given back when the month is deposited again.
    """

    month = MonthField(read_only=True)
    booked_in = MonthField(read_only=True, allow_null=True)

    class Meta:
        model = HoursEntry
        fields = ["id", "contract", "participant", "lot", "market", "starts_on", "ends_on", "month", "nature"]
        fields += ["declared", "counted", "rejected", "pending", "rejection_reason", "withheld", "withheld_reason"]
        fields += ["booked_in", "source", "version"]
        read_only_fields = fields


@extend_schema_field({"oneOf": [IDENTIFIER, REFERENCE]})
class ContractKeyField(serializers.Field):
    """What names a contract; whether it exists is asked for all the lines at once (`known_contracts`)."""

    default_error_messages = {"not_found": NOT_FOUND}

    def to_internal_value(self, data):
        is_identifier = isinstance(data, int) and not isinstance(data, bool) and 0 < data <= LARGEST_ID
        if not is_identifier and not (isinstance(data, str) and len(data) <= 100 and is_writable(data)):
            self.fail("not_found")
        return data


def known_contracts(request, keys):
    """{identifier or reference: identifier} of the contracts whose hours the key may write, in two queries."""
    named = references.find_all(request.auth.structure_id, "contracts", {key for key in keys if isinstance(key, str)})
    wanted = {key: named.get(key) if isinstance(key, str) else key for key in keys}
    rows = EmploymentContract.objects.actionable_by(request.user, Permission.ENTER_HOURS)
    there = set(rows.filter(pk__in=set(wanted.values()) - {None}).values_list("pk", flat=True))
    return {key: pk for key, pk in wanted.items() if pk in there}


class MonthSerializer(StrictSerializer):
    """A month of a contract; `nature`: the usual one of the contract unless given."""

    contract = ContractKeyField()
    month = MonthField()
    nature = ListedField(choices=HoursNature, required=False)
    version = VersionField()


class DepositSerializer(MonthSerializer):
    """`declared`: the hours of the whole month, `null` to erase them. Without `version`, other hours stay."""

    declared = HoursField(allow_null=True)


class DepositLinesSerializer(StrictSerializer):
    items = DepositSerializer(many=True, min_length=1, max_length=1000)


class RegularisationSerializer(MonthSerializer):
    """`hours`: the right total of the month, or of these days of it. `version`: the sum of those of the lines of the
    month, plus one for each correction."""

    hours = HoursField()
    reason = TextField(max_length=1000, validators=[validate_plain_text])
    starts_on = DayField(required=False)
    ends_on = DayField(required=False)

    def validate(self, attrs):
        if ("starts_on" in attrs) != ("ends_on" in attrs):
            raise serializers.ValidationError({"starts_on": [BOTH_DAYS]})
        return attrs


class WithholdingSerializer(StrictSerializer):
    """`hours`: how many of the line are set aside, 0 to give them back."""

    version = VersionField(required=True, error_messages={"required": NO_VERSION})
    hours = HoursField()
    reason = ListedField(choices=REASONS, required=False)


class OutcomeSerializer(serializers.Serializer):
    """What became of a month; `message` says why its hours do not count, or not all."""

    contract = serializers.IntegerField(source="contract_id")
    month = MonthField()
    nature = serializers.ChoiceField(choices=HoursNature)
    status = serializers.ChoiceField(choices=STATUSES)
    declared = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    counted = serializers.DecimalField(max_digits=6, decimal_places=2)
    version = serializers.IntegerField()
    message = serializers.CharField(allow_blank=True)


class OutcomesSerializer(serializers.Serializer):
    items = OutcomeSerializer(many=True)


class ErasedLineSerializer(serializers.Serializer):
    """A line that no longer is: it may have been replaced by others, read as usual."""

    id = serializers.IntegerField()
    contract = serializers.IntegerField(source="contract_id")
    month = MonthField(source="starts_on")
    nature = serializers.ChoiceField(choices=HoursNature)
    erased_at = serializers.DateTimeField(source="history_date")
