from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string

from clauses_portal.accounts import attempts, proconnect
from clauses_portal.accounts.recent import is_recent
from clauses_portal.core.errors import TOO_MANY
from clauses_portal.core.web import page_here

WRONG_SIGN_IN = "Identifiant ou mot de passe incorrect."

CONFIRMATIONS = {
    "reauthenticate": "Avec votre mot de passe",
    "mfa_reauthenticate": "Avec un code de votre application ou un code de secours",
    "mfa_reauthenticate:webauthn": "Avec une clé d’identification",
    "proconnect": "Avec ProConnect",
}


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: accounts are made by the administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_SIGN_IN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def get_client_ip(self, request):
        try:
            return super().get_client_ip(request)
        except PermissionDenied as error:  # its sentence is English; the page says ours
            raise PermissionDenied from error

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """A page of this portal and nothing else: allauth also takes what is no address at all (A32)."""
        return bool(page_here(self.request, url))

    def pre_authenticate(self, request, **credentials):
        """Asked before a password is read, confirmations included: our counters rather than allauth’s (A20)."""
        self.attempt = attempts.take(request, credentials.get("email", ""))

    def _rollback_login_failed_rl_usage(self):
        self.attempt.give_back()

    def _delete_login_attempts_cached_email(self, request, **credentials):
        attempts.forget(credentials["email"])

    def send_mail(self, template_prefix, email, context):
        """Through the outbox: the answer takes the same time for an unknown address, and a mail server may be away."""
        request = self.request
        told = {"request": request, "email": email, "current_site": get_current_site(request)} | context
        message = self.render_mail(template_prefix, email, told)
        import_string(settings.OUTBOX)(recipient=email, subject=message.subject, body=message.body, is_secret=True)

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
        if proconnect.is_enabled() and user.is_authenticated and proconnect.identity_of(user):
            methods.append({"id": "proconnect", "url": reverse("proconnect_confirm")})
        return [method | {"description": CONFIRMATIONS[method["id"]]} for method in methods]

    def get_logout_redirect_url(self, request):
        """Who came by ProConnect is signed out there too."""
        return proconnect.end_session_url(request) or super().get_logout_redirect_url(request)

    def respond_user_inactive(self, request, user):
        """The right password of an account that is switched off: say so, without a route of its own."""
        return render(request, "account/account_inactive.html", status=403)
