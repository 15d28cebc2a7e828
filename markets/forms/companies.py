from django import forms

from clauses_portal.core.forms import DateField, SeenForm
from markets.enums import Insolvency
from markets.models import Company, CompanyContact, CountingRule


class CompanyForm(SeenForm, forms.ModelForm):
    """What a person checked of a company. A liquidation has a page of its own: it ends awards."""

    class Meta:
        model = Company
        fields = ["name", "kind", "size", "naf", "commune", "insolvency", "insolvency_on"]
        field_classes = {"insolvency_on": DateField}
        help_texts = {
            "naf": "Quatre chiffres et une lettre, par exemple 43.21A.",
            "insolvency": "Une liquidation s’enregistre depuis la fiche : elle met fin aux attributions.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.insolvency != Insolvency.LIQUIDATION:
            choices = [row for row in Insolvency.choices if row[0] != Insolvency.LIQUIDATION]
            self.fields["insolvency"].choices = [("", "Aucune"), *choices]


class ContactForm(SeenForm, forms.ModelForm):
    class Meta:
        model = CompanyContact
        fields = ["role", "name", "job_title", "email", "phone", "receives_reminders"]
        help_texts = {"email": "Une adresse électronique ou un téléphone, l’un des deux suffit."}


class LiquidationForm(forms.Form):
    judged_on = DateField(label="Jugement de liquidation du")


class CountingRuleForm(SeenForm, forms.ModelForm):
    class Meta:
        model = CountingRule
        fields = ["training_counts", "prehire_training_cap", "tolerance_days", "lasting_job_bonus", "qpv_required"]
