"""Which year, and where: the filters of the tables of a year."""

from django import forms

from facilitators.models import Territory

YEARS = 6


class YearForm(forms.Form):
    """`annee`: a civil year, the last whole one failing that; `territoire`: one of those the reader follows, or all."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False)
    territoire = forms.ModelChoiceField(
        Territory.objects.none(), label="Territoire", required=False, empty_label="Tous les miens"
    )

    def __init__(self, data, *, today, territories=None, first_label=""):
        self.first = None if first_label else today.year - 1
        super().__init__({"annee": self.first or "", **data.dict()})
        years = [(year, str(year)) for year in range(today.year, today.year - YEARS, -1)]
        self.fields["annee"].choices = ([("", first_label)] if first_label else []) + years
        if territories is None:
            del self.fields["territoire"]
        else:
            self.fields["territoire"].queryset = territories

    def year(self):
        """The year asked for; an absurd one is the last whole year or, with a first label, no year at all."""
        self.is_valid()
        return self.cleaned_data.get("annee") or self.first

    def territory(self):
        """The territory asked for, or None; one that is not the reader's is none."""
        self.is_valid()
        return self.cleaned_data.get("territoire")
