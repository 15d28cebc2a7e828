from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import User
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators import services
from facilitators.enums import Permission
from facilitators.forms import AccountForm, MembershipForm
from facilitators.models import Membership
from facilitators.permissions import grant, requires, revoke

HOME = ("Comptes", "/comptes-et-droits/")


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def account_list(request):
    rows = User.objects.filter(is_software=False).prefetch_related("memberships__territory", "memberships__directorate")
    context = {"page": page_of(request, rows.order_by("last_name", "first_name")), "breadcrumbs": trail(HOME)}
    return render(request, "facilitators/account_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def account_create(request):
    """A new account has no password: its owner chooses one through « mot de passe oublié »."""
    form = AccountForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: services.open_account(user=form.save(commit=False))):
        messages.success(request, f"Le compte de {form.instance} est ouvert. Donnez-lui un rôle.")
        return redirect("facilitators:grant", pk=form.instance.pk)
    return _answer(request, form, "Ouvrir un compte")


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def membership_grant(request, pk):
    user = get_object_or_404(User, pk=pk, is_software=False)
    form = MembershipForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: grant(user=user, by=request.user, **form.cleaned_data)):
        messages.success(request, f"{user} : rôle accordé.")
        return redirect("facilitators:accounts")
    return _answer(request, form, f"Donner un rôle à {user}")


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def membership_revoke(request, pk):
    """End a role. Nobody takes back her own: the portal would be left without an administrator."""
    membership = get_object_or_404(Membership, pk=pk, revoked_at=None)
    if membership.user == request.user:
        messages.error(request, "Vous ne pouvez pas retirer votre propre rôle.")
    else:
        revoke(membership=membership, by=request.user)
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
        services.switch_account(user=user)
        messages.success(request, f"{user} : compte {'activé' if user.is_active else 'désactivé'}.")
    return redirect("facilitators:accounts")


def _answer(request, form, title):
    context = {
        "title": title,
        "cancel_url": reverse("facilitators:accounts"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
