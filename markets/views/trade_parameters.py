"""« Paramètres de calcul »: the usual values of each trade, confidential and dated (domain.md §3.4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import refusal, requires, scope_of
from markets.calibrating.usual import UsualValues, by_trade
from markets.forms.calibration import TradeParametersForm
from markets.models import Trade, TradeParameters
from markets.services import trade_parameters

TITLE = "Paramètres de calcul"


@reads_amounts()
@require_safe
@requires(Permission.VIEW_METHOD)
def parameters_list(request):
    """Every trade with the values in force today."""
    context = {
        "rows": by_trade(request.user, timezone.localdate()),
        "may_edit": scope_of(request.user).allows(Permission.RETAIN_CALIBRATION),
        "breadcrumbs": trail((TITLE, None)),
    }
    return render(request, "markets/parameters_list.html", context)


@reads_amounts("markets.trade", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_METHOD)
def parameters_trade(request, pk):
    """The versions of a trade; the chargée de mission adds one, which closes the one before."""
    trade = get_object_or_404(Trade, pk=pk)
    may_edit = scope_of(request.user).allows(Permission.RETAIN_CALIBRATION)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(refusal(request.user, Permission.RETAIN_CALIBRATION))
    versions = TradeParameters.objects.visible_to(request.user).filter(trade=trade).order_by("-valid_from")
    form = TradeParametersForm.from_values(request.POST or None, values=versions.first(), day=timezone.localdate())
    if form.is_valid() and attempt(
        form, lambda: trade_parameters.replace(trade=trade, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"Les paramètres du métier « {trade} » sont enregistrés.")
        return redirect("markets:parameters_trade", pk=pk)
    context = {
        "trade": trade,
        "versions": [UsualValues(version) for version in versions],
        "may_edit": may_edit,
        "breadcrumbs": trail((TITLE, reverse("markets:parameters")), (trade.label, None)),
    }
    return answer_form(request, "markets/parameters_trade.html", form, context)
