from allauth.account.fields import PasswordField, SetPasswordField
from django import forms

from clauses_portal.accounts.models import User
from clauses_portal.core.forms import DateField
from facilitators.enums import Role
from facilitators.models import Convention, Directorate, Territory


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


class InvitationForm(MembershipForm):
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    email = forms.EmailField(label="Adresse électronique professionnelle", max_length=254)
    field_order = ("first_name", "last_name", "email")


class AcceptanceForm(forms.Form):
    """The password of an account that opens. Its name and address are those of the invitation."""

    password1 = SetPasswordField(label="Mot de passe")
    password2 = PasswordField(label="Mot de passe, encore une fois", autocomplete="new-password")

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        names = {name: getattr(invitation, name) for name in ("email", "first_name", "last_name")}
        self.fields["password1"].user = User(**names)

    def clean(self):
        data = super().clean()
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", "Vous devez saisir deux fois le même mot de passe.")
        return data


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
