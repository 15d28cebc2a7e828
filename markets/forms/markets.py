from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField, SectionedForm, SeenForm
from markets.enums import ExecutionTerm
from markets.forms.codes import CpvField, RomeField
from markets.models import Lot, LotPhase, Market
from markets.models.financials import HIGHEST_CREDIBLE_AMOUNT

NOT_CREDIBLE = "Ce montant n’est pas crédible : entre 0,01 € et 10 milliards d’euros."


def amount_field(label, help_text="Confidentiel : visible des seules personnes habilitées."):
    return FrenchDecimalField(
        label=label,
        required=False,
        min_value=0.01,
        max_value=HIGHEST_CREDIBLE_AMOUNT,
        decimal_places=2,
        max_digits=13,
        help_text=help_text,
        error_messages={"min_value": NOT_CREDIBLE, "max_value": NOT_CREDIBLE},
    )


def dates(*names):
    return dict.fromkeys(names, DateField)


class MarketForm(SeenForm, SectionedForm, forms.ModelForm):
    """The avant-projet of a market (C6; domain.md §9.1), its amounts and its lots left to their own screens."""

    sections = (
        ("Identité", ("operation", "number", "title", "buyer_siret", "territory")),
        ("Nature et procédure", ("kind", "cpv", "procedure", "technique", "execution_terms", "defence", "volume")),
        ("Calendrier prévu", ("planned_publication_on", "planned_tenders_on", "planned_notification_on")),
        ("Exécution", ("starts_on", "ends_on", "duration_months")),
        ("Dates constatées", ("consultation_on", "notified_on")),
    )
    cpv = CpvField(label="Code CPV", help_text="8 chiffres, par exemple 45442100.")
    execution_terms = forms.MultipleChoiceField(
        label="Modalités d’exécution", choices=ExecutionTerm, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Market
        fields = [
            "operation",
            "number",
            "title",
            "buyer_siret",
            "kind",
            "cpv",
            "procedure",
            "technique",
            "execution_terms",
            "defence",
            "volume",
            "planned_publication_on",
            "planned_tenders_on",
            "planned_notification_on",
            "starts_on",
            "ends_on",
            "duration_months",
            "consultation_on",
            "notified_on",
        ]
        field_classes = dates(
            "planned_publication_on",
            "planned_tenders_on",
            "planned_notification_on",
            "starts_on",
            "ends_on",
            "consultation_on",
            "notified_on",
        )
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "volume": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "operation": "",
            "volume": "Surfaces, quantités, fréquences : ce qui dit la taille du travail, sans montant.",
            "duration_months": "Reconductions comprises, comme dans les données essentielles.",
            "consultation_on": "À remplir une fois l’avis publié.",
        }

    def __init__(self, *args, operations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].queryset = operations
        self.fields["operation"].required = True

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class NewMarketForm(MarketForm):
    """A market and its first lot, in one screen."""

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"] = forms.ModelChoiceField(
            territories, label="Territoire de référence", help_text="Celui du premier lot."
        )


class LotForm(SeenForm, SectionedForm, forms.ModelForm):
    """A lot of an avant-projet: what is done, by whom, for how long. Its amount has its own screen."""

    sections = (
        ("Identité", ("number", "title", "territory")),
        ("Métiers et qualifications", ("trade", "occupations", "qualification", "clearances", "crew_size")),
        ("Reprise de personnel", ("staff_takeover", "takeover_hours")),
        ("Durée", ("firm_months", "starts_on", "ends_on")),
    )
    occupations = RomeField(label="Métiers (ROME) que le lot emploie")
    takeover_hours = FrenchDecimalField(
        label="Heures mensuelles reprises",
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text="Heures de travail par mois des salariés à reprendre.",
    )

    class Meta:
        model = Lot
        fields = [
            "number",
            "title",
            "territory",
            "trade",
            "occupations",
            "qualification",
            "clearances",
            "crew_size",
            "staff_takeover",
            "takeover_hours",
            "firm_months",
            "starts_on",
            "ends_on",
        ]
        field_classes = dates("starts_on", "ends_on")
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "clearances": "Habilitation électrique, CACES, AIPR, travail en hauteur…",
            "crew_size": "Nombre de personnes au travail sur le lot.",
            "firm_months": "Sans les reconductions, qui s’ajoutent sur la page du lot.",
        }

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class PhaseForm(SeenForm, forms.ModelForm):
    class Meta:
        model = LotPhase
        fields = ["kind", "number", "label", "months", "planned_on"]
        field_classes = dates("planned_on")
        help_texts = {
            "months": "Obligatoire pour une reconduction.",
            "planned_on": "Date à laquelle elle sera affermie, ou non.",
        }


class LotAmountsForm(SeenForm, forms.Form):
    """The confidential amounts of a lot, on their own screen."""

    estimated_amount = amount_field("Montant estimé (€ HT)")
    awarded_amount = amount_field("Montant attribué (€ HT)")
