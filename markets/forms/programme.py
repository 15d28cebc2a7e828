from django import forms

from markets.programme.columns import LABELS, REQUIRED

IGNORED = "— absente du fichier"


class ProgrammeFileForm(forms.Form):
    """The spreadsheet of a direction. Its content is checked by the service."""

    directorate = forms.ModelChoiceField(None, label="Direction opérationnelle", empty_label=None)
    file = forms.FileField(
        label="Fichier du programme (XLSX, ODS ou CSV)",
        help_text="Une ligne par marché ou par lot, une ligne de titres en tête. 10 Mo et 1 000 lignes au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )

    def __init__(self, *args, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["directorate"].queryset = directorates

    def clean(self):
        data = super().clean()
        file = data.pop("file", None)
        if file is not None:
            data["file_name"], data["content"] = file.name, file.read()
        return data


class MappingForm(forms.Form):
    """Which column of the file is what: one list per known column."""

    def __init__(self, *args, headers, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", IGNORED), *((str(at), header) for at, header in enumerate(headers))]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=name in REQUIRED)

    def mapping(self):
        """{column: index} of those that were chosen."""
        return {name: int(at) for name, at in self.cleaned_data.items() if at}
