"""« À instruire »: the lots to decide, line by line without leaving the list, or several at once."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.text import row_number
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import directorates_for, get_actionable, requires, territories_for
from markets.exports import QUEUE
from markets.filters import QueueFilter
from markets.forms.decision import DecisionForm
from markets.models import Lot
from markets.queue_rows import nearest_first, row_of, rows_of
from markets.services import batch, clause

HOME = ("À instruire", "/a-instruire/")
P = Permission
WITH_MARKET = ("market__operation__directorate", "territory")


def _listed(request):
    """The lots this account may decide, as the address filters them, the nearest publication first."""
    lots = Lot.objects.actionable_by(request.user, P.DECIDE_CLAUSE).to_review()
    return QueueFilter(
        request.GET,
        queryset=nearest_first(lots.select_related(*WITH_MARKET)),
        territories=territories_for(request.user, P.DECIDE_CLAUSE),
        directorates=directorates_for(request.user, P.DECIDE_CLAUSE),
    )


@reads_amounts()
@require_safe
@requires(P.DECIDE_CLAUSE)
def queue(request):
    """Lots whose clause is to be decided; what one has just decided above."""
    filters = _listed(request)
    page = page_of(request, filters.qs)
    context = {
        "filters": filters,
        "filtered": any(request.GET.get(name) for name in filters.filters),
        "page": page,
        "rows": rows_of(page.object_list, request.user),
        "recent": _recent(request.user),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/queue.html", context)


@require_safe
@requires(P.DECIDE_CLAUSE)
def queue_export(request, file_format):
    filters = _listed(request)
    return export(
        request,
        file_format,
        QUEUE,
        filters.qs,
        criteria=criteria_of(filters.form),
        present=lambda lots: rows_of(lots, request.user),
    )


def _recent(user):
    """[(decisions, whole batch or not)] this account may still cancel, those taken together in one line."""
    groups = {}
    for decision in clause.undoable(user):
        groups.setdefault(decision.batch or decision.pk, []).append(decision)
    return list(groups.values())


@reads_amounts("markets.lot")
@require_safe
def queue_row(request, pk):
    """One line of the list, as it is now."""
    lot = get_actionable(Lot.objects.select_related(*WITH_MARKET), request.user, P.DECIDE_CLAUSE, pk=pk)
    return line(request, lot)


def line(request, lot, *, form=None, status=200, problem="", said=""):
    """Answer with the line of a lot: its form opened below when one is given, what went wrong, what to say aloud."""
    row = row_of(lot, request.user)
    context = {"row": row, "form": form, "focused": form is None, "problem": problem, "said": said or problem}
    return render(request, "markets/parts/_queue_row.html", context, status=status)


@reads_amounts()
@require_http_methods(["GET", "POST"])
@requires(P.DECIDE_CLAUSE)
def bulk(request):
    """Several lots: the act, then what it would do to each of them, then the act itself in one transaction."""
    sent = request.POST if request.method == "POST" else request.GET
    lots = _chosen(request.user, sent.getlist("lot"))
    asking = sent.get("act") == "opinion"
    form = forms.Form(request.POST or None) if asking else DecisionForm(request.POST or None)
    lines = []
    if lots and form.is_valid():
        rehearsal = "confirm" not in request.POST
        attempt(form, lambda: lines.extend(_act(request.user, form, lots, rehearsal)))
        if lines and not rehearsal:
            _report(request, lines)
            return redirect("markets:queue")
    title = "Demander l’avis des facilitateurs" if asking else "Décider de plusieurs lots"
    context = {
        "title": title,
        "act": "opinion" if asking else "decide",
        "rows": rows_of(lots, request.user),
        "lines": lines,
        "feasible": sum(line.done for line in lines),
        "sent": [(name, value) for name, value in request.POST.items() if name in form.fields],
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "markets/bulk.html", form, context)


def _chosen(user, typed):
    """The lots ticked, among those this account may decide: what is no number, or out of reach, is left out."""
    ids = [number for text in typed if (number := row_number(text))][: batch.MOST_LOTS + 1]
    lots = Lot.objects.actionable_by(user, P.DECIDE_CLAUSE).filter(pk__in=ids)
    return list(nearest_first(lots.select_related(*WITH_MARKET)))


def _act(user, form, lots, rehearsal):
    if isinstance(form, DecisionForm):
        return batch.decide_many(lots=lots, by=user, rehearsal=rehearsal, **form.choice())
    return batch.ask_many(lots=lots, by=user, rehearsal=rehearsal)


def _report(request, lines):
    done = [line for line in lines if line.done]
    if done:
        messages.success(request, f"{len(done)} lot{'s' if len(done) > 1 else ''} sur {len(lines)} : c’est fait.")
    for line in lines:
        if not line.done:
            messages.warning(request, f"{line.lot} : {line.text}")
