from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.forms.clause import ProposalForm, RetainForm
from markets.models import Calibration, CalibrationMethod, Lot, LotFinancials
from markets.services import calibration


@require_http_methods(["GET", "POST"])
def calibration_propose(request, pk):
    """The facilitator computes the hours of a lot: a confidential screen."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, Permission.PROPOSE_CALIBRATION, pk=pk)
    amounts = LotFinancials.objects.visible_to(request.user).filter(lot=lot).first()
    known = amounts and (amounts.estimated_amount or amounts.awarded_amount)
    form = ProposalForm(request.POST or None, initial={"amount": known, "rounding": "nearest"})
    if form.is_valid() and attempt(form, lambda: calibration.propose(lot=lot, by=request.user, **form.cleaned_data)):
        messages.success(request, "Le calibrage est proposé à la chargée de mission.")
        return redirect("markets:lot", pk=pk)
    return _answer(request, lot, form, "Proposer les heures du lot", "markets/calibration_propose.html")


@require_http_methods(["GET", "POST"])
def calibration_retain(request, pk):
    """The chargée de mission retains the hours, the computation under her eyes."""
    rows = Calibration.objects.select_related("lot__market", "proposed_by")
    version = get_actionable(rows, request.user, Permission.RETAIN_CALIBRATION, pk=pk)
    form = RetainForm(request.POST or None, initial={"hours": version.proposed_hours})
    if form.is_valid() and attempt(
        form, lambda: calibration.retain(version=version, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les heures du lot sont retenues.")
        return redirect("markets:lot", pk=version.lot_id)
    computation = CalibrationMethod.objects.visible_to(request.user).filter(calibration=version).first()
    extra = {"version": version, "computation": computation}
    return _answer(request, version.lot, form, "Retenir les heures du lot", "markets/calibration_retain.html", **extra)


def _answer(request, lot, form, title, template, **extra):
    url = reverse("markets:lot", args=[lot.pk])
    crumbs = trail(("Marchés", reverse("markets:list")), (f"{lot.market.number} lot {lot.number}", url), (title, None))
    context = {"title": title, "lot": lot, "cancel_url": url, "breadcrumbs": crumbs, **extra}
    return answer_form(request, template, form, context)
