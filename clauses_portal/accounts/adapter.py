from allauth.account.adapter import DefaultAccountAdapter
from django.shortcuts import render

from clauses_portal.core.errors import TOO_MANY

WRONG_SIGN_IN = "Identifiant ou mot de passe incorrect."


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

    def respond_user_inactive(self, request, user):
        """The right password of an account that is switched off: say so, without a route of its own."""
        return render(request, "account/account_inactive.html", status=403)
