from django import forms

from reporting.models import ExecutionProposal


class ExecutionProposalForm(forms.ModelForm):
    class Meta:
        model = ExecutionProposal
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"note": "Pour la chargée de mission, qui décide : ce texte ne figure pas sur l’attestation."}


class ExecutionRefusalForm(forms.Form):
    refusal = forms.CharField(
        label="Motif du refus",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Le facilitateur le lira. Sans nom de personne ni montant.",
    )
