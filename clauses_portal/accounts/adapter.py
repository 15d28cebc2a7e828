from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.shortcuts import render

from clauses_portal.accounts.recent import is_recent
from clauses_portal.core.errors import TOO_MANY

WRONG_SIGN_IN = "Identifiant ou mot de passe incorrect."

CONFIRMATIONS = {
    "reauthenticate": "Avec votre mot de passe",
    "mfa_reauthenticate": "Avec un code de votre application ou un code de secours",
    "mfa_reauthenticate:webauthn": "Avec une clé d’identification",
}


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: accounts are made by the administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_SIGN_IN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request):
        return False

    def send_password_reset_mail(self, user, email, context):
        """Nothing for the account of a program: it has no mailbox, and nobody signs in with it (C22)."""
        if not user.is_software:
            super().send_password_reset_mail(user, email, context)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Asked by allauth for its own pages: the same rule as for ours."""
        return not is_recent(context.request)

    def get_reauthentication_methods(self, user):
        """How one may prove again who one is, the first being the one proposed."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": CONFIRMATIONS[method["id"]]} for method in methods]

    def respond_user_inactive(self, request, user):
        """The right password of an account that is switched off: say so, without a route of its own."""
        return render(request, "account/account_inactive.html", status=403)
