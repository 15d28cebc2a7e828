from django import forms

from clauses_portal.accounts.models import User
from clauses_portal.core.forms import DateField
from facilitators.enums import Role
from facilitators.models import Convention, Directorate, Territory


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "phone", "job_title"]

    def clean_email(self):
        """Refused here, so that the column and the constraint behind it do not say the same thing twice."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("Cette adresse est déjà utilisée.")
        return email


class ContactForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["phone", "job_title"]
        help_texts = {
            "phone": "Imprimé dans les pièces des marchés dont vous êtes l’interlocuteur.",
            "job_title": "Par exemple : facilitatrice des clauses sociales.",
        }


class MembershipForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=Role)
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", required=False, help_text="Pour un facilitateur."
    )
    directorate = forms.ModelChoiceField(
        Directorate.objects.filter(is_open=True),
        label="Direction",
        required=False,
        help_text="Pour une direction opérationnelle.",
    )
    valid_until = DateField(label="Valable jusqu’au", required=False)


class ConventionForm(forms.ModelForm):
    class Meta:
        model = Convention
        fields = ["structure", "reference", "territories", "signed_on", "duration_months", "notice_given_on"]
        field_classes = {"signed_on": DateField, "notice_given_on": DateField}
        widgets = {"territories": forms.CheckboxSelectMultiple()}
        help_texts = {"notice_given_on": "Le préavis met fin à la convention trois mois plus tard."}


class DirectorateForm(forms.ModelForm):
    class Meta:
        model = Directorate
        fields = ["code", "name", "is_open"]
