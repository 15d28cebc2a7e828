"""Companies on a lot, the hours they owe, the way they leave."""

from django import forms

from clauses_portal.core.forms import DateField, SeenForm
from clauses_portal.core.validators import validate_siret
from markets.enums import AwardRole, ObjectiveKind
from markets.models import Award
from markets.services.awards import ELSEWHERE

DATES = ("notified_on", "accepted_on", "intervenes_from", "intervenes_until")
HELPS = {
    "grouping": "Pour le mandataire d’un groupement.",
    "parent": "Pour un sous-traitant, de quelque rang qu’il soit : l’entreprise qui en répond.",
    "accepted_on": "Pour un sous-traitant : date de l’acte qui l’agrée (DC4).",
    "intervenes_from": "Quand l’entreprise est présente : son avancement n’est pas attendu avant.",
}


class SiretField(forms.CharField):
    """The SIRET of a company, spaces left aside."""

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)

    def clean(self, value):
        siret = "".join(super().clean(value).split())
        validate_siret(siret)
        return siret


class SiretForm(forms.Form):
    """A company by its SIRET, with its name for when the portal does not know it yet."""

    siret = SiretField(label="SIRET de l’entreprise")
    company_name = forms.CharField(
        label="Raison sociale",
        max_length=250,
        required=False,
        help_text="Utile si l’entreprise n’est pas encore connue.",
    )


class AwardChoice(forms.ModelChoiceField):
    def label_from_instance(self, award):
        return f"{award} – {award.lot}"


class AwardForm(SiretForm, forms.ModelForm):
    class Meta:
        model = Award
        fields = ["role", "grouping", "parent", "hours_minimum", "hours_offered", *DATES]
        field_classes = dict.fromkeys(DATES, DateField)
        help_texts = HELPS

    field_order = ["siret", "company_name"]

    def __init__(self, *args, lot, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.lot = lot
        self.fields["parent"].queryset = lot.awards.live().select_related("company")

    def clean(self):
        data = super().clean()
        if data.get("role") == AwardRole.SUBCONTRACTOR and not data.get("parent"):
            self.add_error("parent", "Indiquez l’entreprise dont elle est sous-traitante.")
        return data


class AwardChangeForm(SeenForm, forms.ModelForm):
    """What may be put right or completed of a company on a lot: neither its hours nor who answers for it."""

    class Meta:
        model = Award
        fields = ["role", "grouping", *DATES]
        field_classes = dict.fromkeys(DATES, DateField)
        help_texts = HELPS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.role == AwardRole.SUBCONTRACTOR:
            del self.fields["role"], self.fields["grouping"]
        else:
            self.fields["role"].choices = [row for row in AwardRole.choices if row[0] != AwardRole.SUBCONTRACTOR]
            del self.fields["accepted_on"]


class AwardEndForm(forms.Form):
    ended_on = DateField(label="Quitte le lot le")


class CessionForm(SiretForm):
    ceded_on = DateField(label="Date d’effet de la cession")
    agreed_on = DateField(label="Accord écrit de l’acheteur du")
    hours = forms.IntegerField(
        label="Heures reprises",
        min_value=0,
        max_value=1_000_000,
        help_text="Les heures qui restent à faire, ou la part que reprend la nouvelle entreprise.",
    )
    beyond = forms.BooleanField(label="Reprendre plus d’heures qu’il n’en reste à faire", required=False)
    reason = forms.CharField(label="Motif", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class TransferForm(forms.Form):
    target = AwardChoice(label="Vers", queryset=Award.objects.none(), empty_label="Choisissez une attribution")
    hours = forms.IntegerField(label="Heures transférées", min_value=1, max_value=1_000_000)
    effective_on = DateField(label="Date d’effet")
    source_agreed_on = DateField(label="Accord écrit de l’acheteur d’origine du")
    target_agreed_on = DateField(label="Accord écrit de l’acheteur d’accueil du")
    beyond = forms.BooleanField(label="Transférer plus d’heures qu’il n’en reste à faire", required=False)
    reason = forms.CharField(label="Motif", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets


class OpeningForm(forms.Form):
    """What the company had done before the portal, told in a few figures: no name, no detail."""

    hours = forms.IntegerField(
        label="Heures déjà faites",
        min_value=1,
        max_value=1_000_000,
        help_text="En heures entières. Elles ne seront pas comptabilisées : elles sont déduites de ce qui reste dû.",
    )
    persons = forms.IntegerField(label="Personnes concernées", min_value=1, max_value=10_000)
    until = DateField(
        label="Jusqu’au", help_text="Dernier jour compris. Les heures d’après se saisissent dans le portail."
    )
    source = forms.CharField(
        label="Tenu jusque-là dans", max_length=120, help_text="Par exemple : tableur de suivi, logiciel précédent."
    )


class ObjectiveForm(forms.Form):
    """A line of the ledger. Transfers and opening balances have their own pages."""

    kind = forms.ChoiceField(label="Nature", choices=[row for row in ObjectiveKind.choices if row[0] not in ELSEWHERE])
    hours = forms.IntegerField(label="Heures (+ ou −)", min_value=-1_000_000, max_value=1_000_000)
    effective_on = DateField(label="Date d’effet")
    reason = forms.CharField(label="Motif", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
