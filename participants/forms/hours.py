"""Forms about one month of hours: cut by day, set aside, corrected; contracts taken up again."""

from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField
from participants.enums import RejectionReason
from participants.models.hours import MOST_HOURS_A_MONTH
from participants.services.hours import BY_HAND

REASONS = [("", "Choisissez…"), *((reason.value, RejectionReason(reason).label) for reason in BY_HAND)]


class HoursField(FrenchDecimalField):
    """Hours of a month, « 7,5 »: 0 to 300, to the hundredth."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=MOST_HOURS_A_MONTH, max_digits=5, decimal_places=2, **kwargs)


class VersionedForm(forms.Form):
    """What one of two people read is compared with what is there when she saves."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SplitForm(VersionedForm):
    first_day = DateField(label="Premier jour de la seconde partie")
    before = HoursField(label="Heures faites avant ce jour")
    from_then = HoursField(label="Heures faites à partir de ce jour")


class WithholdForm(VersionedForm):
    hours = HoursField(label="Heures à écarter", help_text="0 pour ne plus rien écarter.")
    reason = forms.ChoiceField(label="Motif", choices=REASONS, required=False)

    def clean(self):
        data = super().clean()
        if data.get("hours") and not data.get("reason"):
            self.add_error("reason", "Choisissez un motif.")
        return data


class RegulariseForm(VersionedForm):
    first = DateField(label="Du", help_text="Les jours corrigés : ceux du mois, ou d’une partie d’un mois réparti.")
    last = DateField(label="Au")
    hours = HoursField(label="Total juste de ces jours", help_text="Le total qui aurait dû être déclaré, non l’écart.")
    reason = forms.CharField(label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RenewForm(forms.Form):
    """Contracts that ended, to be taken up again: a box and two dates for each."""

    def __init__(self, *args, contracts, first_days, last_day, labels, **kwargs):
        super().__init__(*args, **kwargs)
        self.contracts = contracts
        for contract in contracts:
            self.fields[f"take-{contract.pk}"] = forms.BooleanField(label=labels[contract.pk], required=False)
            self.fields[f"from-{contract.pk}"] = DateField(
                label=f"Début, {labels[contract.pk]}", required=False, initial=first_days[contract.pk]
            )
            self.fields[f"to-{contract.pk}"] = DateField(
                label=f"Fin, {labels[contract.pk]}", required=False, initial=last_day
            )

    def lines(self):
        """[(contract, box, first day, last day)] as bound fields."""
        return [(row, *(self[f"{name}-{row.pk}"] for name in ("take", "from", "to"))) for row in self.contracts]

    def taken(self):
        """[(contract, first day, last day or None)] of the boxes ticked."""
        data = self.cleaned_data
        return [(row, data[f"from-{row.pk}"], data[f"to-{row.pk}"]) for row in self.contracts if data[f"take-{row.pk}"]]

    def clean(self):
        data = super().clean()
        for row in self.contracts:
            if data.get(f"take-{row.pk}") and not data.get(f"from-{row.pk}"):
                self.add_error(f"from-{row.pk}", "Indiquez le premier jour.")
        if not any(data.get(f"take-{row.pk}") for row in self.contracts):
            raise forms.ValidationError("Cochez au moins une personne.")
        return data
