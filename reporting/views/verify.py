"""The public page of those who were given a document: authentic, or not (issue 5)."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from clauses_portal.core import throttle
from clauses_portal.core.errors import too_many_requests
from reporting.request_forms import VerificationForm
from reporting.services.verification import is_authentic

ACTION = "verification"
MOST_AN_HOUR = 30  # wrong answers of an address: enough for a pile of papers, too few to guess


@login_not_required
@require_http_methods(["GET", "POST"])
def verify(request):
    """Ask for a code and, to compare it, for the document; say only whether it is authentic."""
    if request.method == "POST" and throttle.is_over(request, ACTION, MOST_AN_HOUR):
        return too_many_requests(request)
    form = VerificationForm(request.POST, request.FILES) if request.method == "POST" else VerificationForm()
    authentic = _answer(form) if form.is_bound and form.is_valid() else None
    if form.is_bound and not authentic:
        throttle.note_failure(request, ACTION)
    status = 422 if form.is_bound and authentic is None else 200
    context = {"form": form, "answered": authentic is not None, "authentic": authentic}
    response = render(request, "reporting/verify.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(form):
    document = form.cleaned_data["document"]
    return is_authentic(code=form.cleaned_data["code"], sha256=document.sha256 if document else None)
