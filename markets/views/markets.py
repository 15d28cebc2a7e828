from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import get_actionable, get_visible, requires, scope_of, territories_for
from facilitators.reference import DEPARTMENT_SIRET
from markets.filters import MarketFilter
from markets.forms.markets import LotAmountsForm, LotForm, MarketForm, NewMarketForm
from markets.models import Lot, LotFinancials, Market
from markets.presenters import abilities, amounts_of, totals_of
from markets.services import markets
from operations.models import Operation

HOME = ("Marchés", "/marches/")
P = Permission


@require_safe
@requires(P.VIEW_MARKETS)
def market_list(request):
    lots = Prefetch("lots", Lot.objects.visible_to(request.user).select_related("territory"))
    rows = Market.objects.visible_to(request.user).newest_first()
    rows = rows.select_related("operation").prefetch_related(lots)
    filters = MarketFilter(request.GET, queryset=rows, territories=territories_for(request.user, P.VIEW_MARKETS))
    page = page_of(request, filters.qs)
    totals = totals_of(page.object_list, request.user)
    context = {
        "filters": filters,
        "page": page,
        "rows": [(market, totals[market.pk]) for market in page.object_list],
        "may_create": scope_of(request.user).allows(P.MANAGE_MARKETS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/market_list.html", context)


@require_safe
def market_detail(request, pk):
    market = get_visible(Market.objects.select_related("operation"), request.user, pk=pk)
    lots = market.lots.visible_to(request.user).select_related("territory", "decision")
    lots = list(lots.prefetch_related("awards__company", "calibrations"))
    context = {
        "market": market,
        "lots": lots,
        "totals": totals_of([market], request.user)[market.pk],
        "amounts": amounts_of(lots, request.user),
        "can": abilities(Market.objects, request.user, pk, P.MANAGE_MARKETS),
        "history": market.history.select_related("history_user")[:10],
        "breadcrumbs": trail(HOME, (market.number, None)),
    }
    return render(request, "markets/market_detail.html", context)


@require_safe
def lot_detail(request, pk):
    rows = Lot.objects.select_related("market__operation", "territory", "decision__decided_by")
    lot = get_visible(rows, request.user, pk=pk)
    awards = (
        lot.awards.with_objective().select_related("company", "parent__company").prefetch_related("objective_entries")
    )
    context = {
        "lot": lot,
        "decision": getattr(lot, "decision", None),
        "awards": awards,
        "calibrations": lot.calibrations.select_related("proposed_by", "retained_by"),
        "alerts": lot.alerts.visible_to(request.user).select_related("raised_by"),
        "amounts": amounts_of([lot], request.user).get(lot.pk),
        "can": abilities(
            Lot.objects,
            request.user,
            pk,
            P.MANAGE_MARKETS,
            P.VIEW_AMOUNTS,
            P.MANAGE_AMOUNTS,
            P.DECIDE_CLAUSE,
            P.PROPOSE_CALIBRATION,
            P.VIEW_METHOD,
            P.RETAIN_CALIBRATION,
            P.MANAGE_AWARDS,
            P.VIEW_HOURS,
            P.MANAGE_ALERTS,
            P.MANAGE_PERSONS,
            P.ASSIGN_REFERENTS,
        ),
        "referents": lot.referents.select_related("referent", "substitute"),
        "breadcrumbs": trail(HOME, (lot.market.number, f"/marches/{lot.market_id}/"), (f"Lot {lot.number}", None)),
    }
    return render(request, "markets/lot_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_MARKETS)
def market_create(request):
    form = NewMarketForm(
        request.POST or None,
        operations=Operation.objects.actionable_by(request.user, P.MANAGE_MARKETS),
        territories=_territories(request.user),
        initial={"buyer_siret": DEPARTMENT_SIRET, "operation": request.GET.get("operation")},
    )
    if form.is_valid() and attempt(form, lambda: _create(form, request.user)):
        messages.success(request, f"Le marché {form.instance.number} est enregistré, avec son premier lot.")
        return redirect("markets:detail", pk=form.instance.pk)
    title = "Nouveau marché"
    context = {
        "title": title,
        "cancel_url": reverse("markets:list"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _create(form, by):
    markets.create_market(
        market=form.save(commit=False),
        territory=form.cleaned_data["territory"],
        estimated_amount=form.cleaned_data["estimated_amount"],
        by=by,
    )


def _territories(user):
    """Where this account may place a lot: everywhere for an agent of the Département."""
    scope = scope_of(user)
    return Territory.objects.all() if scope.directorates else territories_for(user, P.MANAGE_MARKETS)


@require_http_methods(["GET", "POST"])
def market_edit(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    operations = Operation.objects.actionable_by(request.user, P.MANAGE_MARKETS)
    form = MarketForm(request.POST or None, instance=market, operations=operations)
    if form.is_valid() and attempt(
        form, lambda: markets.change_market(market=form.save(commit=False), by=request.user)
    ):
        messages.success(request, f"Le marché {market.number} est enregistré.")
        return redirect("markets:detail", pk=pk)
    return _market_form(request, market, form, f"Modifier {market.number}")


@require_http_methods(["GET", "POST"])
def lot_create(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    form = LotForm(request.POST or None, instance=Lot(market=market), territories=_territories(request.user))
    if form.is_valid() and attempt(form, lambda: markets.add_lot(market=market, by=request.user, **form.cleaned_data)):
        messages.success(request, "Le lot est ajouté.")
        return redirect("markets:detail", pk=pk)
    return _market_form(request, market, form, f"Ajouter un lot à {market.number}")


def _market_form(request, market, form, title):
    url = reverse("markets:detail", args=[market.pk])
    crumbs = trail(HOME, (market.number, url), (title, None))
    return answer_form(
        request, "components/form_page.html", form, {"title": title, "cancel_url": url, "breadcrumbs": crumbs}
    )


@require_http_methods(["GET", "POST"])
def lot_edit(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_MARKETS, pk=pk)
    form = LotForm(request.POST or None, instance=lot, territories=_territories(request.user))
    if form.is_valid() and attempt(form, lambda: markets.change_lot(lot=form.save(commit=False), by=request.user)):
        messages.success(request, "Le lot est enregistré.")
        return redirect("markets:lot", pk=pk)
    return _lot_form(request, lot, form, "Modifier le lot")


@require_http_methods(["GET", "POST"])
def lot_amounts(request, pk):
    """The confidential amounts, on a screen of their own."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_AMOUNTS, pk=pk)
    current = LotFinancials.objects.visible_to(request.user).filter(lot=lot).first()
    initial = {name: getattr(current, name, None) for name in ("estimated_amount", "awarded_amount")}
    form = LotAmountsForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(
        form, lambda: markets.set_lot_amounts(lot=lot, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les montants du lot sont enregistrés.")
        return redirect("markets:lot", pk=pk)
    return _lot_form(request, lot, form, "Montants du lot")


def _lot_form(request, lot, form, title):
    url = reverse("markets:lot", args=[lot.pk])
    crumbs = trail(HOME, (lot.market.number, reverse("markets:detail", args=[lot.market_id])), (title, None))
    context = {"title": title, "lede": str(lot), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def lot_close(request, pk):
    lot = get_actionable(Lot.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        markets.close_lot(lot=lot, by=request.user)
        messages.success(request, "Le lot est soldé.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:lot", pk=pk)
