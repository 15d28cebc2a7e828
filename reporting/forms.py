from django import forms

from clauses_portal.core.forms import DateInput
from clauses_portal.core.periods import Quarter
from facilitators.models import Territory
from reporting.enums import LogoOwner
from reporting.models import Statement
from reporting.services.branding import mime_of

PAST_QUARTERS = 8
LARGEST_LOGO = 1024 * 1024


class NewStatementForm(forms.Form):
    """Which statement to open: a territory, or one of its markets, and a quarter."""

    territory = forms.ModelChoiceField(Territory.objects.none(), label="Territoire")
    quarter = forms.ChoiceField(label="Trimestre")
    market_number = forms.CharField(
        label="Numéro de marché",
        required=False,
        max_length=40,
        help_text="Facultatif : pour un état limité à ce marché.",
    )

    def __init__(self, *args, territories, markets, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.markets = markets
        self.fields["territory"].queryset = territories
        quarters = [Quarter.of(today)]
        for _ in range(PAST_QUARTERS):
            quarters.append(quarters[-1].previous)
        self.fields["quarter"].choices = [(str(quarter), quarter.label) for quarter in quarters]
        self.fields["quarter"].initial = str(quarters[1])

    def clean(self):
        data = super().clean()
        number = data.get("market_number", "").strip()
        data["market"] = self._market(number) if number else None
        return data

    def _market(self, number):
        found = list(self.markets.filter(number=number)[:2])
        if len(found) != 1:
            self.add_error("market_number", "Aucun marché de ce numéro dans vos territoires, ou plusieurs.")
            return None
        return found[0]


class DraftForm(forms.ModelForm):
    class Meta:
        model = Statement
        fields = ["comments", "outlook"]
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("comments", "outlook")}
        help_texts = {
            "comments": "Faits marquants, actions, difficultés. Sans nom de personne ni montant.",
            "outlook": "Recrutements et chantiers attendus.",
        }


class LogoForm(forms.Form):
    """A logo as its owner gives it."""

    owner = forms.ChoiceField(label="Institution", choices=LogoOwner)
    image = forms.FileField(label="Image (PNG ou JPEG)", help_text="1 Mo au plus, sur fond blanc.")
    alt = forms.CharField(
        label="Texte de remplacement", max_length=150, help_text="Ce que lit une personne qui ne voit pas l’image."
    )
    valid_from = forms.DateField(label="Valable du", widget=DateInput())

    def clean_image(self):
        image = self.cleaned_data["image"]
        if image.size > LARGEST_LOGO:
            raise forms.ValidationError("Fichier trop volumineux (1 Mo au plus).")
        content = image.read()
        if not mime_of(content):
            raise forms.ValidationError("Type de fichier refusé.")
        return content
