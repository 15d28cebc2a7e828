from decimal import Decimal

from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField, PercentField
from clauses_portal.core.validators import validate_siret
from markets import calibration
from markets.enums import AwardRole, ClauseOutcome, LegalBasis, ObjectiveKind
from markets.models import Alert, Award

ABOVE_ZERO = "Indiquez un montant supérieur à zéro."


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="Décision", choices=ClauseOutcome, widget=forms.RadioSelect)
    legal_basis = forms.ChoiceField(
        label="Fondement juridique", choices=[("", "—"), *LegalBasis.choices], required=False
    )
    reason = forms.CharField(label="Motif", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    # Comes from the list « À instruire », where one goes back once decided.
    next_queue = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if data.get("outcome") == ClauseOutcome.CLAUSE and not data.get("legal_basis"):
            self.add_error("legal_basis", "Indiquez le fondement juridique de la clause.")
        if data.get("outcome") == ClauseOutcome.NO_CLAUSE and not data.get("reason", "").strip():
            self.add_error("reason", "Indiquez pourquoi ce lot n’a pas de clause.")
        return data


class ProposalForm(forms.Form):
    """Parameters of the standard formula. Confidential: this form has its own screen."""

    amount = FrenchDecimalField(
        label="Montant du lot (€ HT)",
        min_value=Decimal("0.01"),
        max_digits=13,
        decimal_places=2,
        error_messages={"min_value": ABOVE_ZERO},
    )
    labour_share = PercentField(label="Part de main-d’œuvre (%)")
    insertion_rate = PercentField(label="Taux d’insertion (%)")
    hourly_cost = FrenchDecimalField(
        label="Coût horaire chargé (€)",
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        error_messages={"min_value": ABOVE_ZERO},
    )
    rounding = forms.ChoiceField(label="Arrondi", choices=list(calibration.ROUNDINGS.items()), initial="nearest")


class RetainForm(forms.Form):
    hours = forms.IntegerField(label="Heures retenues", min_value=1, max_value=1_000_000)
    gap_reason = forms.CharField(
        label="Motif de l’écart",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Obligatoire si les heures retenues diffèrent des heures proposées.",
    )


class AwardForm(forms.ModelForm):
    siret = forms.CharField(label="SIRET de l’entreprise", max_length=20)
    company_name = forms.CharField(
        label="Raison sociale",
        max_length=250,
        required=False,
        help_text="Utile si l’entreprise n’est pas encore connue.",
    )

    class Meta:
        model = Award
        fields = ["role", "parent", "hours_minimum", "hours_offered", "notified_on"]
        field_classes = {"notified_on": DateField}

    field_order = ["siret", "company_name"]

    def __init__(self, *args, lot, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.lot = lot
        self.fields["parent"].queryset = lot.awards.principal().select_related("company")
        self.fields["parent"].help_text = "Pour un sous-traitant : l’entreprise qui en répond."

    def clean_siret(self):
        siret = "".join(self.cleaned_data["siret"].split())
        validate_siret(siret)
        return siret

    def clean(self):
        data = super().clean()
        if data.get("role") == AwardRole.SUBCONTRACTOR and not data.get("parent"):
            self.add_error("parent", "Indiquez l’entreprise dont elle est sous-traitante.")
        return data


class ObjectiveForm(forms.Form):
    kind = forms.ChoiceField(label="Nature", choices=ObjectiveKind)
    hours = forms.IntegerField(label="Heures (+ ou −)", min_value=-1_000_000, max_value=1_000_000)
    effective_on = DateField(label="Date d’effet")
    reason = forms.CharField(label="Motif", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class AlertForm(forms.ModelForm):
    class Meta:
        model = Alert
        fields = ["category", "severity", "description", "due_on"]
        field_classes = {"due_on": DateField}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


class CloseAlertForm(forms.Form):
    answer = forms.CharField(label="Suite donnée", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
