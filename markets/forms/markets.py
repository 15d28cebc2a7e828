from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField
from markets.models import Lot, Market
from markets.models.financials import HIGHEST_CREDIBLE_AMOUNT

NOT_CREDIBLE = "Ce montant n’est pas crédible : entre 0,01 € et 10 milliards d’euros."


def amount_field(label):
    return FrenchDecimalField(
        label=label,
        required=False,
        min_value=0.01,
        max_value=HIGHEST_CREDIBLE_AMOUNT,
        decimal_places=2,
        max_digits=13,
        help_text="Confidentiel : visible des seules personnes habilitées.",
        error_messages={"min_value": NOT_CREDIBLE, "max_value": NOT_CREDIBLE},
    )


class MarketForm(forms.ModelForm):
    class Meta:
        model = Market
        fields = [
            "operation",
            "buyer_siret",
            "number",
            "title",
            "kind",
            "procedure",
            "technique",
            "cpv",
            "consultation_on",
            "notified_on",
            "starts_on",
            "ends_on",
            "duration_months",
        ]
        field_classes = dict.fromkeys(("consultation_on", "notified_on", "starts_on", "ends_on"), DateField)
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, operations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].queryset = operations
        self.fields["operation"].required = True

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class NewMarketForm(MarketForm):
    """A market and its first lot, in one screen."""

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"] = forms.ModelChoiceField(territories, label="Territoire de référence")
        self.fields["estimated_amount"] = amount_field("Montant estimé (€ HT)")


class LotForm(forms.ModelForm):
    class Meta:
        model = Lot
        fields = ["number", "title", "territory", "starts_on", "ends_on"]
        field_classes = {"starts_on": DateField, "ends_on": DateField}
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class LotAmountsForm(forms.Form):
    """The confidential amounts of a lot, on their own screen."""

    estimated_amount = amount_field("Montant estimé (€ HT)")
    awarded_amount = amount_field("Montant attribué (€ HT)")
