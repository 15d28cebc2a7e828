from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField, SectionedForm, SeenForm
from participants.counting import usual_period
from participants.enums import ExtensionReason
from participants.models import EligibilityCategory, EligibilityValidation

DATES = ("evidence_dated_on", "iae_ends_on", "starts_on", "ends_on")
REASON_HELP = "Des faits, jamais d’information sur la santé, la famille ou la justice."


def reason_field(label="Motif", **kwargs):
    return forms.CharField(label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class ValidationForm(SeenForm, SectionedForm, forms.ModelForm):
    """A request: category, evidence seen, period (24 months by default, domain.md §4.3)."""

    sections = (
        ("Catégorie et justificatif", ("category", "lot", "evidence_kind", "evidence_dated_on")),
        ("Salarié d’une structure d’insertion", ("iae_number", "iae_ends_on")),
        ("Avis motivé", ("opinion_from", "opinion")),
        ("Période demandée", ("starts_on", "ends_on", "tie_declared")),
    )

    class Meta:
        model = EligibilityValidation
        fields = ["category", "lot", "evidence_kind", "evidence_dated_on", "iae_number", "iae_ends_on"]
        fields += ["opinion_from", "opinion", "starts_on", "ends_on", "tie_declared"]
        field_classes = dict.fromkeys(DATES, DateField)
        widgets = {"opinion": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "evidence_kind": "La pièce que vous avez vue : elle n’est pas conservée.",
            "evidence_dated_on": "Sa date. Son âge se compte au jour de la décision.",
            "iae_number": "À défaut de PASS IAE, indiquez l’attestation de la structure et sa date ci-dessus.",
            "opinion_from": "Structure et interlocuteur.",
            "opinion": f"Pour la catégorie « Avis motivé ». {REASON_HELP}",
            "starts_on": "Le facilitateur fixera le premier jour : jamais avant sa décision.",
            "tie_declared": "La personne a un lien de famille ou d’intérêt avec l’entreprise : dit au décideur.",
        }

    def __init__(self, *args, lots, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["lot"].queryset = lots
        self.fields["lot"].empty_label = "Aucun : la validation est générale"
        categories = EligibilityCategory.objects.in_use(today)
        if self.instance.category_id:  # a request in progress keeps the category it was made with
            categories = categories | EligibilityCategory.objects.filter(pk=self.instance.category_id)
        self.fields["category"].queryset = categories
        if self.instance.starts_on is None:
            self.initial["starts_on"], self.initial["ends_on"] = usual_period(today)


class GrantForm(forms.Form):
    """The decision: the period, and the reason when one is due."""

    starts_on = DateField(label="Valable du")
    ends_on = DateField(label="Valable jusqu’au")
    extension_reason = forms.ChoiceField(
        label="Prolongation au-delà de 24 mois", required=False, choices=[("", "Non"), *ExtensionReason.choices]
    )
    reason = reason_field(
        "Motif", required=False, help_text="Demandé pour une prolongation ou une prise d’effet dans le passé."
    )


class ExtendForm(forms.Form):
    ends_on = DateField(label="Nouvelle fin")
    reason_kind = forms.ChoiceField(label="Motif de prolongation", choices=ExtensionReason)
    reason = reason_field("Précision", help_text=REASON_HELP)


class RevokeForm(forms.Form):
    from_day = DateField(
        label="Révoquer à compter du", required=False, help_text="Vide : toute la validation, depuis son premier jour."
    )
    reason = reason_field(help_text=REASON_HELP)


class MissingForm(forms.Form):
    missing = reason_field("Pièces manquantes", help_text="Une pièce par ligne.")


class ReasonForm(forms.Form):
    reason = reason_field(help_text=REASON_HELP)
