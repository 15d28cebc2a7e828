from django import forms
from django.contrib.auth import get_user_model

ACCOUNTS = get_user_model().objects.none()


class ReferentForm(forms.Form):
    referent = forms.ModelChoiceField(ACCOUNTS, label="Référent")
    substitute = forms.ModelChoiceField(
        ACCOUNTS, label="Suppléant", required=False, help_text="Imprimé à côté du référent dans les pièces du marché."
    )
    reason = forms.CharField(label="Motif du changement", required=False, max_length=200)
    whole_operation = forms.BooleanField(label="Pour tous les lots de l’opération dans ce territoire", required=False)

    def __init__(self, *args, people, in_operation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["referent"].queryset = self.fields["substitute"].queryset = people
        if not in_operation:
            del self.fields["whole_operation"]


class TransferForm(forms.Form):
    leaver = forms.ModelChoiceField(ACCOUNTS, label="Qui part", help_text="Référent ou suppléant de lots en cours.")
    successor = forms.ModelChoiceField(ACCOUNTS, label="Qui reprend")
    reason = forms.CharField(label="Motif", max_length=200, initial="Départ")

    def __init__(self, *args, leavers, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leaver"].queryset, self.fields["successor"].queryset = leavers, successors
