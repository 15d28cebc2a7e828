from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, User
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.accounts.sessions import end_sessions
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators import services
from facilitators.enums import Permission
from facilitators.forms import MembershipForm
from facilitators.models import Invitation, Membership
from facilitators.permissions import grant, requires

HOME = ("Comptes", "/comptes-et-droits/")


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def account_list(request):
    rows = User.objects.filter(is_software=False).prefetch_related("memberships__territory", "memberships__directorate")
    context = {
        "page": page_of(request, rows.order_by("last_name", "first_name")),
        "invitations": Invitation.objects.waiting().select_related("territory", "directorate"),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "facilitators/account_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@recently_authenticated
def membership_grant(request, pk):
    user = get_object_or_404(User, pk=pk, is_software=False)
    form = MembershipForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: grant(user=user, by=request.user, **form.cleaned_data)):
        note(request, JournalAction.RIGHTS, of=user)
        messages.success(request, f"{user} : rôle accordé.")
        return _onward(request, user)
    return _answer(request, form, f"Donner un rôle à {user}")


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def membership_revoke(request, pk):
    """End a role. Nobody takes back her own: the portal would be left without an administrator."""
    membership = get_object_or_404(Membership, pk=pk, revoked_at=None)
    if membership.user == request.user:
        messages.error(request, "Vous ne pouvez pas retirer votre propre rôle.")
    else:
        services.take_role_back(membership=membership, by=request.user)
        note(request, JournalAction.RIGHTS, of=membership.user)
        messages.success(request, f"{membership.user} : rôle retiré.")
    return redirect("facilitators:accounts")


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def account_switch(request, pk):
    """Deactivate an account, or activate it again. Nobody deactivates herself."""
    user = get_object_or_404(User, pk=pk, is_software=False)
    if user == request.user:
        messages.error(request, "Vous ne pouvez pas désactiver votre propre compte.")
    else:
        services.switch_account(user=user, by=request.user)
        note(request, JournalAction.RIGHTS, of=user)
        messages.success(request, f"{user} : compte {'activé' if user.is_active else 'désactivé'}.")
    return redirect("facilitators:accounts")


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def account_sign_out(request, pk):
    """End every session of an account, which stays open (ASVS 7.4.5)."""
    user = get_object_or_404(User, pk=pk, is_software=False)
    ended = end_sessions(user)
    note(request, JournalAction.SESSION_ENDED, of=user, count=ended)
    messages.success(request, f"{user} : sessions fermées.")
    return _onward(request, user)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@recently_authenticated
def account_factor_reset(request, pk):
    """For somebody who lost her second factor. Nobody resets her own: she shows it, and changes it."""
    user = get_object_or_404(User, pk=pk, is_software=False)
    if user == request.user:
        messages.error(request, "Changez votre propre second facteur depuis « Mon compte ».")
    else:
        services.reset_second_factor(user=user, by=request.user)
        note(request, JournalAction.SECOND_FACTOR, of=user)
        messages.success(request, f"{user} : second facteur réinitialisé, un courriel l’en avertit.")
    return redirect("facilitators:accounts")


def _onward(request, user):
    """Back to the list; to the sign-in page when one’s own session has just ended with the others."""
    if user == request.user:
        logout(request)
    return redirect("facilitators:accounts")


def _answer(request, form, title):
    context = {
        "title": title,
        "cancel_url": reverse("facilitators:accounts"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
