from django import forms

from clauses_portal.core.forms import DateField
from participants.enums import DataRequestOutcome, HoldKind
from participants.models import DataRequest

NO_HEALTH = "Seulement ce qui sert à répondre : jamais d’information sur la santé, la famille ou la justice."


class DataRequestForm(forms.ModelForm):
    """A request of somebody who has a file."""

    class Meta:
        model = DataRequest
        fields = ["kind", "received_on", "identity_checked", "details"]
        field_classes = {"received_on": DateField}
        widgets = {"details": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "received_on": "Le délai d’un mois part de ce jour.",
            "identity_checked": "Pièce vue, ou personne connue de vous. Ne gardez pas de copie de la pièce.",
            "details": NO_HEALTH,
        }


class StrangerRequestForm(DataRequestForm):
    """A request of somebody of whom no file was found."""

    class Meta(DataRequestForm.Meta):
        fields = ["territory", "requester", *DataRequestForm.Meta.fields]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        self.fields["territory"].empty_label = None
        self.fields["requester"].required = True


class ExtensionForm(forms.Form):
    reason = forms.CharField(
        label="Motif de la prolongation",
        max_length=300,
        help_text="Complexité ou nombre des demandes. La personne doit en être informée dans le premier mois.",
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label="Suite", choices=DataRequestOutcome)
    answer = forms.CharField(
        label="Réponse donnée à la personne",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Un refus dit pourquoi, et que la personne peut saisir la CNIL.",
    )


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label="Nature", choices=HoldKind)
    reason = forms.CharField(label="Motif", max_length=300, help_text="Référence du contentieux ou de l’opération.")
    until = DateField(label="Jusqu’au", required=False, help_text="Obligatoire pour un contrôle européen.")


class AnonymiseForm(forms.Form):
    reason = forms.CharField(label="Motif", max_length=300, help_text="Par exemple : demande d’effacement acceptée.")
    sure = forms.BooleanField(
        label="J’ai compris que personne ne pourra retrouver l’identité de cette personne dans le portail."
    )
