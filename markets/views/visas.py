"""The legal visa: the lots set aside in spite of the duty, and the référent juridique's answer (L. 2112-2-1, II)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import get_actionable, requires
from markets.forms.decision import VisaForm
from markets.models import ClauseDecision, Lot
from markets.queue_rows import nearest_first, row_of
from markets.services import visa as visas
from markets.views.queue import WITH_MARKET

HOME = ("Visas juridiques", "/visas/")
P = Permission


@require_safe
@requires(P.GIVE_VISA)
def visa_list(request):
    """Lots whose exemption awaits the visa, the nearest publication first."""
    lots = Lot.objects.actionable_by(request.user, P.GIVE_VISA).awaiting_visa()
    page = page_of(request, nearest_first(lots.select_related(*WITH_MARKET, "decision__decided_by")))
    return render(request, "markets/visa_list.html", {"page": page, "breadcrumbs": trail(HOME)})


@reads_amounts("markets.lot")
@require_http_methods(["GET", "POST"])
def visa(request, pk):
    lot = get_actionable(Lot.objects.select_related(*WITH_MARKET), request.user, P.GIVE_VISA, pk=pk)
    decision = ClauseDecision.objects.visible_to(request.user).select_related("decided_by").filter(lot=lot).first()
    form = VisaForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: _give(form, lot, request.user)):
        granted = form.cleaned_data["granted"]
        messages.success(request, f"{lot} : visa {'accordé' if granted else 'refusé, le lot revient à instruire'}.")
        return redirect("markets:visas")
    title = "Visa juridique"
    context = {
        "title": title,
        "row": row_of(lot, request.user),
        "decision": decision,
        "cancel_url": reverse("markets:visas"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "markets/visa.html", form, context)


def _give(form, lot, by):
    visas.give_visa(lot=lot, by=by, **form.cleaned_data)
