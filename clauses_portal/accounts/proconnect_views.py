"""Going to ProConnect and coming back: to sign in, to link one’s account, to confirm who one is."""

from functools import wraps
from urllib.parse import parse_qs, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from clauses_portal.accounts import proconnect
from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, JournalResult
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.web import tell

STATES, NEXT = "oidc_states", "oidc_login_next"  # where the library keeps what a session asked
SIGN_IN, LINK, CONFIRM = "sign_in", "link", "confirm"
UNPROVEN = "ProConnect n’a pas confirmé qui vous êtes. Recommencez, ou connectez-vous avec votre mot de passe."
UNKNOWN = (
    "Aucun compte du portail n’est relié à cette identité. Connectez-vous avec votre mot de passe, puis reliez-la "
    "depuis « Mon compte » ; sans compte, demandez une invitation à l’administrateur du portail."
)
OTHER = "Cette identité n’est pas celle qui est reliée à votre compte."


def when_enabled(view):
    """Decorate a view of ProConnect: it does not exist when the portal is not registered there."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not proconnect.is_enabled():
            raise Http404(NOT_FOUND)
        return view(request, *args, **kwargs)

    return wrapper


class QuestionView(OIDCAuthenticationRequestView):
    """The question asked to the provider; `purpose` is kept with it, for its answer."""

    get_settings = staticmethod(proconnect.setting)
    purpose = SIGN_IN

    def get_extra_params(self, request):
        return proconnect.asked_of_the_provider(again=self.purpose == CONFIRM)

    def get(self, request):
        response = super().get(request)
        (state,) = parse_qs(urlsplit(response.url).query)["state"]
        request.session[STATES][state]["purpose"] = self.purpose
        request.session.modified = True
        return response


proconnect_sign_in = login_not_required(require_safe(when_enabled(QuestionView.as_view())))
proconnect_link = require_safe(when_enabled(recently_authenticated(QuestionView.as_view(purpose=LINK))))
proconnect_confirm = require_safe(when_enabled(QuestionView.as_view(purpose=CONFIRM)))


@login_not_required
@require_safe
@when_enabled
@transaction.non_atomic_requests
def proconnect_return(request):
    """The answer of the provider. Out of a transaction: three requests leave the portal meanwhile."""
    asked = request.session.get(STATES, {}).pop(request.GET.get("state"), None)
    request.session.modified = True
    identity = proconnect.read_identity(request, asked["nonce"]) if asked else None
    if identity is None:
        return _refused(request, UNPROVEN)
    return {SIGN_IN: _sign_in, LINK: _link, CONFIRM: _confirm}[asked["purpose"]](request, identity)


def _sign_in(request, identity):
    if request.user.is_authenticated:
        return redirect("home")
    user = proconnect.account_of(request, identity)
    if user is None:
        return _refused(request, UNKNOWN)
    if not user.is_active:
        return get_adapter().respond_user_inactive(request, user)
    onward = request.session.pop(NEXT, None)
    request.session[proconnect.ID_TOKEN] = identity.id_token
    record_authentication(request, user, "proconnect", second_factor=identity.second_factor)
    if not identity.second_factor:
        return perform_login(request, Login(user=user, redirect_url=onward))
    get_adapter().login(request, user)
    return redirect(onward or "home")


def _link(request, identity):
    if not request.user.is_authenticated:
        return _refused(request, UNPROVEN)
    done = "Votre compte est relié à ProConnect."
    if tell(request, lambda: proconnect.link(user=request.user, identity=identity), done):
        note(request, JournalAction.SECOND_FACTOR, of=request.user)
    return redirect("account")


def _confirm(request, identity):
    """She is who is signed in: the act that asked for it goes on, its form with it."""
    linked = request.user.is_authenticated and proconnect.identity_of(request.user)
    if not linked or linked.subject != identity.subject:
        return _refused(request, OTHER)
    record_authentication(
        request, request.user, "proconnect", second_factor=identity.second_factor, reauthenticated=True
    )
    onward = request.session.pop(NEXT, None)
    request.GET = request.GET.copy()
    request.GET[REDIRECT_FIELD_NAME] = onward or ""
    return resume_request(request) or redirect("home")


@require_POST
@when_enabled
@recently_authenticated
def proconnect_unlink(request):
    if tell(request, lambda: proconnect.unlink(user=request.user), "Votre compte n’est plus relié à ProConnect."):
        note(request, JournalAction.SECOND_FACTOR, of=request.user)
    return redirect("account")


def _refused(request, sentence):
    if not request.user.is_authenticated:
        note(request, JournalAction.SIGN_IN, result=JournalResult.REFUSED)
    return render(request, "account/proconnect_refused.html", {"sentence": sentence}, status=403)
