"""Inviting, and being invited: the administrator’s buttons, then the page where one chooses one’s password."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core import errors, throttle
from clauses_portal.core.web import answer_form, attempt, discreet, tell, trail
from facilitators import invitations
from facilitators.enums import Permission
from facilitators.forms import AcceptanceForm, InvitationForm
from facilitators.models import Invitation
from facilitators.permissions import requires

ACTION, MOST_WRONG = "invitation", 20  # wrong links an hour from one address
OPENED = "invitation"  # in the session: (number, digest) of the invitation whose link was opened
SIGNED_IN = "Ce lien est destiné à une personne qui n’a pas encore de compte : déconnectez-vous avant de l’ouvrir."


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@recently_authenticated
def invitation_create(request):
    form = InvitationForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: _invite(request, form)):
        messages.success(request, f"Invitation envoyée à {form.cleaned_data['email']}.")
        return redirect("facilitators:accounts")
    title = "Inviter une personne"
    context = {
        "title": title,
        "lede": "Elle reçoit un lien, qui sert une seule fois pendant sept jours, et choisit son mot de passe.",
        "cancel_url": reverse("facilitators:accounts"),
        "breadcrumbs": trail(("Comptes", reverse("facilitators:accounts")), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _invite(request, form):
    note(request, JournalAction.INVITATION, of=invitations.invite(by=request.user, **form.cleaned_data))


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def invitation_resend(request, pk):
    return _act(request, pk, invitations.resend_invitation, "Nouveau lien envoyé à {} ; le précédent ne sert plus.")


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def invitation_revoke(request, pk):
    return _act(request, pk, invitations.revoke_invitation, "L’invitation de {} est retirée.")


def _act(request, pk, act, done):
    invitation = get_object_or_404(Invitation, pk=pk)
    note(request, JournalAction.INVITATION, of=invitation)
    tell(request, lambda: act(invitation=invitation, by=request.user), done.format(invitation.email))
    return redirect("facilitators:accounts")


@login_not_required
@require_safe
def invitation_link(request, token):
    """Read the secret once, keep which invitation it opens in the session, and leave the address."""
    if request.user.is_authenticated:
        messages.error(request, SIGNED_IN)
        return discreet(redirect("home"))
    if throttle.is_over(request, ACTION, MOST_WRONG):
        return discreet(errors.too_many_requests(request))
    invitation = invitations.read_invitation(token)
    if invitation is None:
        throttle.note_failure(request, ACTION)
        return discreet(_closed(request))
    request.session[OPENED] = [invitation.pk, invitation.digest]
    return discreet(redirect("facilitators:invitation"))


@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password1", "password2")
def invitation_accept(request):
    """Choose a password: the account is open, and one is signed in with it."""
    pk, digest = request.session.get(OPENED, (0, ""))
    invitation = invitations.open_invitation(pk=pk, digest=digest)
    if invitation is None or request.user.is_authenticated:
        return discreet(_closed(request))
    form = AcceptanceForm(request.POST or None, invitation=invitation)
    if form.is_valid() and attempt(form, lambda: _accept(request, form, invitation)):
        return discreet(_sign_in(request, form))
    return discreet(answer_form(request, "account/invitation.html", form, {"invitation": invitation}))


def _accept(request, form, invitation):
    form.user = invitations.accept_invitation(invitation=invitation, password=form.cleaned_data["password1"])
    note(request, JournalAction.INVITATION, of=invitation, actor=form.user)


def _sign_in(request, form):
    request.session.pop(OPENED, None)
    messages.success(request, "Votre compte est ouvert.")
    return perform_password_login(request, {"email": form.user.email}, Login(user=form.user, email=form.user.email))


def _closed(request):
    """One page whatever the reason: unknown, used, expired, withdrawn."""
    return render(request, "account/invitation_closed.html", status=404)
