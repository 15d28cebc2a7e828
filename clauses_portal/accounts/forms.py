"""What one types to prove who one is."""

import json

from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.exceptions import ValidationError

from clauses_portal.accounts import second_factor
from clauses_portal.accounts.mfa_adapter import WRONG_CODE, WRONG_PASSKEY
from clauses_portal.core.errors import TOO_MANY
from clauses_portal.core.strict_json import read_json
from clauses_portal.core.validators import validate_one_line

LARGEST_CREDENTIAL = 20_000  # characters
# What a credential that no browser made raises while it is read.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def code_field(label, help_text):
    attributes = {"autocomplete": "one-time-code", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, max_length=40, widget=forms.TextInput(attrs=attributes))


class CredentialField(forms.CharField):
    """What a device answered, as JSON: read as what comes from outside is, and never shown again."""

    widget = forms.HiddenInput
    default_error_messages = {"required": WRONG_PASSKEY}

    def clean(self, value):
        """The answer (dict). Raises ValidationError."""
        try:
            credential = read_json(super().clean(value).encode())
            json.dumps(credential)  # it is kept as JSON: a fraction, which no device sends, would not be
        except (ValueError, TypeError) as error:  # halves of characters included
            raise ValidationError(WRONG_PASSKEY) from error
        if not isinstance(credential, dict):
            raise ValidationError(WRONG_PASSKEY)
        return credential

    def bound_data(self, data, initial):
        return ""


class SecondFactorForm(forms.Form):
    """The code of the application, or one of the recovery codes. Five wrong ones a quarter of an hour (A20)."""

    code = code_field("Code", "Celui de votre application, ou l’un de vos codes de secours.")
    reauthenticated = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        limit = {"app": "allauth.mfa", "action": "code", "key": f"code-{self.user.pk}"}
        if not ratelimit.consume(context.request, **limit):
            raise ValidationError(TOO_MANY, code="too_many")
        self.authenticator = second_factor.spend_code(self.user, self.cleaned_data["code"])
        if self.authenticator is None:
            second_factor.note_wrong_code(context.request, self.user)
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        ratelimit.clear(context.request, **limit)
        return self.cleaned_data["code"]

    def save(self):
        post_authentication(context.request, self.authenticator, reauthenticated=self.reauthenticated)


class ConfirmationForm(SecondFactorForm):
    """The same, asked again before a sensitive act."""

    reauthenticated = True


class AppCodeForm(forms.Form):
    """The first code that the application gives: `step` is then the step of time it belongs to."""

    code = code_field("Code à six chiffres", "Celui que l’application affiche maintenant pour ce portail.")

    def __init__(self, *args, secret, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self):
        self.step = second_factor.matching_step(self.secret, self.cleaned_data["code"])
        if self.step is None:
            raise ValidationError(
                "Ce code est incorrect. Vérifiez l’heure du téléphone, puis saisissez le code suivant."
            )
        return self.cleaned_data["code"]


class PasskeyForm(forms.Form):
    """A passkey that the browser just made: `credential` is what it answered."""

    name = forms.CharField(
        label="Nom de la clé",
        help_text="Pour la reconnaître : « Ordinateur du bureau », « Clé USB ».",
        max_length=60,
        validators=[validate_one_line],
    )
    credential = CredentialField(max_length=LARGEST_CREDENTIAL)

    def clean_credential(self):
        credential = self.cleaned_data["credential"]
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except UNREADABLE as error:
            raise ValidationError(WRONG_PASSKEY) from error
        return credential


class _ReadPasskey(forms.Form):
    """Mixin: what is no credential at all is refused as a wrong one."""

    credential = CredentialField(max_length=LARGEST_CREDENTIAL)

    def clean_credential(self):
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise ValidationError(WRONG_PASSKEY) from error


class PasskeyFactorForm(_ReadPasskey, AuthenticateWebAuthnForm):
    """A passkey as a second factor."""


class PasskeySignInForm(_ReadPasskey, LoginWebAuthnForm):
    """A passkey alone: the device asked for a PIN, a finger or a face."""


class PasskeyConfirmationForm(_ReadPasskey, ReauthenticateWebAuthnForm):
    """A passkey shown again before a sensitive act."""
