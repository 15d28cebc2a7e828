"""Between the sign-in and the portal: the charter accepted, the second factor shown."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from clauses_portal.accounts import charter, second_factor

# Where one does what the gate asks for, or leaves.
OPEN_ROUTES = frozenset(
    {
        "account_logout",
        "charter",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "proconnect_confirm",
        "proconnect_return",
    }
)


# Where a first factor is set up: open to whom has none, never to replace one that this session did not show.
SET_UP_ROUTES = frozenset({"second_factor_app", "passkey_add"})


class GateMiddleware:
    """Sends a signed-in person who has not passed the gate to the page that does it, and then where she was going."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """None, or the way to what is missing. Once all is passed, costs no query."""
        is_public = not getattr(view, "login_required", True)
        route = request.resolver_match.view_name
        if is_public or not request.user.is_authenticated or route in OPEN_ROUTES:
            return None
        step = missing_step(request, route)
        if step is None:
            return None
        address = f"{reverse(step)}?{urlencode({REDIRECT_FIELD_NAME: _destination(request)})}"
        return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def missing_step(request, route):
    """Name of the route of what this person has to do before she opens `route`, or None."""
    if not charter.is_accepted(request):
        return "charter"
    is_required, sets_up = second_factor.is_required_of(request.user), route in SET_UP_ROUTES
    if second_factor.is_passed(request) or not (is_required or sets_up):
        return None
    if second_factor.factors_of(request.user).exists():
        return "mfa_reauthenticate"
    return "second_factor_app" if is_required and not sets_up else None


def _destination(request):
    """The page asked for; the home page after a form, which cannot be sent again for her."""
    return request.get_full_path() if request.method == "GET" and not request.htmx else reverse("home")
