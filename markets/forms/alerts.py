from django import forms

from clauses_portal.core.forms import DateField
from markets.models import Alert

AT_WORK = "La chargée de mission reçoit aussitôt un courriel quand l’alerte est critique."


def text_area(label, rows, **options):
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class AlertForm(forms.ModelForm):
    """An event on a lot. `companies`: those of the place; `people`: who may be told."""

    recipients = forms.ModelMultipleChoiceField(
        label="Destinataires",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un destinataire."},
    )

    class Meta:
        model = Alert
        fields = ["category", "severity", "company", "description", "due_on", "recipients"]
        field_classes = {"due_on": DateField}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"severity": AT_WORK}

    def __init__(self, *args, companies, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = companies
        self.fields["company"].empty_label = "Aucune en particulier"
        self.fields["recipients"].queryset = people

    def choice(self):
        """What `raise_alert` takes."""
        return self.cleaned_data


class PlaceForm(forms.Form):
    """The territory of an event that no lot bounds."""

    territory = forms.ModelChoiceField(label="Territoire", queryset=None, empty_label="Choisissez")
    company = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories


class AnswerAlertForm(forms.Form):
    answer = text_area("Réponse du maître d’ouvrage", 5)


class CloseAlertForm(forms.Form):
    """What was done; the answer of the maître d’ouvrage says it already when there is one."""

    answer = text_area("Suite donnée", 3)

    def __init__(self, *args, is_answered=False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_answered:
            self.fields["answer"].required = False
            self.fields["answer"].help_text = "Facultative : la réponse du maître d’ouvrage reste au dossier."
