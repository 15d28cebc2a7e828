from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission, Role
from facilitators.notifications import members
from facilitators.permissions import get_actionable, requires, territories_for
from markets.forms.referents import ReferentForm, TransferForm
from markets.models import Lot, ReferentAssignment
from markets.services import referents

P = Permission
HOME = ("Référents", "/referents/")


@require_safe
@requires(P.VIEW_MARKETS)
def referent_list(request):
    """Every lot in preparation or under way, and who is its référent."""
    rows = ReferentAssignment.objects.visible_to(request.user).filter(valid_until=None)
    rows = rows.select_related("lot__market", "lot__territory", "referent", "substitute")
    lots = Lot.objects.actionable_by(request.user, P.ASSIGN_REFERENTS).without_referent()
    context = {
        "page": page_of(request, rows.order_by("referent__last_name", "referent__first_name", "lot__market__number")),
        "orphans": lots.select_related("market", "territory")[:50],
        "may_assign": territories_for(request.user, P.ASSIGN_REFERENTS).exists(),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/referent_list.html", context)


@require_http_methods(["GET", "POST"])
def referent_assign(request, pk):
    rows = Lot.objects.select_related("market__operation", "territory")
    lot = get_actionable(rows, request.user, P.ASSIGN_REFERENTS, pk=pk)
    people = referents.eligible(lot.territory)
    form = ReferentForm(request.POST or None, people=people, in_operation=lot.market.operation_id)
    if form.is_valid() and attempt(form, lambda: _assign(form.cleaned_data, lot, request.user)):
        messages.success(request, "Le référent est désigné.")
        return redirect("markets:lot", pk=pk)
    title = "Désigner le référent"
    context = {
        "title": title,
        "lede": f"{lot} ({lot.territory})"
        + ("" if people else ". Aucun facilitateur n’a de compte sur ce territoire."),
        "cancel_url": reverse("markets:lot", args=[pk]),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _assign(data, lot, by):
    whole = data.pop("whole_operation", False)
    lots = Lot.objects.actionable_by(by, P.ASSIGN_REFERENTS)
    for one in lots.beside(lot) if whole else [lot]:
        referents.assign(lot=one, by=by, **data)


@require_http_methods(["GET", "POST"])
@requires(P.ASSIGN_REFERENTS)
def portfolio_transfer(request):
    """Somebody leaves: her lots go to another facilitator, the history says so."""
    lots = Lot.objects.actionable_by(request.user, P.ASSIGN_REFERENTS)
    successors = members(Role.FACILITATOR, territory__in=territories_for(request.user, P.ASSIGN_REFERENTS))
    form = TransferForm(request.POST or None, leavers=referents.holders(lots), successors=successors)
    moved = []
    if form.is_valid() and attempt(
        form, lambda: moved.append(referents.transfer(lots=lots, by=request.user, **form.cleaned_data))
    ):
        messages.success(
            request, f"{moved[0]} lot{'s' if moved[0] > 1 else ''} repris par {form.cleaned_data['successor']}."
        )
        return redirect("markets:referents")
    title = "Transférer un portefeuille"
    context = {"title": title, "cancel_url": reverse("markets:referents"), "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
