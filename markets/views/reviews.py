"""« Instruction »: the criteria grid of a lot, for those who may read the method (C27)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import get_actionable
from markets.enums import LotState
from markets.forms.decision import ReviewForm
from markets.models import ClauseReview, Lot
from markets.presenters import abilities
from markets.queue_rows import row_of
from markets.review_facts import SOURCES
from markets.services import review as reviewing
from markets.views.queue import HOME, WITH_MARKET

P = Permission


@reads_amounts("markets.lot")
@require_http_methods(["GET", "POST"])
def review(request, pk):
    """Read by those who see the method, filled in by those who decide."""
    rows = Lot.objects.select_related(*WITH_MARKET, "trade")
    lot = get_actionable(rows, request.user, P.VIEW_METHOD, pk=pk)
    if request.method == "POST":
        get_actionable(Lot.objects, request.user, P.DECIDE_CLAUSE, pk=pk)
    opened = ClauseReview.objects.visible_to(request.user).select_related("grid", "reviewed_by").filter(lot=lot).first()
    answers = list(opened.answers.select_related("criterion").order_by("criterion__position")) if opened else []
    form = ReviewForm(request.POST or None, rows=answers)
    if opened and form.is_valid() and attempt(form, lambda: _record(form, lot, request.user)):
        messages.success(request, "L’instruction est enregistrée.")
        return redirect("markets:review", pk=pk)
    may_decide = abilities(Lot.objects, request.user, pk, P.DECIDE_CLAUSE)["decide_clause"]
    context = {
        "lot": lot,
        "row": row_of(lot, request.user),
        "review": opened,
        "form": form,
        "lines": [(row, field, note, SOURCES.get(row.criterion.code, "")) for row, field, note in form.lines()],
        "unanswered": [row.criterion.label for row in answers if row.passed is None and row.grade is None],
        "may_edit": may_decide and lot.state == LotState.TO_REVIEW,
        "breadcrumbs": trail(HOME if may_decide else ("Marchés", "/marches/"), *_steps(lot)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "markets/review.html", context, status=status)


def _record(form, lot, by):
    reviewing.record_review(lot=lot, answers=form.answers(), by=by)


def _steps(lot):
    url = reverse("markets:lot", args=[lot.pk])
    return (f"{lot.market.number} lot {lot.number}", url), ("Instruction", None)


@require_POST
def review_open(request, pk):
    """Open the review, or draw from the file again what nobody corrected."""
    lot = get_actionable(Lot.objects, request.user, P.DECIDE_CLAUSE, pk=pk)
    try:
        reviewing.draw_again(lot=lot, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:review", pk=pk)
