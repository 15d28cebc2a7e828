from django import forms
from django.core.exceptions import ValidationError

from clauses_portal.core import french


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class DateField(forms.DateField):
    """A date from 1990 to 2100: beyond, it is a typing error, or a year 9999 that no calendar can carry."""

    widget = DateInput
    default_error_messages = {"out_of_reach": "Cette date est hors de portée (1990 à 2100)."}

    def validate(self, value):
        super().validate(value)
        if value is not None and not 1990 <= value.year <= 2100:
            raise ValidationError(self.error_messages["out_of_reach"], code="out_of_reach")


class FrenchDecimalField(forms.DecimalField):
    """A number typed the French way: « 1 234,50 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else french.number(value)


class PercentField(FrenchDecimalField):
    """A share typed in percent (« 5 » or « 5 % »), above 0 and up to 100, and given as a fraction (0.05)."""

    default_error_messages = {"out_of_range": "Indiquez un pourcentage supérieur à 0 et d’au plus 100."}

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("%", "")
        number = super().to_python(value)
        if number is None:
            return None
        if not number.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not 0 < number <= 100:
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return number / 100
