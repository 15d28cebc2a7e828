from django import forms

from clauses_portal.core.forms import ColumnsForm, UploadForm
from markets.programme.columns import LABELS, REQUIRED


class ProgrammeFileForm(UploadForm):
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


class MappingForm(ColumnsForm):
    """Which column of a programme is what."""

    labels, required = LABELS, REQUIRED
