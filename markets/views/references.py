"""What the administrator keeps up to date: thresholds of the law and tariff of the penalties; trades, to be read."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core import french
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from markets.filters import TradeFilter
from markets.forms.references import (
    PenaltyCorrectionForm,
    PenaltyEndForm,
    PenaltyForm,
    ThresholdCorrectionForm,
    ThresholdForm,
)
from markets.legal import ThresholdCategory
from markets.models import CriteriaGrid, LegalThreshold, PenaltyRule, Trade
from markets.services import references

HOME = ("Référentiels", "/referentiels/")
THRESHOLDS = ("Seuils", "/referentiels/seuils/")
PENALTIES = ("Pénalités", "/referentiels/penalites/")
MANAGE = Permission.MANAGE_REFERENCES


@require_safe
@requires(MANAGE)
def reference_index(request):
    context = {"grid": CriteriaGrid.objects.in_force(), "breadcrumbs": trail(HOME)}
    return render(request, "markets/references/index.html", context)


@require_safe
@requires(MANAGE)
def threshold_list(request):
    rows = list(LegalThreshold.objects.order_by("-valid_from"))
    context = {
        "categories": [(c, [row for row in rows if row.category == c]) for c in ThresholdCategory],
        "labels": dict(ThresholdCategory.choices),
        "page": page_of(request, LegalThreshold.history.select_related("history_user"), size=10),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME, THRESHOLDS),
    }
    return render(request, "markets/references/threshold_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def threshold_create(request):
    form = ThresholdForm(request.POST or None, initial={"category": request.GET.get("categorie")})
    if form.is_valid() and attempt(form, lambda: _replace(form, ["category"], request.user)):
        messages.success(request, f"Le nouveau seuil est enregistré ({form.instance.label}).")
        return redirect("markets:thresholds")
    return answer_reference(request, form, "Nouvelle valeur d’un seuil", "markets:thresholds", THRESHOLDS)


def _replace(form, same, by):
    references.replace_from(form.save(commit=False), same=same, by=by)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def threshold_edit(request, pk):
    row = get_object_or_404(LegalThreshold, pk=pk)
    form = ThresholdCorrectionForm(request.POST or None, instance=row)
    if form.is_valid() and attempt(form, lambda: references.correct(form.save(commit=False), by=request.user)):
        messages.success(request, "Le seuil est corrigé.")
        return redirect("markets:thresholds")
    lede = f"{row.label}, à compter du {french.date(row.valid_from)}"
    return answer_reference(request, form, "Corriger un seuil", "markets:thresholds", THRESHOLDS, lede)


@require_safe
@requires(MANAGE)
def penalty_list(request):
    context = {
        "penalties": PenaltyRule.objects.all(),
        "page": page_of(request, PenaltyRule.history.select_related("history_user"), size=10),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME, PENALTIES),
    }
    return render(request, "markets/references/penalty_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def penalty_create(request):
    form = PenaltyForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: references.add_penalty(form.save(commit=False), by=request.user)):
        messages.success(request, "La pénalité est enregistrée.")
        return redirect("markets:penalties")
    return answer_reference(request, form, "Nouvelle pénalité", "markets:penalties", PENALTIES)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def penalty_replace(request, pk):
    """A new tariff for the breach of this row."""
    row = get_object_or_404(PenaltyRule, pk=pk)
    known = {name: getattr(row, name) for name in PenaltyCorrectionForm.Meta.fields}
    form = PenaltyForm(request.POST or None, instance=PenaltyRule(code=row.code), initial=known)
    if form.is_valid() and attempt(form, lambda: _replace(form, ["code"], request.user)):
        messages.success(request, f"Le nouveau tarif est enregistré ({row.breach}).")
        return redirect("markets:penalties")
    return answer_reference(request, form, "Nouveau tarif", "markets:penalties", PENALTIES, row.breach)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def penalty_edit(request, pk):
    row = get_object_or_404(PenaltyRule, pk=pk)
    form = PenaltyCorrectionForm(request.POST or None, instance=row)
    if form.is_valid() and attempt(form, lambda: references.correct(form.save(commit=False), by=request.user)):
        messages.success(request, "La pénalité est corrigée.")
        return redirect("markets:penalties")
    return answer_reference(request, form, "Corriger une pénalité", "markets:penalties", PENALTIES, row.breach)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def penalty_end(request, pk):
    """Stop printing a penalty in the documents, from the day after."""
    row = get_object_or_404(PenaltyRule, pk=pk)
    form = PenaltyEndForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: references.end_on(row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"Cette pénalité ne s’appliquera plus ({row.breach}).")
        return redirect("markets:penalties")
    return answer_reference(request, form, "Ne plus appliquer une pénalité", "markets:penalties", PENALTIES, row.breach)


@require_safe
@requires(MANAGE)
def trade_list(request):
    filters = TradeFilter(request.GET, queryset=Trade.objects.prefetch_related("occupations"))
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "breadcrumbs": trail(HOME, ("Corps de métier", None)),
    }
    return render(request, "markets/references/trade_list.html", context)


def answer_reference(request, form, title, back, step, lede=""):
    context = {
        "title": title,
        "lede": lede,
        "cancel_url": reverse(back),
        "breadcrumbs": trail(HOME, step, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
