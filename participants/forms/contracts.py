from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField, SeenForm
from clauses_portal.core.validators import validate_siret
from markets.enums import EmployerKind
from participants.enums import LASTING_CONTRACTS, ContractType, EndReason, Modality
from participants.models import EmploymentContract
from participants.services.employers import LENDERS

LENDER_CHOICES = [
    ("", "Déjà connue du portail"),
    *((kind.value, kind.label) for kind in EmployerKind if kind in LENDERS),
]
TERMS = ["modality", "contract_type", "job_title", "rome_code", "starts_on", "ends_on", "weekly_hours"]
# The text fields that say which companies: what the services call `parties`.
PARTIES = ("employer_siret", "host_siret", "lender_kind")


class SiretField(forms.CharField):
    """A SIRET, its spaces taken away; empty for the company of the lot."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value):
        siret = "".join(super().clean(value).split())
        if siret:
            validate_siret(siret)
        return siret


class ContractTermsForm(forms.ModelForm):
    """The terms of a contract whose person and award are known; `parties()` goes with it to the service."""

    employer_siret = SiretField(
        label="SIRET de l’employeur",
        help_text="Seulement s’il diffère de l’entreprise du lot (mise à disposition, sous-traitance).",
    )
    lender_kind = forms.ChoiceField(
        label="Nature du prêteur",
        choices=LENDER_CHOICES,
        required=False,
        help_text="Pour une mise à disposition, quand l’employeur est nouveau.",
    )
    host_siret = SiretField(
        label="SIRET de l’entreprise utilisatrice",
        help_text="Pour une mise à disposition : laissez vide si la personne travaille pour l’entreprise du lot.",
    )
    weekly_hours = FrenchDecimalField(
        label="Heures par semaine", required=False, max_digits=4, decimal_places=2, help_text="48 h au plus."
    )

    class Meta:
        model = EmploymentContract
        fields = [*TERMS, "already_in_post"]
        field_classes = {"starts_on": DateField, "ends_on": DateField}
        help_texts = {
            "already_in_post": "Reprise du personnel sortant (propreté, sécurité, restauration) : "
            "ce n’est pas une embauche nouvelle.",
        }

    field_order = [
        "participant",
        "award",
        "modality",
        "employer_siret",
        "lender_kind",
        "host_siret",
        *TERMS[1:],
        "already_in_post",
    ]

    def clean_rome_code(self):
        return self.cleaned_data["rome_code"].strip().upper()

    def parties(self):
        """What the service needs to know of the companies."""
        return {name: self.cleaned_data[name] for name in PARTIES}


class ContractForm(ContractTermsForm):
    """A contract from scratch. `persons`: those one may choose; `lot`: its companies."""

    class Meta(ContractTermsForm.Meta):
        fields = ["participant", "award", *ContractTermsForm.Meta.fields]

    def __init__(self, *args, lot, persons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = persons
        self.fields["award"].queryset = lot.awards.live().select_related("company")
        self.fields["award"].label = "Entreprise du lot"


class EditContractForm(SeenForm, ContractTermsForm):
    """The terms again. An empty SIRET goes back to the company of the lot."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contract, company = self.instance, self.instance.award.company
        self.home = company.siret
        if contract.employer_id != company.pk:
            self.initial["employer_siret"] = contract.employer.siret
        if contract.host_id and contract.host_id != company.pk:
            self.initial["host_siret"] = contract.host.siret

    def parties(self):
        data = super().parties()
        host = data["host_siret"] or (self.home if self.cleaned_data["modality"] == Modality.SECONDMENT else "")
        return data | {"employer_siret": data["employer_siret"] or self.home, "host_siret": host}


class EndContractForm(forms.Form):
    ends_on = DateField(label="Dernier jour")
    end_reason = forms.ChoiceField(label="Motif de fin", choices=EndReason)


class ConversionForm(forms.Form):
    """A lasting contract that follows. `companies`: who may sign it."""

    on = DateField(label="Premier jour du contrat durable", help_text="Le contrat en cours se termine la veille.")
    employer = forms.ModelChoiceField(label="Employeur", queryset=None, empty_label="Choisissez")
    contract_type = forms.ChoiceField(
        label="Type de contrat",
        choices=[(kind.value, kind.label) for kind in ContractType if kind in LASTING_CONTRACTS],
    )

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = companies
