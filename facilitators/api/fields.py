"""Fields every resource shares: rows one may see, the caller's own references, the version."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clauses_portal.core.api.fields import TextField
from clauses_portal.core.api.pagination import LARGEST_ID
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.text import is_writable
from facilitators import references
from facilitators.models import Territory
from facilitators.permissions import territories_for

IDENTIFIER = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
UNKNOWN_CODE = "Code inconnu, ou hors du périmètre de la clé."
REFERENCE = {"type": "string", "minLength": 1, "maxLength": 100}


@extend_schema_field({"oneOf": [IDENTIFIER, REFERENCE]})
class ScopedRelatedField(serializers.Field):
    """A row in sight of the key, given by its identifier or by the caller's own reference (a text).

    `permission`: what must be allowed on it, seeing by default. Unknown and out of sight get the same answer (A7).
    """

    default_error_messages = {"not_found": NOT_FOUND}

    def __init__(self, queryset, *, resource="", permission=None, **options):
        self.rows, self.resource, self.permission = queryset, resource, permission
        super().__init__(**options)

    def to_internal_value(self, data):
        rows = self.rows.all()
        rows = rows.actionable_by(self._user, self.permission or rows.view_permission)
        row = rows.filter(pk=self._identifier(data)).first()
        if row is None:
            self.fail("not_found")
        return row

    def _identifier(self, data):
        if isinstance(data, bool):
            self.fail("not_found")
        if isinstance(data, int) and 0 < data <= LARGEST_ID:
            return data
        if isinstance(data, str) and self.resource and len(data) <= 100 and is_writable(data):
            return references.find(self.context["request"].auth.structure_id, self.resource, data)
        self.fail("not_found")

    @property
    def _user(self):
        return self.context["request"].user

    def get_attribute(self, instance):
        """The identifier, without reading the row."""
        name = self.source if "." in self.source else f"{self.source}_id"
        for step in name.split("."):
            instance = getattr(instance, step, None)
        return instance

    def to_representation(self, value):
        return value


class CodeField(serializers.SlugRelatedField):
    """A row of a reference list, given by its code (`slug_field`)."""

    default_error_messages = {"does_not_exist": UNKNOWN_CODE, "invalid": UNKNOWN_CODE}

    def run_validation(self, data=serializers.empty):
        # the framework would take an empty text for null
        if data == "":
            self.fail("invalid")
        return super().run_validation(data)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TerritoryField(CodeField):
    """A territory by its code, among those where the key holds `permission`: the others do not exist (A7)."""

    def __init__(self, permission, **options):
        self.permission = permission
        super().__init__(slug_field="code", queryset=Territory.objects.none(), **options)

    def get_queryset(self):
        return territories_for(self.context["request"].user, self.permission)


@extend_schema_field({"type": ["string", "null"], "minLength": 1, "maxLength": 100})
class ExternalReferenceField(TextField):
    """The caller's own name of the row, read for a whole page at once by the view."""

    def __init__(self, **options):
        super().__init__(max_length=100, required=False, **options)

    def get_attribute(self, instance):
        return self.context["references"].get(instance.pk, "")

    def to_representation(self, value):
        return value or None


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_ID})
class VersionField(serializers.Field):
    """The version of the row: read with it, given back to change it (M6)."""

    default_error_messages = {"invalid": "La version est le nombre lu avec l’élément."}

    def __init__(self, **options):
        super().__init__(**{"required": False} | options)

    def get_attribute(self, instance):
        return instance.api_version

    def to_representation(self, value):
        return value or 0

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data <= LARGEST_ID:
            self.fail("invalid")
        return str(data)
