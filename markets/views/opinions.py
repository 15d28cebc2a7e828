"""The facilitator's opinion: asked by the chargée de mission, given by the facilitator of the territory (C3)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires
from markets.forms.decision import OpinionForm
from markets.models import FacilitatorOpinion, Lot
from markets.services import opinion as opinions
from markets.services.opinion import Clock
from markets.views.queue import WITH_MARKET, line

HOME = ("Avis à donner", "/avis/")
P = Permission


@require_safe
@requires(P.GIVE_OPINION)
def opinion_list(request):
    """The opinions awaited of the territory, the nearest term first."""
    rows = FacilitatorOpinion.objects.actionable_by(request.user, P.GIVE_OPINION).to_give()
    rows = rows.select_related("lot__market__operation__directorate", "lot__territory", "lot__trade", "asked_by")
    page = page_of(request, rows.order_by("due_on", "pk"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [(row, Clock(row, today)) for row in page.object_list],
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/opinion_list.html", context)


@require_http_methods(["GET", "POST"])
def opinion(request, pk):
    """Give the opinion; once given, read it."""
    rows = FacilitatorOpinion.objects.select_related(
        "lot__market__operation__directorate", "lot__territory", "lot__trade", "asked_by", "given_by"
    ).prefetch_related("lot__occupations")
    asked = get_actionable(rows, request.user, P.GIVE_OPINION, pk=pk)
    form = OpinionForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: _give(form, asked, request.user)):
        messages.success(request, "Votre avis est transmis à la chargée de mission.")
        return redirect("markets:opinions")
    title = "Donner mon avis"
    context = {
        "title": title,
        "opinion": asked,
        "lot": asked.lot,
        "clock": Clock(asked, timezone.localdate()),
        "cancel_url": reverse("markets:opinions"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "markets/opinion.html", form, context)


def _give(form, asked, by):
    opinions.give_opinion(opinion=asked, by=by, **form.cleaned_data)


@require_POST
def opinion_ask(request, pk):
    """Ask the facilitators of the lot's territory; from the list, the line comes back with its clock."""
    rows = Lot.objects.select_related(*WITH_MARKET)
    lot = get_actionable(rows, request.user, P.DECIDE_CLAUSE, pk=pk)
    try:
        asked = opinions.ask_opinion(lot=lot, by=request.user)
    except DomainError as error:
        if request.htmx:
            return line(request, lot, problem=error.message)
        messages.error(request, error.message)
    else:
        names = ", ".join(person["name"] for person in asked.consulted)
        said = f"Avis demandé à {names}." if names else opinions.NOBODY
        if request.htmx:
            return line(request, lot, said=said)
        messages.success(request, said)
    return redirect("markets:queue" if "next_queue" in request.POST else reverse("markets:lot", args=[pk]))
