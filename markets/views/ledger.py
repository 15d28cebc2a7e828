"""The hours a company owes: its ledger, the lines and transfers that only the Département decides (C23)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt
from facilitators.enums import Permission
from facilitators.permissions import get_visible
from markets.forms.awards import ObjectiveForm, OpeningForm, TransferForm
from markets.ledger import ledger_of
from markets.models import Award
from markets.presenters import abilities
from markets.services import awards, openings, transfers
from markets.views.awards import award_form, award_trail, find_award

P = Permission
ACTS = (P.MANAGE_AWARDS, P.DECIDE_OBJECTIVES, P.ENTER_HOURS)
OPENING_LEDE = (
    "Ce que l’entreprise avait fait avant le portail, sans détail par personne : ces heures sont déduites de ce qui "
    "reste dû, une seule fois, et ne sont jamais comptabilisées."
)


@require_safe
def ledger(request, pk):
    rows = Award.objects.select_related("lot__market", "lot__territory", "company", "parent__company")
    award = get_visible(rows.select_related("succeeds__company", "opening_balance"), request.user, pk=pk)
    context = {
        "award": award,
        "lot": award.lot,
        "ledger": ledger_of(award, request.user),
        "opening": getattr(award, "opening_balance", None),
        "subcontracts": award.subcontracts.select_related("company"),
        "successors": award.successors.select_related("company"),
        "can": abilities(Award.objects, request.user, pk, *ACTS),
        "breadcrumbs": award_trail(award, (str(award.company), None)),
    }
    return render(request, "markets/ledger.html", context)


@require_http_methods(["GET", "POST"])
def objective_add(request, pk):
    """Only the Département changes what is due (C23)."""
    award = find_award(request, P.DECIDE_OBJECTIVES, pk)
    form = ObjectiveForm(request.POST or None, initial={"kind": "amendment", "effective_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: awards.add_objective(award=award, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La ligne d’objectif est ajoutée.")
        return redirect("markets:ledger", pk=pk)
    return award_form(request, award, form, f"Objectif de {award.company}")


@require_http_methods(["GET", "POST"])
def transfer(request, pk):
    """Hours due that go to another lot, both buyers having agreed in writing (globalisation)."""
    award = find_award(request, P.DECIDE_OBJECTIVES, pk)
    targets = Award.objects.actionable_by(request.user, P.DECIDE_OBJECTIVES).able_to_receive_from(award)
    targets = targets.select_related("company", "lot__market").order_by("lot_id", "pk")
    form = TransferForm(request.POST or None, targets=targets, initial={"effective_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: transfers.transfer_hours(source=award, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les heures sont transférées.")
        return redirect("markets:ledger", pk=pk)
    title, url = "Transférer des heures", reverse("markets:ledger", args=[pk])
    context = {
        "title": title,
        "award": award,
        "left": awards.left_to_do(award),
        "possible": targets.exists(),
        "cancel_url": url,
        "breadcrumbs": award_trail(award, (str(award.company), url), (title, None)),
    }
    return answer_form(request, "markets/ledger_transfer.html", form, context)


@require_http_methods(["GET", "POST"])
def opening_record(request, pk):
    """What was done before the portal, told by who follows the hours of the lot."""
    award = find_award(request, P.ENTER_HOURS, pk)
    form = OpeningForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: openings.record_opening_balance(award=award, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "L’antériorité est reprise : elle est déduite de ce qui reste dû.")
        return redirect("markets:ledger", pk=pk)
    return award_form(request, award, form, f"Reprendre l’antériorité de {award.company}", OPENING_LEDE)
