from django import forms

from clauses_portal.core.forms import DateField
from participants.models import EligibilityCategory


class CategoryCorrectionForm(forms.ModelForm):
    class Meta:
        model = EligibilityCategory
        fields = ["label", "requirement", "evidence", "evidence_months", "source"]
        help_texts = {
            "evidence_months": "Vide : l’âge de la pièce ne compte pas, elle doit seulement être valable.",
            "source": "Le texte qui ouvre cette catégorie.",
        }


class CategoryVersionForm(CategoryCorrectionForm):
    """A category as it will be from a day on."""

    class Meta(CategoryCorrectionForm.Meta):
        fields = [*CategoryCorrectionForm.Meta.fields, "valid_from"]
        field_classes = {"valid_from": DateField}
        help_texts = CategoryCorrectionForm.Meta.help_texts | {
            "valid_from": "La version précédente prend fin la veille."
        }


class CategoryForm(CategoryVersionForm):
    class Meta(CategoryVersionForm.Meta):
        fields = ["code", *CategoryVersionForm.Meta.fields]
        help_texts = CategoryCorrectionForm.Meta.help_texts | {"code": "Court et stable : RSA, QPV…"}


class CategoryEndForm(forms.Form):
    last_day = DateField(label="Dernier jour où l’on peut la choisir")
