from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts.draft_views import offer_draft
from clauses_portal.accounts.drafts import drop_draft
from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import note_amounts
from facilitators.permissions import get_actionable, get_visible, requires, scope_of, territories_for
from facilitators.reference import DEPARTMENT_SIRET
from markets.calibrating.rows import section_of
from markets.exports import MARKETS
from markets.filters import MarketFilter
from markets.forms.markets import MarketForm, NewMarketForm
from markets.lot_companies import companies_of
from markets.lot_documents import documents_of
from markets.lot_instruction import instruction_of
from markets.models import Calibration, Lot, Market
from markets.penalty_page import penalties_of
from markets.presenters import abilities, amounts_of, preparation_of, totals_of
from markets.services import markets
from markets.views.lots import HOME, places_of
from operations.models import Operation

P = Permission
# What the page of a lot offers, to those who may.
ON_A_LOT = (
    P.MANAGE_MARKETS,
    P.VIEW_AMOUNTS,
    P.MANAGE_AMOUNTS,
    P.DECIDE_CLAUSE,
    P.GIVE_OPINION,
    P.GIVE_VISA,
    P.PROPOSE_CALIBRATION,
    P.VIEW_METHOD,
    P.RETAIN_CALIBRATION,
    P.MANAGE_AWARDS,
    P.MANAGE_COMPANIES,
    P.VIEW_HOURS,
    P.MANAGE_ALERTS,
    P.MANAGE_MEETINGS,
    P.MANAGE_PERSONS,
    P.ASSIGN_REFERENTS,
    P.PRODUCE_DOCUMENTS,
    P.VIEW_PENALTIES,
    P.PROPOSE_PENALTIES,
    P.PUBLISH_STATEMENTS,
)


def _listed(request):
    """The markets this account may see, as the address filters them."""
    lots = Prefetch("lots", Lot.objects.visible_to(request.user).select_related("territory"))
    rows = Market.objects.visible_to(request.user).newest_first()
    rows = rows.select_related("operation").prefetch_related(lots)
    return MarketFilter(request.GET, queryset=rows, territories=territories_for(request.user, P.VIEW_MARKETS))


def _with_totals(markets, user):
    totals = totals_of(markets, user)
    return [(market, totals[market.pk]) for market in markets]


@require_safe
@requires(P.VIEW_MARKETS)
def market_list(request):
    filters = _listed(request)
    page = page_of(request, filters.qs)
    context = {
        "filters": filters,
        "page": page,
        "rows": _with_totals(page.object_list, request.user),
        "may_create": scope_of(request.user).allows(P.MANAGE_MARKETS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/market_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def market_export(request, file_format):
    filters = _listed(request)
    return export(
        request,
        file_format,
        MARKETS,
        filters.qs,
        criteria=criteria_of(filters.form),
        present=lambda markets: _with_totals(markets, request.user),
    )


@require_safe
def market_detail(request, pk):
    market = get_visible(Market.objects.select_related("operation", "submitted_by"), request.user, pk=pk)
    lots = market.lots.visible_to(request.user).select_related("territory", "decision")
    retained = Prefetch("calibrations", Calibration.objects.visible_to(request.user).firm().retained())
    lots = list(lots.prefetch_related("awards__company", retained))
    context = {
        "market": market,
        "lots": lots,
        "totals": totals_of([market], request.user)[market.pk],
        "amounts": amounts_of(lots, request.user),
        "can": abilities(
            Market.objects,
            request.user,
            pk,
            P.MANAGE_MARKETS,
            P.MANAGE_AMOUNTS,
            P.VIEW_AMOUNTS,
            P.DECIDE_CLAUSE,
        ),
        "preparation": preparation_of(market, lots, request.user),
        "exits": market.exits.actionable_by(request.user, P.VIEW_HOURS).by_horizon(),
        "history": market.history.select_related("history_user")[:10],
        "breadcrumbs": trail(HOME, (market.number, None)),
    }
    if context["can"][P.VIEW_AMOUNTS]:
        note_amounts(request, market)
    return render(request, "markets/market_detail.html", context)


@require_safe
def lot_detail(request, pk):
    rows = Lot.objects.select_related("market__operation", "territory", "trade")
    rows = rows.select_related("decision__decided_by", "decision__visa_by", "decision__grid")
    lot = get_visible(rows, request.user, pk=pk)
    can = abilities(Lot.objects, request.user, pk, *ON_A_LOT)
    phases = lot.phases.all()
    context = {
        "lot": lot,
        "decision": getattr(lot, "decision", None),
        "companies": companies_of(lot),
        "calibration": section_of(lot, phases),
        "alerts": lot.alerts.visible_to(request.user).select_related("author"),
        "meetings": lot.meetings.visible_to(request.user),
        "observations": lot.physical_progress.visible_to(request.user).select_related("recorded_by"),
        "postings": lot.postings.visible_to(request.user).select_related("award__company"),
        "amounts": amounts_of([lot], request.user).get(lot.pk),
        "can": can,
        "instruction": instruction_of(lot, request.user, may_see_amounts=can["view_amounts"]),
        "papers": documents_of(lot, request.user, may_produce=can["produce_documents"]),
        "penalties": penalties_of(lot, request.user, may_see=can["view_penalties"]),
        "phases": phases,
        "occupations": lot.occupations.all(),
        "is_over": lot.is_over(timezone.localdate()),
        "referents": lot.referents.select_related("referent", "substitute"),
        "breadcrumbs": trail(HOME, (lot.market.number, f"/marches/{lot.market_id}/"), (f"Lot {lot.number}", None)),
    }
    if can[P.VIEW_AMOUNTS]:
        note_amounts(request, lot)
    return render(request, "markets/lot_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_MARKETS)
def market_create(request):
    form, key = _new_market(request), "market-new"
    if form.is_valid() and attempt(form, lambda: _create(form, request.user)):
        drop_draft(user=request.user, key=key)
        messages.success(request, f"Le marché {form.instance.number} est enregistré, avec son premier lot.")
        return redirect("markets:detail", pk=form.instance.pk)
    title = "Nouveau marché"
    context = {
        "title": title,
        "cancel_url": reverse("markets:list"),
        "draft": offer_draft(request, form, key),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _new_market(request):
    return NewMarketForm(
        request.POST or None,
        operations=Operation.objects.actionable_by(request.user, P.MANAGE_MARKETS),
        territories=places_of(request.user),
        initial={"buyer_siret": DEPARTMENT_SIRET, "operation": request.GET.get("operation")},
    )


def _create(form, by):
    markets.create_market(market=form.save(commit=False), territory=form.cleaned_data["territory"], by=by)


@require_http_methods(["GET", "POST"])
def market_edit(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    operations = Operation.objects.actionable_by(request.user, P.MANAGE_MARKETS)
    key = f"market-{pk}"
    form = MarketForm(request.POST or None, instance=market, operations=operations, seen=version_of(market))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        drop_draft(user=request.user, key=key)
        messages.success(request, f"Le marché {market.number} est enregistré.")
        return redirect("markets:detail", pk=pk)
    url, title = reverse("markets:detail", args=[pk]), f"Modifier {market.number}"
    context = {
        "title": title,
        "cancel_url": url,
        "draft": offer_draft(request, form, key),
        "breadcrumbs": trail(HOME, (market.number, url), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _change(form, by):
    markets.change_market(market=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)
