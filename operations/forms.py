from django import forms

from clauses_portal.core.comboboxes import SearchSelect
from clauses_portal.core.forms import DateField, SectionedForm, SeenForm
from operations.models import Milestone, Operation


class OperationForm(SeenForm, SectionedForm, forms.ModelForm):
    sections = (
        ("Identité", ("reference", "title", "directorate", "officer", "description")),
        ("Lieu", ("communes", "address")),
        (
            "Calendrier et financements",
            ("planned_start", "planned_end", "npnru", "funding_period", "declares_participants"),
        ),
    )

    class Meta:
        model = Operation
        fields = [
            "reference",
            "title",
            "directorate",
            "officer",
            "communes",
            "address",
            "description",
            "planned_start",
            "planned_end",
            "npnru",
            "funding_period",
            "declares_participants",
        ]
        field_classes = {"planned_start": DateField, "planned_end": DateField}
        widgets = {
            "communes": SearchSelect(
                search="facilitators:commune_search", placeholder="Une commune ou un code postal", attrs={"size": 8}
            ),
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "communes": "Une ou plusieurs : elles situent l’opération dans un territoire.",
            "officer": "Nom de la personne qui suit l’opération dans sa direction.",
        }

    def __init__(self, *args, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["directorate"].queryset = directorates


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ["kind", "planned_on", "done_on"]
        field_classes = {"planned_on": DateField, "done_on": DateField}
