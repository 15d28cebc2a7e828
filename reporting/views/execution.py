"""Attestations de bonne exécution: proposed by a facilitator, delivered or refused by a chargée de mission."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.files import PDF, as_download
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires
from markets.models import Award
from markets.presenters import abilities
from reporting.execution_forms import ExecutionProposalForm, ExecutionRefusalForm
from reporting.execution_paper import execution_of
from reporting.models import ExecutionCertificate, ExecutionProposal
from reporting.services import execution

HOME = ("Attestations", "/bonne-execution/")
P = Permission
WITH_LOT = ("award__lot__market", "award__lot__territory", "award__company")
DELIVERED = "L’attestation est délivrée : téléchargez-la ci-dessous, puis remettez-la à l’entreprise."


def _proposals(user):
    rows = ExecutionProposal.objects.visible_to(user).select_related(
        *WITH_LOT, "proposed_by", "decided_by", "certificate"
    )
    return rows.defer("certificate__content")


@require_safe
@requires(P.VIEW_STATEMENTS)
def execution_list(request):
    """Proposals and attestations, the last first; « ?waiting=on » keeps those the Département has not answered."""
    rows = _proposals(request.user)
    waiting = request.GET.get("waiting") == "on"
    page = page_of(request, rows.waiting() if waiting else rows)
    context = {
        "page": page,
        "rows": [(proposal, getattr(proposal, "certificate", None)) for proposal in page.object_list],
        "waiting": waiting,
        "breadcrumbs": trail(HOME),
    }
    return render(request, "reporting/execution_list.html", context)


@require_http_methods(["GET", "POST"])
def execution_propose(request, pk):
    """A facilitator proposes to attest the execution of an award."""
    rows = Award.objects.select_related("lot__market", "company")
    award = get_actionable(rows, request.user, P.PUBLISH_STATEMENTS, pk=pk)
    form = ExecutionProposalForm(request.POST or None)
    made = []
    if form.is_valid() and attempt(
        form,
        lambda: made.append(execution.propose_execution(award=award, by=request.user, **form.cleaned_data)),
    ):
        messages.success(request, "La proposition est transmise à la chargée de mission, qui décide.")
        return redirect("reporting:execution", pk=made[0].pk)
    context = {
        "award": award,
        "execution": execution_of(award),
        "refusal": execution.why_not(award),
        "cancel_url": reverse("markets:lot", args=[award.lot_id]),
        "breadcrumbs": trail(HOME, ("Proposer une attestation", None)),
    }
    return answer_form(request, "reporting/execution_propose.html", form, context)


@require_safe
def execution_detail(request, pk):
    proposal = get_visible(_proposals(request.user), request.user, pk=pk)
    context = {
        "proposal": proposal,
        "certificate": getattr(proposal, "certificate", None),
        "execution": None if proposal.decided_at else execution_of(proposal.award),
        "can": abilities(ExecutionProposal.objects, request.user, pk, P.PUBLISH_REPORTS, P.VIEW_MARKETS),
        "breadcrumbs": trail(HOME, (proposal.award.lot.market.number, None)),
    }
    return render(request, "reporting/execution_detail.html", context)


@require_POST
def execution_deliver(request, pk):
    proposal = get_actionable(ExecutionProposal.objects, request.user, P.PUBLISH_REPORTS, pk=pk)
    tell(request, lambda: execution.deliver_execution(proposal=proposal, by=request.user), DELIVERED)
    return redirect("reporting:execution", pk=pk)


@require_http_methods(["GET", "POST"])
def execution_refuse(request, pk):
    rows = ExecutionProposal.objects.select_related(*WITH_LOT)
    proposal = get_actionable(rows, request.user, P.PUBLISH_REPORTS, pk=pk)
    form = ExecutionRefusalForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: execution.refuse_execution(proposal=proposal, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La proposition est refusée, le facilitateur en est averti.")
        return redirect("reporting:execution", pk=pk)
    title = "Refuser l’attestation"
    context = {
        "title": title,
        "lede": f"{proposal.award.company} – {proposal.award.lot}",
        "cancel_url": reverse("reporting:execution", args=[pk]),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


@require_safe
def execution_download(request, pk):
    certificate = get_visible(ExecutionCertificate.objects, request.user, pk=pk)
    return as_download(f"attestation-{certificate.number}.pdf", PDF.mime, bytes(certificate.content))
