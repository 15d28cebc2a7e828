"""Drafts of the criteria grid."""

from django import forms

from clauses_portal.core.forms import FrenchDecimalField
from markets.enums import CriterionKind
from markets.models import CriteriaGrid, Criterion


class GridForm(forms.ModelForm):
    class Meta:
        model = CriteriaGrid
        fields = ["note"]
        help_texts = {"note": "Ce qui change et pourquoi : par exemple « plancher relevé à 200 h »."}


class CriterionForm(forms.ModelForm):
    weight = forms.IntegerField(
        label="Poids",
        required=False,
        min_value=0,
        max_value=100,
        help_text="De 1 à 100 pour un critère pondéré ; vide pour une condition.",
    )

    class Meta:
        model = Criterion
        fields = ["label", "kind", "weight", "floor", "help_text", "confidential"]
        field_classes = {"floor": FrenchDecimalField}
        widgets = {"kind": forms.RadioSelect, "help_text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "floor": "Facultatif, dans l’unité du critère : euros, mois ou heures.",
            "confidential": "Sa réponse n’est alors montrée qu’aux personnes qui voient la méthode de calcul.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = CriterionKind.choices
        self.initial["weight"] = self.instance.weight or None

    def clean_weight(self):
        return self.cleaned_data["weight"] or 0

    def clean_help_text(self):
        return " ".join(self.cleaned_data["help_text"].split())


class ArrangeForm(forms.Form):
    """The order of the lines of a draft and their weights: `rank_<id>` of each, `weight_<id>` of the weighted ones."""

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"rank_{criterion.pk}"] = _small_number("Rang", criterion, criterion.position, highest=99)
            if criterion.kind == CriterionKind.WEIGHTED:
                self.fields[f"weight_{criterion.pk}"] = _small_number("Poids", criterion, criterion.weight, highest=100)

    def rows(self):
        """[(criterion, field of its rank, field of its weight or None)]."""
        return [
            (
                criterion,
                self[f"rank_{criterion.pk}"],
                self[f"weight_{criterion.pk}"] if f"weight_{criterion.pk}" in self.fields else None,
            )
            for criterion in self.criteria
        ]

    def numbers(self, stem):
        """{criterion id: number typed} of the fields `<stem>_<id>`."""
        typed = self.cleaned_data
        names = {criterion.pk: f"{stem}_{criterion.pk}" for criterion in self.criteria}
        return {pk: typed[name] for pk, name in names.items() if name in typed}


def _small_number(word, criterion, initial, *, highest):
    label = f"{word} de « {criterion.label} »"
    widget = forms.NumberInput(attrs={"class": "form-control form-control-sm", "aria-label": label})
    sentences = dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"Un nombre de 1 à {highest}.")
    return forms.IntegerField(
        label=label, initial=initial, min_value=1, max_value=highest, widget=widget, error_messages=sentences
    )
