from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from clauses_portal.core import french


@dataclass(frozen=True)
class Section:
    """A part of a long form, as a page shows it: `fields` are bound fields."""

    title: str
    fields: list


class SectionedForm:
    """Mixin: a long form cut in parts. `sections` = ((title, (names of fields)), …); absent fields are passed over."""

    sections = ()

    def parts(self):
        """Sections that have a visible field, in their order."""
        kept = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.sections]
        return [Section(title, fields) for title, fields in kept if fields]


class SeenForm:
    """Mixin: a hidden field carries the version of the row the page was made from (see core.versions)."""

    def __init__(self, *args, seen="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput, initial=seen)

    def read_again(self, version):
        """What was typed is shown with the present version: saving once more replaces it knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = version


class UploadForm(forms.Form):
    """A form whose `file` is given to the service as `file_name` and `content` (bytes): it checks both."""

    def clean(self):
        data = super().clean()
        file = data.pop("file", None)
        if file is not None:
            data["file_name"], data["content"] = file.name, file.read()
        return data


class ColumnsForm(forms.Form):
    """Which column of a file is what: one list for each of `labels`, {column: label}; `required` names some."""

    labels, required = {}, ()

    def __init__(self, *args, headers, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "— absente du fichier"), *((str(at), header) for at, header in enumerate(headers))]
        for name, label in self.labels.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=name in self.required)

    def mapping(self):
        """{column: index} of those that were chosen."""
        return {name: int(at) for name, at in self.cleaned_data.items() if at}


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
