"""Planning a meeting, inviting to it, writing it down."""

from datetime import datetime

from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField, SectionedForm, SeenForm
from facilitators.models import Territory
from markets.enums import Attendance, MeetingKind
from markets.forms.codes import RomeField
from markets.models import Meeting, MeetingGuest, PlannedHire

ONE_TRADE = "Indiquez un métier, et un seul : ajoutez les autres un par un."
ON_A_LOT = [MeetingKind.FIRST_SITE, MeetingKind.FOLLOW_UP]
# What concerns the companies of a lot, and nobody at a cellule opérationnelle.
ASKED = (
    "asked_job_sheets",
    "asked_terms",
    "asked_follow_up",
    "asked_lasting_jobs",
    "stated_validation_rule",
)
FOLLOWED = ("statement_day", "payroll_contact")
SAID = ("discussion", "decisions", "next_meeting_on")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class MeetingForm(SeenForm, forms.ModelForm):
    """When, where and what about. The date and the hour, those of Paris, make one moment."""

    day = DateField(label="Date")
    hour = forms.TimeField(label="Heure", widget=TimeInput)

    class Meta:
        model = Meeting
        fields = ["kind", "title", "minutes_long", "place"]
        error_messages = {"minutes_long": {"required": "Indiquez la durée prévue."}}

    field_order = ["territory", "kind", "title", "day", "hour", "minutes_long", "place"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.lot_id is None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in ON_A_LOT]
        if self.instance.begins_on:
            moment = timezone.localtime(self.instance.begins_on)
            self.initial |= {"day": moment.date(), "hour": moment.time()}

    def clean(self):
        data = super().clean()
        if data.get("day") and data.get("hour"):
            self.instance.begins_on = timezone.make_aware(datetime.combine(data["day"], data["hour"]))
        return data


class PartnersMeetingForm(MeetingForm):
    """A cellule opérationnelle, on one of the territories where one may call it."""

    territory = forms.ModelChoiceField(label="Territoire", queryset=Territory.objects.none())

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories

    def clean_territory(self):
        self.instance.territory = self.cleaned_data["territory"]
        return self.instance.territory


class RecordForm(SeenForm, SectionedForm, forms.ModelForm):
    """What happened: one field « guest_<id> » a guest, the asks of C9, what was said and decided."""

    class Meta:
        model = Meeting
        fields = [*ASKED, *FOLLOWED, *SAID]
        field_classes = {"next_meeting_on": DateField}
        widgets = {
            "discussion": forms.Textarea(attrs={"rows": 8}),
            "decisions": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "statement_day": "Jour du mois suivant, de 1 à 28, où l’entreprise remet ses heures.",
            "discussion": "Ni montant, ni mode de calcul, ni nom de participant : ce texte part aux invités.",
        }

    def __init__(self, *args, guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.guests = {f"guest_{guest.pk}": guest for guest in guests}
        for name, guest in self.guests.items():
            self.fields[name] = forms.ChoiceField(
                label=f"{guest.name} ({guest.organisation})" if guest.organisation else guest.name,
                choices=Attendance,
                initial=guest.attendance,
            )
        if self.instance.kind == MeetingKind.PARTNERS:
            for name in (*ASKED, *FOLLOWED):
                del self.fields[name]
        self.sections = (
            ("Présences", tuple(self.guests)),
            ("Demandes faites aux entreprises", ASKED),
            ("Suivi des heures", FOLLOWED),
            ("Compte rendu", SAID),
        )

    def parts(self):
        return [part for part in super().parts() if part.fields]

    @property
    def attendance(self):
        """{guest id: Attendance} as typed."""
        return {guest.pk: self.cleaned_data[name] for name, guest in self.guests.items()}


class GuestForm(forms.ModelForm):
    class Meta:
        model = MeetingGuest
        fields = ["kind", "name", "organisation", "email", "company"]
        help_texts = {"email": "Sans adresse, la personne figure sur la feuille d’émargement et n’est pas invitée."}

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        if companies:
            self.fields["company"].queryset = companies
            self.fields["company"].help_text = "Pour une personne d’une entreprise du lot."
        else:
            del self.fields["company"]


class HireForm(forms.ModelForm):
    """What a company announces: a trade, how many, from when."""

    trade = RomeField(label="Métier")

    class Meta:
        model = PlannedHire
        fields = ["number", "starts_on"]
        field_classes = {"starts_on": DateField}

    field_order = ["trade", "number", "starts_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].required = True
        self.fields["trade"].help_text = "Un seul métier, par son nom ou son code ROME, par exemple F1703."

    def clean_trade(self):
        trades = self.cleaned_data["trade"]
        if len(trades) != 1:
            raise forms.ValidationError(ONE_TRADE)
        self.instance.rome = trades[0]
        return trades
