from django import forms

from clauses_portal.core.forms import DateField
from operations.models import Milestone, Operation


class OperationForm(forms.ModelForm):
    class Meta:
        model = Operation
        fields = [
            "reference",
            "title",
            "directorate",
            "communes",
            "description",
            "planned_start",
            "planned_end",
            "npnru",
            "funding_period",
        ]
        field_classes = {"planned_start": DateField, "planned_end": DateField}
        widgets = {
            "communes": forms.SelectMultiple(attrs={"size": 8}),
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"communes": "Une ou plusieurs (Ctrl ou ⌘ pour en choisir plusieurs)."}

    def __init__(self, *args, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["directorate"].queryset = directorates


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ["kind", "planned_on", "done_on"]
        field_classes = {"planned_on": DateField, "done_on": DateField}
