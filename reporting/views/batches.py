"""The papers of a quarter, asked for together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.periods import Quarter
from clauses_portal.core.web import answer_form, progress_line, trail
from facilitators.enums import Permission
from facilitators.permissions import get_visible, refusal
from reporting.forms import BatchForm
from reporting.models import ProductionBatch
from reporting.periods import last_quarters
from reporting.presenters import opens_papers
from reporting.services import batches
from reporting.views.statements import HOME

P = Permission


@require_http_methods(["GET", "POST"])
def batch_create(request):
    """Ask for every paper of a quarter at once."""
    if not opens_papers(request.user):
        raise PermissionDenied(refusal(request.user, P.PUBLISH_STATEMENTS))
    form = BatchForm(request.POST or None, quarters=last_quarters(timezone.localdate())[1:])
    if form.is_bound and form.is_valid():
        batch = batches.ask_batch(period=form.cleaned_data["quarter"], by=request.user)
        return redirect("reporting:batch", pk=batch.pk)
    context = {"breadcrumbs": trail(HOME, ("Produire un trimestre", None))}
    return answer_form(request, "reporting/batch_new.html", form, context)


@require_safe
def batch_detail(request, pk):
    """One progress line, then each paper, those that failed with their sentence."""
    batch = get_visible(ProductionBatch.objects, request.user, pk=pk)
    progress = batches.progress_of(batch)
    papers = batches.papers_of(batch)
    context = {
        "batch": batch,
        "quarter": Quarter.parse(batch.period_code),
        "progress": _progress(progress),
        "papers": papers,
        "failures": sum(bool(job.error) for job in papers),
        "drafts": sum(job.statement.published_at is None for job in papers),
        "breadcrumbs": trail(HOME, (str(batch), None)),
    }
    return render(request, "reporting/batch_detail.html", context)


@require_safe
def batch_progress(request, pk):
    """The progress line alone, asked every second until every paper is over."""
    batch = get_visible(ProductionBatch.objects, request.user, pk=pk)
    return render(request, "components/progress.html", _progress(batches.progress_of(batch)))


def _progress(progress):
    return progress_line(
        progress,
        title="Production des états",
        poll_url=reverse("reporting:batch_progress", args=[progress.pk]),
        result_url=reverse("reporting:batch", args=[progress.pk]),
        result_label="Voir la liste à jour",
    )


@require_POST
def batch_retry(request, pk):
    """Ask again for the papers that failed."""
    return _again(request, pk, batches.retry_failures, "Aucun état n’est à produire de nouveau.")


@require_POST
def batch_publish(request, pk):
    """Ask for the publication of the papers still in draft."""
    return _again(request, pk, batches.publish_all, "Aucun brouillon n’est à publier.")


def _again(request, pk, act, nothing):
    batch = get_visible(ProductionBatch.objects, request.user, pk=pk)
    try:
        number = act(batch=batch, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if number:
            messages.success(request, f"Documents demandés : {number}.")
        else:
            messages.info(request, nothing)
    return redirect("reporting:batch", pk=pk)
