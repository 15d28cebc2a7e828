"""Deciding one lot, taking the decision up again, cancelling it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import get_actionable
from markets.forms.decision import DecisionForm
from markets.models import ClauseDecision, Lot
from markets.queue_rows import row_of
from markets.services import batch, clause
from markets.views.queue import HOME, WITH_MARKET, line

P = Permission


@reads_amounts("markets.lot")
@require_http_methods(["GET", "POST"])
def decide(request, pk):
    """A page of its own, or the line of the list with its form (htmx)."""
    lot = get_actionable(Lot.objects.select_related(*WITH_MARKET), request.user, P.DECIDE_CLAUSE, pk=pk)
    row = row_of(lot, request.user)
    form = DecisionForm(request.POST or None, initial=_initial(request, row), proposable=row.duty.proposable)
    if form.is_valid() and attempt(form, lambda: _decide(form, lot, request.user)):
        return _decided(request, form, lot)
    if request.htmx:
        return line(request, lot, form=form, status=422 if form.is_bound else 200)
    title = "Décider de la clause"
    context = {
        "title": title,
        "row": row,
        "cancel_url": reverse("markets:lot", args=[pk]),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "markets/decide.html", form, context)


def _initial(request, row):
    """What the instruction recommends, and the outcome asked by the key that was pressed."""
    outcome = request.GET.get("outcome") or ("clause" if row.basis else "")
    return {"outcome": outcome, "legal_basis": row.basis, "next_queue": bool(request.htmx)}


def _decide(form, lot, by):
    form.decision = clause.decide_clause(lot=lot, by=by, **form.choice())


def _decided(request, form, lot):
    said = batch.said_of(form.decision)
    if request.htmx:
        return _closed_line(request, lot, said, undoable=True)
    messages.success(request, f"{lot} : {said[0].lower()}{said[1:]}")
    return redirect("markets:queue") if form.cleaned_data["next_queue"] else redirect("markets:lot", pk=lot.pk)


def _closed_line(request, lot, said, *, undoable=False):
    """The line of a lot that has left the list, with what happened to it."""
    return render(request, "markets/parts/_queue_done.html", {"lot": lot, "said": said, "undoable": undoable})


@require_POST
def reopen(request, pk):
    lot = get_actionable(Lot.objects, request.user, P.DECIDE_CLAUSE, pk=pk)
    try:
        clause.reopen(lot=lot, by=request.user)
        messages.success(request, "Le lot revient dans la file à instruire.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:lot", pk=pk)


@require_POST
def undo(request, pk):
    """Cancel one’s own decision, or with « whole » all those taken together with it."""
    rows = Lot.objects.select_related(*WITH_MARKET)
    lot = get_actionable(rows, request.user, P.DECIDE_CLAUSE, pk=pk)
    try:
        if "whole" in request.POST:
            _undo_together(request, lot)
        else:
            clause.undo(lot=lot, by=request.user)
            if request.htmx:
                lot = get_actionable(rows, request.user, P.DECIDE_CLAUSE, pk=pk)
                return line(request, lot, said="Décision annulée.")
            messages.success(request, f"Décision annulée : {lot} revient à instruire.")
    except DomainError as error:
        if request.htmx:
            return _closed_line(request, lot, error.message)
        messages.error(request, error.message)
    return redirect("markets:queue")


def _undo_together(request, lot):
    decision = ClauseDecision.objects.actionable_by(request.user, P.DECIDE_CLAUSE).filter(lot=lot).first()
    lines = batch.undo_batch(batch=decision and decision.batch, by=request.user)
    done = sum(one.done for one in lines)
    messages.success(request, f"Décisions annulées : {done} sur {len(lines)}.")
    for one in lines:
        if not one.done:
            messages.warning(request, f"{one.lot} : {one.text}")
