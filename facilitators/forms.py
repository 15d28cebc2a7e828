from django import forms

from clauses_portal.accounts.models import User
from clauses_portal.core.forms import DateInput
from facilitators.enums import Role
from facilitators.models import Directorate, Territory


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()


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
    valid_until = forms.DateField(label="Valable jusqu’au", required=False, widget=DateInput())
