from django import forms

from clauses_portal.core.forms import DateField
from clauses_portal.core.validators import validate_siret
from participants.enums import EndReason
from participants.models import EmploymentContract


class ContractForm(forms.ModelForm):
    employer_siret = forms.CharField(
        label="SIRET de l’employeur",
        required=False,
        max_length=20,
        help_text="Seulement s’il diffère de l’entreprise du lot (mise à disposition, sous-traitance).",
    )

    class Meta:
        model = EmploymentContract
        fields = [
            "participant",
            "award",
            "modality",
            "contract_type",
            "job_title",
            "rome_code",
            "starts_on",
            "ends_on",
        ]
        field_classes = {"starts_on": DateField, "ends_on": DateField}

    def __init__(self, *args, lot, persons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = persons
        self.fields["award"].queryset = lot.awards.select_related("company")
        self.fields["award"].label = "Entreprise du lot"

    def clean_rome_code(self):
        return self.cleaned_data["rome_code"].strip().upper()

    def clean_employer_siret(self):
        siret = "".join(self.cleaned_data["employer_siret"].split())
        if siret:
            validate_siret(siret)
        return siret


class EndContractForm(forms.Form):
    ends_on = DateField(label="Dernier jour")
    end_reason = forms.ChoiceField(label="Motif de fin", choices=EndReason)
