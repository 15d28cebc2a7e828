"""What a company without account fills in, beside its hours: a job posting, its answer to a proposal."""

from datetime import datetime

from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField, FrenchDecimalField
from clauses_portal.core.validators import validate_one_line
from markets.models import RomeCode
from participants.enums import ReferralState, RefusalReason
from participants.models import JobPosting

OF_THE_LOT, OTHERS = "Métiers prévus sur ce lot", "Tous les métiers"
ANSWERS = [
    (ReferralState.MEETING, "Je fixe un entretien"),
    (ReferralState.HIRED, "Je recrute cette personne"),
    (ReferralState.REFUSED, "Je ne la retiens pas"),
]
# What a company may say; whether she prefers another job is the person's to tell.
R = RefusalReason
REASONS = (R.SKILLS, R.LICENCE, R.TRANSPORT, R.LANGUAGE, R.PAPERS, R.UNREACHABLE, R.ALREADY_HIRED, R.OTHER)


class DepositForm(forms.ModelForm):
    """A short job posting: the facilitator completes it with the company before it is published."""

    weekly_hours = FrenchDecimalField(label="Heures par semaine", max_digits=4, decimal_places=2, initial=35)

    class Meta:
        model = JobPosting
        fields = [
            "title",
            "rome",
            "positions",
            "contract_type",
            "weekly_hours",
            "starts_on",
            "ends_on",
            "tasks",
            "profile",
            "timetable",
            "clearances",
            "licence_required",
            "heavy_loads",
        ]
        field_classes = dict.fromkeys(("starts_on", "ends_on"), DateField)
        widgets = {"tasks": forms.Textarea(attrs={"rows": 4}), "profile": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": "Tel qu’il sera montré aux candidats, au féminin et au masculin si possible.",
            "profile": "Ce que le poste exige vraiment. Aucun critère d’âge, de sexe, d’origine ou de santé.",
        }

    def __init__(self, *args, lot, **kwargs):
        super().__init__(*args, **kwargs)
        usual = list(lot.occupations.order_by("label"))
        rest = RomeCode.objects.exclude(pk__in=[code.pk for code in usual]).order_by("label")
        groups = [(OF_THE_LOT, usual), (OTHERS, list(rest))]
        known = [(title, [(code.pk, code.label) for code in codes]) for title, codes in groups if codes]
        self.fields["rome"].choices = [("", "Choisissez un métier"), *known]


class ReferralAnswerForm(forms.Form):
    """The answer to one proposal. What it must hold besides, the service says."""

    state = forms.ChoiceField(label="Votre réponse", choices=ANSWERS, widget=forms.RadioSelect)
    day = DateField(label="Jour de l’entretien", required=False)
    hour = forms.TimeField(
        label="Heure de l’entretien", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    refusal = forms.ChoiceField(
        label="Motif, si vous ne la retenez pas",
        required=False,
        choices=[("", "Choisissez un motif"), *((reason.value, reason.label) for reason in REASONS)],
    )
    comment = forms.CharField(label="Précision", required=False, max_length=300, validators=[validate_one_line])

    def answered(self):
        """What `services.referrals.answer` wants of this form."""
        data = self.cleaned_data
        moment = None
        if data["day"] and data["hour"]:
            moment = timezone.make_aware(datetime.combine(data["day"], data["hour"]))
        told = {name: data[name] for name in ("state", "refusal", "comment")}
        return {**told, "meeting_on": moment}
