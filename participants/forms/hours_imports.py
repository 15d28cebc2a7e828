"""Giving a statement, saying which column is what, sharing a line out."""

from decimal import Decimal

from django import forms

from clauses_portal.core import french
from clauses_portal.core.forms import ColumnsForm, UploadForm
from participants import grid
from participants.hours_import.columns import LABELS

NO_MONTH = "Choisissez un mois, par exemple 2026-08."


class StatementForm(UploadForm):
    """The statement of a company. Its content is checked by the service."""

    territory = forms.ModelChoiceField(None, label="Territoire", empty_label=None)
    company = forms.ModelChoiceField(None, label="Entreprise ou structure qui déclare", empty_label="Choisissez")
    month = forms.CharField(
        label="Mois du relevé",
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text="Pour les lignes qui ne disent pas leur mois.",
    )
    file = forms.FileField(
        label="Relevé (XLSX, ODS ou CSV)",
        help_text="Une ligne de titres, puis une ligne par personne. 10 Mo, 5 000 lignes et 60 colonnes au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )

    def __init__(self, *args, territories, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset, self.fields["company"].queryset = territories, companies

    def clean_month(self):
        month = self.cleaned_data["month"].strip()
        try:
            return f"{grid.parse_month(month):%Y-%m}" if month else ""
        except ValueError as error:
            raise forms.ValidationError(NO_MONTH) from error


class StatementColumnsForm(ColumnsForm):
    """Which column of the statement is what."""

    labels, required = LABELS, ("hours",)


class AllotmentForm(forms.Form):
    """Hours of each contract of the person; blank is none."""

    def __init__(self, *args, contracts, **kwargs):
        super().__init__(*args, **kwargs)
        for contract in contracts:
            self.fields[f"contract-{contract.pk}"] = forms.CharField(
                label=f"Marché {contract.market.number}, lot {contract.lot.number} – {contract.job_title}",
                required=False,
                max_length=12,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    def clean(self):
        data = super().clean()
        for name, text in list(data.items()):
            try:
                data[name] = french.parse_hours(text) if text else Decimal(0)
            except ValueError as error:
                self.add_error(name, str(error))
        return data

    def shares(self):
        """{contract id: hours} as `services.allotments.allot` wants it."""
        return {int(name.partition("-")[2]): hours for name, hours in self.cleaned_data.items()}
