from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField, DateInput
from clauses_portal.core.validators import validate_siret
from facilitators.models import Commune
from participants.counting import usual_period
from participants.enums import EndReason
from participants.models import EligibilityCategory, EligibilityValidation, EmploymentContract, Participant


class PersonForm(forms.ModelForm):
    class Meta:
        model = Participant
        fields = [
            "territory",
            "last_name",
            "first_name",
            "birth_name",
            "birth_date",
            "sex",
            "commune",
            "address",
            "lives_in_qpv",
            "receives_rsa",
            "education_level",
            "prescriber",
        ]
        widgets = {"birth_date": DateInput()}

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        self.fields["territory"].empty_label = None
        self.fields["commune"].queryset = Commune.objects.all()


class ValidationForm(forms.ModelForm):
    """A request: category, evidence seen, period (24 months by default, domain.md §4.3)."""

    class Meta:
        model = EligibilityValidation
        fields = ["category", "evidence_dated_on", "starts_on", "ends_on"]
        field_classes = dict.fromkeys(("evidence_dated_on", "starts_on", "ends_on"), DateField)
        help_texts = {
            "evidence_dated_on": "Date du justificatif que vous avez vu ; la pièce elle-même n’est pas conservée.",
            "starts_on": "Jamais avant le jour de la décision.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["category"].queryset = EligibilityCategory.objects.in_use(today)
        if self.instance.starts_on is None:
            self.initial["starts_on"], self.initial["ends_on"] = usual_period(today)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


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
