from django import forms

from clauses_portal.core import french


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


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
    """A share typed in percent (« 5 » or « 5 % ») and given as a fraction (0.05)."""

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("%", "")
        number = super().to_python(value)
        return number / 100 if number is not None else None
