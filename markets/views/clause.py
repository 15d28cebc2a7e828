from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires
from markets.enums import ClauseOutcome, LegalBasis
from markets.forms.decision import DecisionForm
from markets.models import Lot
from markets.presenters import amounts_of
from markets.services import clause

HOME = ("À instruire", "/a-instruire/")


@require_safe
@requires(Permission.DECIDE_CLAUSE)
def queue(request):
    """Lots whose clause is to be decided, the nearest consultation first."""
    lots = Lot.objects.actionable_by(request.user, Permission.DECIDE_CLAUSE).to_review()
    lots = lots.select_related("market__operation__directorate", "territory")
    page = page_of(request, lots.order_by("market__consultation_on", "-market__notified_on", "pk"))
    amounts = amounts_of(list(page.object_list), request.user)
    context = {
        "page": page,
        "rows": [(lot, amounts.get(lot.pk)) for lot in page.object_list],
        "legal_bases": LegalBasis.choices,
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/queue.html", context)


@require_http_methods(["GET", "POST"])
def decide(request, pk):
    rows = Lot.objects.select_related("market__operation", "territory")
    lot = get_actionable(rows, request.user, Permission.DECIDE_CLAUSE, pk=pk)
    form = DecisionForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: _decide(form.cleaned_data, lot, request.user)):
        kept = form.cleaned_data["outcome"] == ClauseOutcome.CLAUSE
        messages.success(request, f"{lot} : {'clause retenue' if kept else 'sans clause'}.")
        return redirect("markets:queue") if form.cleaned_data["next_queue"] else redirect("markets:lot", pk=pk)
    title = "Décider de la clause"
    context = {
        "title": title,
        "lede": str(lot),
        "cancel_url": reverse("markets:queue"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _decide(data, lot, by):
    clause.decide_clause(
        lot=lot, outcome=data["outcome"], legal_basis=data["legal_basis"], reason=data["reason"], by=by
    )


@require_POST
def reopen(request, pk):
    lot = get_actionable(Lot.objects, request.user, Permission.DECIDE_CLAUSE, pk=pk)
    try:
        clause.reopen(lot=lot, by=request.user)
        messages.success(request, "Le lot revient dans la file à instruire.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:lot", pk=pk)
