from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField
from participants.counting import usual_period
from participants.models import EligibilityCategory, EligibilityValidation


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
