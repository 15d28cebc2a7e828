"""Fields one by one, unknown ones refused (security.md §3, A6)."""

from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from clauses_portal.core.api.fields import DayField, ListedField, NumberField, TextField, WholeField, YesNoField

UNKNOWN_FIELD = "Champ inconnu."
NOT_AN_OBJECT = "Un objet JSON est attendu."


class StrictFields:
    """Refuses what the serializer does not take: unknown names, and those the portal alone writes."""

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise ValidationError({"": [NOT_AN_OBJECT]})
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(set(data) - writable)
        if unknown:
            raise ValidationError({name: [UNKNOWN_FIELD] for name in unknown})
        self._refuse_a_part(data)
        return super().to_internal_value(data)

    def _refuse_a_part(self, data):
        """An object within another is told whole, even where only some fields of the other are changed."""
        if self.parent is not None and getattr(self.root, "partial", False):
            lacking = [field for field in self.fields.values() if field.required and field.field_name not in data]
            if lacking:
                raise ValidationError({field.field_name: [field.error_messages["required"]] for field in lacking})


class StrictSerializer(StrictFields, serializers.Serializer):
    """A serializer without model."""


class ResourceSerializer(StrictFields, serializers.ModelSerializer):
    """Reads and writes rows of a model, field by field. What the database holds unique is said by the services: a
    serializer would tell what other territories have (A8)."""

    serializer_choice_field = ListedField
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: TextField,
        models.TextField: TextField,
        models.BooleanField: YesNoField,
        models.IntegerField: WholeField,
        models.PositiveIntegerField: WholeField,
        models.PositiveSmallIntegerField: WholeField,
        models.DateField: DayField,
        models.DecimalField: NumberField,
    }

    def build_standard_field(self, field_name, model_field):
        kind, options = super().build_standard_field(field_name, model_field)
        options["validators"] = [
            validator for validator in options.get("validators", []) if not hasattr(validator, "requires_context")
        ]
        return kind, options

    def include_extra_kwargs(self, kwargs, extra_kwargs):
        """A choice that may be empty is told so even where it is only read."""
        may_be_empty = kwargs.get("allow_blank", False) and "choices" in kwargs
        kwargs = super().include_extra_kwargs(kwargs, extra_kwargs)
        return kwargs | {"allow_blank": True} if may_be_empty else kwargs

    def get_validators(self):
        return []

    def get_unique_together_validators(self):
        return []
