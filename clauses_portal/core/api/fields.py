"""Values as JSON writes them: a text is a text, yes or no is `true` or `false`, a date is one that a calendar holds."""

import re
from datetime import date
from decimal import Decimal

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 1990, 2100
OUT_OF_REACH = f"Cette date est hors de portée ({FIRST_YEAR} à {LAST_YEAR})."
NOT_A_DAY = "Une date s’écrit AAAA-MM-JJ, par exemple 2026-09-15."
NOT_A_MONTH = "Un mois s’écrit AAAA-MM, par exemple 2026-08."
NOT_HOURS = "Des heures s’écrivent en nombre ou en texte, avec un point et deux décimales au plus, par exemple 7.5."
NOT_WHOLE = "Un nombre entier est attendu."
NOT_A_TEXT = "Un texte est attendu."
NOT_A_NUMBER = "Un nombre s’écrit avec un point, par exemple 35.5."
NOT_A_CHOICE = "Cette valeur n’est pas dans la liste."


class TextField(serializers.CharField):
    """A text, never a number taken for one."""

    default_error_messages = {"invalid": NOT_A_TEXT}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNoField(serializers.BooleanField):
    """`true` or `false`, `null` where it is allowed: not « oui », not 1."""

    default_error_messages = {"invalid": "Une valeur true ou false est attendue."}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class WholeField(serializers.IntegerField):
    """A whole number, written as one: not its text, nor a decimal."""

    default_error_messages = {"invalid": NOT_WHOLE}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | Decimal) or data != int(data):
            self.fail("invalid")
        return int(data)


class ListedField(serializers.ChoiceField):
    """A value of a list, written as it is in the list."""

    default_error_messages = {"invalid_choice": NOT_A_CHOICE}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class BoundedListField(serializers.ListField):
    """A list whose length is looked at before its items: a million wrong ones would be a million errors."""

    def to_internal_value(self, data):
        if isinstance(data, list) and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class ChoicesField(BoundedListField):
    """Some values of a list, each once."""

    def __init__(self, choices, **options):
        super().__init__(child=ListedField(choices), max_length=len(choices), **options)

    def to_internal_value(self, data):
        return list(dict.fromkeys(super().to_internal_value(data)))


class DayField(serializers.DateField):
    """A day from 1990 (or `since`, a year) to 2100: beyond, it is a typing error that no calendar can carry."""

    default_error_messages = {"invalid": NOT_A_DAY, "out_of_reach": OUT_OF_REACH}

    def __init__(self, *, since=FIRST_YEAR, **options):
        self.since = since
        super().__init__(**options)

    def to_internal_value(self, data):
        day = super().to_internal_value(data if isinstance(data, str) else None)
        if not self.since <= day.year <= LAST_YEAR:
            self.fail("out_of_reach")
        return day


DECIMAL = {
    "oneOf": [{"type": "string", "pattern": r"^-?[0-9]{1,10}(\.[0-9]{1,4})?$"}, {"type": "number"}],
    "examples": ["35.00"],
}


@extend_schema_field(DECIMAL)
class NumberField(serializers.DecimalField):
    """A decimal number, written as a number or as a text; told as a text. Blanks are not « no number »."""

    default_error_messages = {"invalid": NOT_A_NUMBER}

    def validate_empty_values(self, data):
        if isinstance(data, bool) or (
            isinstance(data, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", data, re.ASCII)
        ):
            self.fail("invalid")
        return super().validate_empty_values(data)


@extend_schema_field({"type": "string", "pattern": "^(199[1-9]|20[0-9]{2})-(0[1-9]|1[0-2])$", "examples": ["2026-08"]})
class MonthField(serializers.Field):
    """« 2026-08 », given as the first day of the month."""

    default_error_messages = {"invalid": NOT_A_MONTH}

    def to_internal_value(self, data):
        month = read_month(data)
        if month is None:
            self.fail("invalid")
        return month

    def to_representation(self, value):
        return f"{value:%Y-%m}"


def read_month(text):
    """The first day of « 2026-08 », or None when it is not a month from 1991 to 2099."""
    if not isinstance(text, str) or not re.fullmatch("(199[1-9]|20[0-9]{2})-(0[1-9]|1[0-2])", text):
        return None
    return date.fromisoformat(f"{text}-01")


HOURS_WRITTEN = {
    "oneOf": [
        {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$"},
        {"type": "number", "minimum": 0, "maximum": 999.99, "multipleOf": 0.01},
    ],
    "examples": ["151.67"],
}


@extend_schema_field(HOURS_WRITTEN)
class HoursField(serializers.Field):
    """Hours (h), 0 to 999.99, as a Decimal of two decimals; how many a month may hold is said by the services."""

    default_error_messages = {"invalid": NOT_HOURS}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        text = data if isinstance(data, str) else f"{data:f}"
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2}0*)?", text, re.ASCII):
            self.fail("invalid")
        return Decimal(text).quantize(Decimal("0.01"))

    def to_representation(self, value):
        return f"{value:.2f}"
