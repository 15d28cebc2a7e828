"""What is typed to have a program told of events."""

from django import forms

from facilitators.enums import WebhookEvent
from facilitators.models import Structure


class WebhookForm(forms.Form):
    """`structures`: those the person may answer for."""

    structure = forms.ModelChoiceField(Structure.objects.none(), label="Structure")
    label = forms.CharField(label="Logiciel", max_length=60, help_text="Par exemple : logiciel de suivi de la MDE.")
    url = forms.URLField(
        label="Adresse à prévenir",
        max_length=300,
        assume_scheme="https",
        help_text="Donnée par l’éditeur du logiciel ; elle commence par « https:// ».",
    )
    events = forms.MultipleChoiceField(
        label="Événements", choices=WebhookEvent, widget=forms.CheckboxSelectMultiple, initial=WebhookEvent.values
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        if len(structures) == 1:
            self.initial["structure"] = structures[0]
