from django import forms

from clauses_portal.core.comboboxes import SearchInput
from clauses_portal.core.forms import DateField, FrenchDecimalField, SectionedForm, SeenForm
from markets.forms.codes import ROME, rome_labels
from markets.models import CompanyContact, RomeCode
from participants.enums import ReferralState, RefusalReason
from participants.forms.company_pages import ReferralAnswerForm
from participants.models import JobPosting, Participant

NEUTRAL = "Écrit pour tous : « (H/F) » s’ajoute s’il manque. Ni âge, ni sexe, ni origine, ni situation de famille."
STAFF_ANSWERS = [
    (ReferralState.MEETING, "Un entretien est prévu"),
    (ReferralState.HIRED, "La personne est recrutée"),
    (ReferralState.REFUSED, "L’entreprise ne la retient pas"),
    (ReferralState.DECLINED, "La personne décline"),
]


class RomeCodeField(forms.CharField):
    """One occupation, searched by its name or typed as a code, given as a `RomeCode`."""

    default_error_messages = {"unknown": "Ce code ROME n’existe pas : cherchez le métier par son nom."}

    def __init__(self, **kwargs):
        widget = SearchInput(search="markets:rome_search", labels=rome_labels, placeholder="Un métier ou un code")
        super().__init__(max_length=20, widget=widget, **kwargs)

    def prepare_value(self, value):
        return getattr(value, "pk", value)

    def clean(self, value):
        code = super().clean(value).upper()
        row = RomeCode.objects.filter(pk=code).first() if ROME.fullmatch(code) else None
        if row is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return row


class PostingForm(SectionedForm, SeenForm, forms.ModelForm):
    """A job posting (domain.md §9.6). `awards`: the companies of the lot; None when the posting has its own already."""

    rome = RomeCodeField(label="Métier (ROME)")
    weekly_hours = FrenchDecimalField(
        label="Heures par semaine", max_digits=4, decimal_places=2, initial=35, help_text="48 h au plus."
    )
    sections = (
        ("Le poste", ("award", "title", "rome", "positions", "tasks", "profile", "commune")),
        ("Le contrat", ("contract_type", "weekly_hours", "starts_on", "ends_on", "wage", "tutor")),
        ("Les conditions", ("timetable", "night_work", "weekend_work", "heavy_loads", "access")),
        ("Pour postuler", ("licence_required", "clearances", "resume_required", "qpv_first", "closes_on")),
    )

    class Meta:
        model = JobPosting
        fields = [
            *("award", "title", "rome", "positions", "tasks", "profile", "commune"),
            *("contract_type", "weekly_hours", "starts_on", "ends_on", "wage", "tutor"),
            *("timetable", "night_work", "weekend_work", "heavy_loads", "access"),
            *("licence_required", "clearances", "resume_required", "qpv_first", "closes_on"),
        ]
        field_classes = dict.fromkeys(("starts_on", "ends_on", "closes_on"), DateField)
        widgets = {"tasks": forms.Textarea(attrs={"rows": 5}), "profile": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": NEUTRAL,
            "profile": "Ce que le poste exige vraiment, et rien d’autre.",
            "heavy_loads": "Décrivez la contrainte du poste, jamais la santé attendue.",
            "qpv_first": "Pour les opérations de renouvellement urbain (NPNRU).",
        }

    def __init__(self, *args, awards=None, **kwargs):
        super().__init__(*args, **kwargs)
        if awards is None:
            del self.fields["award"]
        else:
            self.fields["award"].queryset = awards


class ContactOfLotField(forms.ModelChoiceField):
    def label_from_instance(self, contact):
        return f"{contact.company} – {contact}"


class AskPostingForm(forms.Form):
    """Who is asked for a posting. `contacts`: people of the companies of the lot who have an address."""

    contact = ContactOfLotField(
        label="Envoyer le lien à",
        queryset=CompanyContact.objects.none(),
        empty_label="Choisissez",
        help_text="Le courriel contient un lien réservé à l’entreprise, pour déposer ses fiches de poste sans compte.",
    )

    def __init__(self, *args, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = contacts


class ProposeForm(forms.Form):
    """Whom to propose. `candidates`: those who fit; `contacts`: people of the company who have an address."""

    participants = forms.ModelMultipleChoiceField(
        label="Personnes",
        queryset=Participant.objects.none(),
        error_messages={
            "required": "Choisissez au moins une personne.",
            "invalid_choice": "Une de ces personnes ne correspond plus au poste : rechargez la page.",
        },
    )
    contact = forms.ModelChoiceField(
        label="Envoyer le lien de réponse à",
        queryset=CompanyContact.objects.none(),
        required=False,
        empty_label="Personne : je transmets la proposition moi-même",
        help_text="Le courriel ne nomme personne : il contient un lien pour répondre.",
    )

    def __init__(self, *args, candidates, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participants"].queryset = candidates
        self.fields["contact"].queryset = contacts


class StaffAnswerForm(ReferralAnswerForm):
    """The answer of the company or of the person, typed by the facilitator."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].label = "Réponse"
        self.fields["state"].choices = STAFF_ANSWERS
        self.fields["refusal"].label = "Motif du refus"
        self.fields["refusal"].choices = [("", "Choisissez un motif"), *RefusalReason.choices]
