"""The avant-projet beyond its forms: amounts, phases, documents, submitting and sending back (C6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.draft_views import offer_draft
from clauses_portal.accounts.drafts import drop_draft
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.downloads import answer_deposit
from clauses_portal.core.errors import DomainError
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import NOT_FOUND, get_actionable
from markets.estimates import disagreement
from markets.forms.markets import PhaseForm
from markets.forms.preparation import DceForm, EstimatesForm, SendBackForm
from markets.models import DceDocument, Lot, LotPhase, Market
from markets.services import amounts, dce, phases, preparation
from markets.views.lots import HOME, lot_form

P = Permission


@reads_amounts("markets.market", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def estimates(request, pk):
    """The amounts of the market, of its lots and of their phases: confidential, on a screen of their own."""
    market = get_actionable(Market.objects, request.user, P.MANAGE_AMOUNTS, pk=pk)
    lots = list(market.lots.actionable_by(request.user, P.MANAGE_AMOUNTS).prefetch_related("phases"))
    known, key = amounts.estimates_of(market), f"amounts-{pk}"
    seen = amounts.version_of_estimates(market)
    form = EstimatesForm(request.POST or None, lots=lots, estimates=known, seen=seen)
    if form.is_valid() and attempt(
        form, lambda: amounts.set_estimates(market=market, by=request.user, **form.amounts())
    ):
        drop_draft(user=request.user, key=key)
        messages.success(request, "Les montants de l’avant-projet sont enregistrés.")
        return redirect("markets:detail", pk=pk)
    total, by_lot, by_phase = known
    context = {
        "disagreement": disagreement(total, [by_lot.get(lot.pk) for lot in lots]),
        "whole": (total or 0) + sum(amount or 0 for amount in by_phase.values()) if by_phase else None,
        "draft": offer_draft(request, form, key),
    }
    return _answer(request, market, form, "Montants de l’avant-projet", "markets/estimates.html", **context)


def _answer(request, market, form, title, template="components/form_page.html", **context):
    url = reverse("markets:detail", args=[market.pk])
    crumbs = trail(HOME, (market.number, url), (title, None))
    context |= {"title": title, "lede": str(market), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, template, form, context)


@require_POST
def submit(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        preparation.submit(market=market, by=request.user)
        messages.success(request, "L’avant-projet est soumis : la chargée de mission est prévenue.")
    except DomainError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("markets:detail", pk=pk)


@require_http_methods(["GET", "POST"])
def send_back(request, pk):
    market = get_actionable(Market.objects, request.user, P.DECIDE_CLAUSE, pk=pk)
    form = SendBackForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: preparation.send_back(market=market, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "L’avant-projet est renvoyé : sa direction est prévenue.")
        return redirect("markets:detail", pk=pk)
    return _answer(request, market, form, "Renvoyer à la direction")


@require_http_methods(["GET", "POST"])
def phase_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_MARKETS, pk=pk)
    form = PhaseForm(request.POST or None, instance=LotPhase(lot=lot))
    if form.is_valid() and attempt(form, lambda: phases.save_phase(phase=form.save(commit=False), by=request.user)):
        messages.success(request, "C’est ajouté. Son montant se saisit dans les montants de l’avant-projet.")
        return redirect("markets:lot", pk=pk)
    return lot_form(request, lot, form, "Ajouter une option, une tranche ou une reconduction")


@require_http_methods(["GET", "POST"])
def phase_edit(request, pk):
    phase = get_actionable(LotPhase.objects.select_related("lot__market"), request.user, P.MANAGE_MARKETS, pk=pk)
    form = PhaseForm(request.POST or None, instance=phase, seen=version_of(phase))
    if form.is_valid() and attempt(
        form,
        lambda: phases.save_phase(phase=form.save(commit=False), seen=form.cleaned_data["seen"], by=request.user),
    ):
        messages.success(request, "La modification est enregistrée.")
        return redirect("markets:lot", pk=phase.lot_id)
    return lot_form(request, phase.lot, form, f"Modifier {phase}")


@require_POST
def phase_delete(request, pk):
    phase = get_actionable(LotPhase.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        phases.delete_phase(phase=phase, by=request.user)
        messages.success(request, "C’est supprimé.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:lot", pk=phase.lot_id)


@require_http_methods(["GET", "POST"])
def dce_deposit(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    form = DceForm(request.POST or None, request.FILES or None)
    if form.is_valid() and attempt(form, lambda: _deposit(form.cleaned_data, market, request.user)):
        messages.success(request, "La pièce est déposée.")
        return redirect("markets:detail", pk=pk)
    return _answer(request, market, form, "Déposer une pièce de la consultation")


def _deposit(data, market, by):
    file = data["file"]
    dce.deposit(market=market, kind=data["kind"], name=file.name, content=file.read(), by=by)


@require_safe
def dce_download(request, pk):
    """The file, for whoever may read amounts: the documents of a consultation may quote some."""
    document = get_actionable(DceDocument.objects, request.user, P.VIEW_AMOUNTS, pk=pk)
    if document.withdrawn_at:
        raise Http404(NOT_FOUND)
    return answer_deposit(request, document, name=document.name, mime=document.mime)


@require_POST
def dce_withdraw(request, pk):
    document = get_actionable(DceDocument.objects.defer("content"), request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        dce.withdraw(document=document, by=request.user)
        messages.success(request, "La pièce est retirée.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:detail", pk=document.market_id)
