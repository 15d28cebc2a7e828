from django import forms

from clauses_portal.core.forms import DateField
from markets.models import BidderQuestion


class QuestionForm(forms.ModelForm):
    class Meta:
        model = BidderQuestion
        fields = ["asked_on", "company", "question"]
        field_classes = {"asked_on": DateField}
        widgets = {"question": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"company": "Reste au dossier : jamais publiée, les candidats ne doivent pas se connaître."}


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Réponse",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="La même pour toutes, par le profil d’acheteur. Ni nom, ni montant, ni mode de calcul.",
    )
