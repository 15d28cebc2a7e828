"""« Mon compte »: what the account of the person at the screen relies on, and the charter she accepted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts import proconnect, second_factor
from clauses_portal.accounts.charter import accept_charter, acceptance_of
from clauses_portal.accounts.onward import next_of
from clauses_portal.core.web import trail

HOME = ("Mon compte", "/compte/")


@require_safe
def account(request):
    factors = list(second_factor.factors_of(request.user))
    context = {
        "app": next((factor for factor in factors if factor.type == second_factor.KINDS.TOTP), None),
        "passkeys": [factor for factor in factors if factor.type == second_factor.KINDS.WEBAUTHN],
        "codes_left": len(second_factor.recovery_codes_of(request.user)),
        "factor_required": second_factor.is_required_of(request.user),
        "acceptance": acceptance_of(request.user),
        "proconnect_enabled": proconnect.is_enabled(),
        "identity": proconnect.is_enabled() and proconnect.identity_of(request.user),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "POST"])
def charter(request):
    """Read at any time, accepted once for each version."""
    if request.method == "POST":
        accept_charter(by=request.user, request=request)
        messages.success(request, "Vous avez accepté la charte.")
        return redirect(next_of(request) or "home")
    context = {"acceptance": acceptance_of(request.user), "next": next_of(request)}
    return render(request, "account/charter.html", context)
