from django import forms

from clauses_portal.core.forms import DateField
from clauses_portal.core.validators import validate_siret
from markets.enums import AwardRole, ObjectiveKind
from markets.models import Award


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
