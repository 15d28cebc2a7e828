"""The form of a new key of access."""

from django import forms

from facilitators.access_keys import MOST_DAYS
from facilitators.enums import KeyScope


class AccessKeyForm(forms.Form):
    """Asked of who creates a key: `structures` she answers for, `scopes` she may give in this direction."""

    structure = forms.ModelChoiceField(None, label="Structure")
    label = forms.CharField(
        label="Logiciel",
        max_length=60,
        help_text="Son nom et, s’il y en a plusieurs, son usage\u00a0: vous le verrez dans la liste.",
    )
    scopes = forms.MultipleChoiceField(
        label="Ce que la clé permet",
        widget=forms.CheckboxSelectMultiple,
        help_text="Le strict nécessaire\u00a0: une clé ne se modifie pas, elle se remplace. Jamais un montant.",
    )
    days = forms.IntegerField(
        label="Durée (jours)", min_value=1, max_value=MOST_DAYS, initial=MOST_DAYS, help_text="Un an au plus."
    )
    networks = forms.CharField(
        label="Adresses autorisées",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Adresses ou réseaux du logiciel, un par ligne (192.0.2.10 ou 192.0.2.0/24). Vide\u00a0: toutes.",
    )

    def __init__(self, *args, structures, scopes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        if len(structures) == 1:
            self.fields["structure"].initial = structures[0]
        self.fields["scopes"].choices = [(value, KeyScope(value).label) for value in scopes]

    def clean_networks(self):
        """The lines that say something."""
        return self.cleaned_data["networks"].split()
