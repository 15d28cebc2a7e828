from django import forms
from django.utils import timezone

from clauses_portal.core.forms import DateField, FrenchDecimalField
from markets.enums import PenaltyBasis, PenaltyOutcome

DAYS_TO_ANSWER = 15  # working days, unless the market says otherwise
EUROS = {"min_value": 0, "max_digits": 12, "decimal_places": 2}


def text_area(label, rows, most, **options):
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class TariffForm(forms.Form):
    """What a breach is counted on, as the documents of the market say it."""

    basis = forms.ChoiceField(label="Assiette", choices=PenaltyBasis)
    tariff = FrenchDecimalField(
        label="Tarif (€) ou multiple",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text="50 pour 50 € ; 4 pour quatre fois le plafond horaire ou le SMIC.",
    )
    found_on = DateField(label="Constaté le", help_text="Le plafond horaire et le SMIC sont ceux de ce jour.")
    units = forms.IntegerField(
        label="Nombre de manquements ou de jours ouvrés",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="Pour un forfait ou des jours de retard ; vide pour des heures non réalisées.",
    )

    def figures(self):
        """What `simulate` takes, but the award."""
        data = self.cleaned_data
        return {
            "basis": data["basis"],
            "tariff": data["tariff"],
            "day": data["found_on"],
            "units": data["units"] or 0,
        }


class PenaltyProposalForm(TariffForm):
    breach = forms.CharField(label="Manquement", max_length=200)
    facts = text_area("Faits constatés", 6, 4000, help_text="Datés et vérifiables, sans nom de personne.")
    field_order = ["breach", "facts", "found_on", "basis", "tariff", "units"]


class NoticeForm(forms.Form):
    sent_on = DateField(label="Date du courrier", initial=timezone.localdate)
    working_days = forms.IntegerField(
        label="Délai de réponse (jours ouvrés)",
        min_value=1,
        max_value=120,
        initial=DAYS_TO_ANSWER,
        help_text="Celui des pièces du marché ; les jours fériés ne comptent pas.",
    )


class ObservationsForm(forms.Form):
    observed_on = DateField(label="Reçues le", initial=timezone.localdate)
    observations = text_area(
        "Observations du titulaire", 8, 8000, required=False, help_text="Vide si le délai est passé sans réponse."
    )


class PenaltyDecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="Décision", choices=PenaltyOutcome, widget=forms.RadioSelect)
    euros = FrenchDecimalField(
        label="Pénalité réduite à (€)", required=False, help_text="Pour une pénalité réduite seulement.", **EUROS
    )
    reason = text_area("Motif", 5, 4000, help_text="Il figure dans le courrier.")


class DropForm(forms.Form):
    reason = text_area("Motif de l’abandon", 4, 4000)
