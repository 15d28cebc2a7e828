"""The progress of the works, as somebody saw it on the site."""

from django import forms

from clauses_portal.core.forms import DateField


class ProgressForm(forms.Form):
    percent = forms.IntegerField(
        label="Avancement physique (%)",
        min_value=0,
        max_value=100,
        help_text="Part des travaux réalisés, de 0 à 100.",
    )
    observed_on = DateField(label="Constaté le", help_text="Une seconde saisie du même jour remplace la première.")
