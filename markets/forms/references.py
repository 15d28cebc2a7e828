"""What the administrator edits: thresholds of the law, tariff of the penalties, legal hourly values."""

from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField
from markets.legal import ThresholdCategory
from markets.models import HourlyRate, LegalThreshold, PenaltyRule

SOURCE_HELP = "Le texte qui le fixe, par exemple un décret ou un avis au Journal officiel."


class ThresholdForm(forms.ModelForm):
    """A new value of a threshold, from a day on."""

    category = forms.ChoiceField(label="Catégorie", choices=ThresholdCategory)

    class Meta:
        model = LegalThreshold
        fields = ["category", "value", "valid_from", "source"]
        field_classes = {"value": FrenchDecimalField, "valid_from": DateField}
        help_texts = {"valid_from": "La valeur précédente prend fin la veille.", "source": SOURCE_HELP}


class ThresholdCorrectionForm(forms.ModelForm):
    class Meta:
        model = LegalThreshold
        fields = ["value", "source"]
        field_classes = {"value": FrenchDecimalField}
        help_texts = {"source": SOURCE_HELP}


class PenaltyCorrectionForm(forms.ModelForm):
    class Meta:
        model = PenaltyRule
        fields = ["breach", "basis", "value", "text", "source"]
        field_classes = {"value": FrenchDecimalField}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "value": "En euros, ou le nombre de fois le plafond horaire de la sécurité sociale.",
            "text": "Sans le chiffre : les pièces l’ajoutent d’après la valeur.",
            "source": "Le texte ou l’usage dont vient ce tarif.",
        }

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class PenaltyForm(PenaltyCorrectionForm):
    """A penalty, or its new tariff, from a day on."""

    class Meta(PenaltyCorrectionForm.Meta):
        fields = [*PenaltyCorrectionForm.Meta.fields, "valid_from"]
        field_classes = {"value": FrenchDecimalField, "valid_from": DateField}


class PenaltyEndForm(forms.Form):
    last_day = DateField(label="Dernier jour d’application")


class HourlyRateCorrectionForm(forms.ModelForm):
    class Meta:
        model = HourlyRate
        fields = ["value", "source"]
        field_classes = {"value": FrenchDecimalField}
        help_texts = {"source": SOURCE_HELP}


class HourlyRateForm(HourlyRateCorrectionForm):
    """A legal hourly value from a day on."""

    class Meta(HourlyRateCorrectionForm.Meta):
        fields = ["code", "value", "valid_from", "source"]
        field_classes = {"value": FrenchDecimalField, "valid_from": DateField}
        help_texts = {"valid_from": "La valeur précédente prend fin la veille.", "source": SOURCE_HELP}
