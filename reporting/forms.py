from django import forms

from clauses_portal.core.active_content import inspect_picture
from clauses_portal.core.errors import DomainError
from clauses_portal.core.forms import DateField
from clauses_portal.core.periods import Quarter
from clauses_portal.core.validators import validate_plain_text
from facilitators.models import Directorate, Territory
from reporting.enums import LogoOwner, StatementKind
from reporting.models import Statement, StatementComment
from reporting.periods import kind_of
from reporting.services.branding import INSTITUTIONS, mime_of

LARGEST_LOGO = 1024 * 1024
HELP = {
    "comments": "Faits marquants, actions, difficultés. Sans nom de personne ni montant.",
    "outlook": "Recrutements et chantiers attendus.",
    "difficulties": "Ce qui a freiné les recrutements ou les parcours. Sans nom de personne ni montant.",
    "satisfaction": "Ce qu’en disent l’entreprise et les personnes. Sans nom.",
    "good_practice": "Ce qui mérite d’être repris ailleurs.",
    "opinion": "Votre appréciation de l’exécution de la clause.",
}


class NewStatementForm(forms.Form):
    """Which paper to open: its period says its kind; a territory, a direction, a market, or the whole Département."""

    period = forms.ChoiceField(label="Document et période")
    territory = forms.ModelChoiceField(Territory.objects.none(), label="Territoire", required=False)
    directorate = forms.ModelChoiceField(Directorate.objects.none(), label="Direction", required=False)
    market_number = forms.CharField(
        label="Numéro de marché",
        required=False,
        max_length=40,
        help_text="Pour un document limité à ce marché ; à lui seul, il suffit.",
    )

    def __init__(self, *args, territories, directorates, markets, periods, initial_period, may_whole, **kwargs):
        """`periods`: grouped choices; `may_whole`: an empty scope is the whole Département."""
        super().__init__(*args, **kwargs)
        self.markets, self.may_whole = markets, may_whole
        self.fields["period"].choices = periods
        self.fields["period"].initial = initial_period
        self.fields["territory"].queryset = territories
        self.fields["directorate"].queryset = directorates
        if not territories:
            del self.fields["territory"], self.fields["market_number"]
        if may_whole:
            self.fields["directorate"].empty_label = "Tout le Département (bilan annuel)"
        else:
            del self.fields["directorate"]

    def clean(self):
        data = super().clean()
        data["kind"] = kind_of(data.get("period", ""))
        number = data.get("market_number", "").strip()
        data["market"] = self._market(number) if number else None
        if data["market"]:
            data["territory"] = data["directorate"] = None
        elif not self.errors:
            self._check_scope(data)
        return data

    def _check_scope(self, data):
        """Without a market: a closing report has none other; the whole Département has its annual report alone."""
        if data["kind"] == StatementKind.CLOSING:
            self.add_error("market_number" if "market_number" in self.fields else None, "Indiquez le marché du bilan.")
        elif data.get("territory") and data.get("directorate"):
            self.add_error("directorate", "Choisissez un territoire ou une direction, pas les deux.")
        elif not (data.get("territory") or data.get("directorate")) and not self._whole(data):
            name = "territory" if "territory" in self.fields else "directorate"
            self.add_error(name, "Indiquez de quoi parle ce document.")

    def _whole(self, data):
        return self.may_whole and data["kind"] == StatementKind.ANNUAL

    def _market(self, number):
        found = list(self.markets.filter(number=number)[:2])
        if len(found) != 1:
            self.add_error("market_number", "Aucun marché de ce numéro dans vos territoires, ou plusieurs.")
            return None
        return found[0]


class DraftForm(forms.ModelForm):
    """The texts its author writes in a paper: those of its kind."""

    class Meta:
        model = Statement
        fields = list(HELP)
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in HELP}
        help_texts = HELP

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in texts}


class CommentForm(forms.ModelForm):
    class Meta:
        model = StatementComment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": "Sans nom de personne ni montant."}


class VersionForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi une nouvelle version ?",
        max_length=500,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Imprimé sur la page du document : l’erreur corrigée, la donnée arrivée depuis.",
    )


class BatchForm(forms.Form):
    """Which quarter to produce as a whole."""

    quarter = forms.ChoiceField(label="Trimestre")

    def __init__(self, *args, quarters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(str(quarter), quarter.label) for quarter in quarters]

    def clean_quarter(self):
        return Quarter.parse(self.cleaned_data["quarter"])


class LogoForm(forms.Form):
    """A logo as its owner gives it: one of the two institutions, or a structure that facilitates."""

    owner = forms.ChoiceField(label="Institution ou structure")
    image = forms.FileField(label="Image (PNG ou JPEG)", help_text="1 Mo au plus, sur fond blanc.")
    alt = forms.CharField(
        label="Texte de remplacement", max_length=150, help_text="Ce que lit une personne qui ne voit pas l’image."
    )
    valid_from = DateField(label="Valable du", help_text="Un second logo donné pour le même jour remplace le premier.")

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.structures = {f"structure-{structure.pk}": structure for structure in structures}
        institutions = [(owner.value, owner.label) for owner in INSTITUTIONS]
        self.fields["owner"].choices = institutions + [(key, str(one)) for key, one in self.structures.items()]

    def whose(self):
        """{owner, structure} of the choice made."""
        structure = self.structures.get(self.cleaned_data["owner"])
        owner = LogoOwner.STRUCTURE if structure else self.cleaned_data["owner"]
        return {"owner": owner, "structure": structure}

    def clean_image(self):
        image = self.cleaned_data["image"]
        if image.size > LARGEST_LOGO:
            raise forms.ValidationError("Fichier trop volumineux (1 Mo au plus).")
        content = image.read()
        if not mime_of(content):
            raise forms.ValidationError("Type de fichier refusé.")
        try:
            inspect_picture(None, content)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return content
