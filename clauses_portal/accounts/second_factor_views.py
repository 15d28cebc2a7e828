"""Setting up a second factor, showing it when one signs in, showing it again before a sensitive act."""

import base64

from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeReauthenticateView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts import second_factor
from clauses_portal.accounts.forms import AppCodeForm, PasskeyForm
from clauses_portal.accounts.onward import next_of, with_next
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.web import answer_form, attempt, tell

RETRY_AFTER = 15 * 60  # seconds, as MFA_RATE_LIMITS counts them


class RefusedStatus:
    """Mixin: a wrong proof is answered 422, one too many 429 with the time to wait."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
            if any(error.code == "too_many" for errors in form.errors.as_data().values() for error in errors):
                response.status_code = 429
                response["Retry-After"] = str(RETRY_AFTER)
        return response


class SecondFactorView(RefusedStatus, AuthenticateView):
    template_name = "mfa/authenticate.html"

    def get_context_data(self, **kwargs):
        factors = second_factor.factors_of(self.stage.login.user)
        kinds = set(factors.values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {"kinds": kinds}


class GoesOn:
    """Mixin: once the proof is given, the form that was kept is sent; the rest of the request is then its own."""

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.resolver_match = resolve(self.request.path_info)
        return response


class PasswordConfirmationView(GoesOn, RefusedStatus, ReauthenticateView):
    pass


class CodeConfirmationView(GoesOn, RefusedStatus, CodeReauthenticateView):
    pass


class PasskeyConfirmationView(GoesOn, ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        super().form_invalid(form)  # keeps the sentence for the next page
        return redirect(with_next(self.request, "mfa_reauthenticate_webauthn"))


show_second_factor = login_not_required(SecondFactorView.as_view())
# What the browser asks for, then its answer; a wrong one leads back to the sign-in page, which says so.
sign_in_by_passkey = login_not_required(LoginWebAuthnView.as_view())
confirm_by_password = PasswordConfirmationView.as_view()
confirm_by_code = CodeConfirmationView.as_view()
confirm_by_passkey = PasskeyConfirmationView.as_view()


@require_http_methods(["GET", "POST"])
@recently_authenticated
def app_set_up(request):
    """The secret given to the application, as an image and as a text; its first right code sets it up."""
    secret = second_factor.pending_secret(request)
    form = AppCodeForm(request.POST or None, secret=secret)
    if form.is_valid() and attempt(form, lambda: second_factor.set_up_app(request=request, step=form.step)):
        messages.success(request, "L’application est maintenant votre second facteur.")
        return redirect(with_next(request, "recovery_codes"))
    adapter = get_adapter()
    image = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "image": base64.b64encode(image.encode()).decode(),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "is_first": not second_factor.is_passed(request),
        "next": next_of(request),
    }
    return answer_form(request, "account/second_factor_app.html", form, context)


@require_safe
@recently_authenticated
def recovery_codes(request):
    codes = second_factor.recovery_codes_of(request.user)
    context = {"codes": codes, "onward": next_of(request) or reverse("account")}
    return render(request, "account/recovery_codes.html", context)


@require_POST
@recently_authenticated
def recovery_codes_renew(request):
    """New codes for who has a factor that they stand in for."""
    if not second_factor.factors_of(request.user).exists():
        raise Http404(NOT_FOUND)
    done = "Voici vos nouveaux codes de secours. Les anciens ne servent plus."
    tell(request, lambda: second_factor.renew_recovery_codes(request=request), done)
    return redirect("recovery_codes")


@require_http_methods(["GET", "POST"])
@recently_authenticated
def passkey_add(request):
    form = PasskeyForm(request.POST or None)
    had_codes = bool(second_factor.recovery_codes_of(request.user))
    if form.is_valid() and attempt(form, lambda: second_factor.add_passkey(request=request, **form.cleaned_data)):
        messages.success(request, "La clé d’identification est enregistrée.")
        return redirect("account" if had_codes else with_next(request, "recovery_codes"))
    options = webauthn.begin_registration(request.user, passwordless=True)
    context = {"options": options, "is_first": not second_factor.is_passed(request), "next": next_of(request)}
    return answer_form(request, "account/passkey_add.html", form, context)


@require_POST
@recently_authenticated
def factor_remove(request, pk):
    """Forget a passkey or the application of the signed-in person."""
    factor = second_factor.factors_of(request.user).filter(pk=pk).first()
    if factor is None:
        raise Http404(NOT_FOUND)
    tell(
        request, lambda: second_factor.remove_factor(request=request, factor=factor), "Le second facteur est supprimé."
    )
    return redirect("account")
