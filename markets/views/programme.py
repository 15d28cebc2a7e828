from itertools import groupby

from django.db.models import F, Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.periods import Quarter
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.models import Directorate
from facilitators.permissions import requires, scope_of, territories_for
from markets.models import Lot, Market, Trade
from markets.programme.columns import LABELS
from markets.programme.filters import FRIEZE, ProgrammeFilter
from markets.programme.frieze import cells_of, months_from, quarters_of
from markets.services.agenda import dates_for
from markets.views.spreadsheets import spreadsheet

HOME = ("Programme", "/marches/programme/")
P = Permission
# What leaves the portal: never an amount, whoever asks (C27).
CALENDAR = ("planned_publication_on", "planned_tenders_on", "planned_notification_on")
EXPORTED = (
    *("operation_reference", "operation_title", "market_number", "title", "kind", "procedure", "cpv"),
    *("lot_number", "lot_title", "territory", "trade", "firm_months", *CALENDAR, "starts_on", "ends_on"),
)


def filtered(request):
    """The lines of the programme this account may see, as the address filters them."""
    lots = Lot.objects.visible_to(request.user).select_related("territory", "trade").order_by("number")
    rows = Market.objects.visible_to(request.user).in_programme()
    rows = rows.order_by(F("programme_day").asc(nulls_last=True), "number", "pk")
    return ProgrammeFilter(
        request.GET,
        queryset=rows.select_related("operation__directorate").prefetch_related(Prefetch("lots", lots)),
        territories=territories_for(request.user, P.VIEW_MARKETS),
        directorates=Directorate.objects.all(),
        trades=Trade.objects.all(),
    )


@require_safe
@requires(P.VIEW_MARKETS)
def programme(request):
    """The programme by quarter: a list or, with ?vue=frise, twelve months at a glance."""
    filters = filtered(request)
    page = page_of(request, filters.qs)
    context = {
        "filters": filters,
        "page": page,
        "tab": "frieze" if filters.view == FRIEZE else "list",
        "may_create": scope_of(request.user).allows(P.MANAGE_MARKETS),
        "breadcrumbs": trail(HOME),
    }
    if filters.view == FRIEZE:
        months = months_from(filters.first)
        context |= {
            "months": months,
            "quarters": quarters_of(months),
            "rows": [(market, cells_of(market, months)) for market in page.object_list],
        }
    else:
        context["quarters"] = by_quarter(page.object_list)
    return render(request, "markets/programme.html", context)


def by_quarter(markets):
    """[(Quarter or None, [(market, territories, trades)])], in the order of the markets."""
    lines = groupby(markets, lambda market: quarter_of(market.programme_day))
    return [(quarter, [described(market) for market in rows]) for quarter, rows in lines]


def described(market):
    """(market, names of the territories of its lots, labels of their trades), each once."""
    lots = market.lots.all()
    territories = sorted({lot.territory.name for lot in lots})
    return market, territories, sorted({lot.trade.label for lot in lots if lot.trade})


def quarter_of(day):
    return Quarter.of(day) if day else None


@require_safe
@requires(P.VIEW_MARKETS)
def programme_export(request):
    """The lines of the programme, one per lot, under the headers an import recognises."""
    headers = ["Trimestre", "Direction", *(LABELS[name] for name in EXPORTED), "État"]
    rows = [exported(market, lot) for market in filtered(request).qs for lot in market.lots.all()]
    return spreadsheet(request, "programme", "Programme", headers, rows)


def exported(market, lot):
    operation = market.operation
    values = {
        "operation_reference": operation.reference,
        "operation_title": operation.title,
        "market_number": market.number,
        "title": market.title,
        "kind": market.get_kind_display(),
        "procedure": market.get_procedure_display(),
        "cpv": market.cpv,
        "lot_number": lot.number,
        "lot_title": lot.title,
        "territory": lot.territory.name,
        "trade": lot.trade.label if lot.trade else "",
        "firm_months": lot.firm_months,
        "starts_on": lot.starts_on or market.starts_on,
        "ends_on": lot.ends_on or market.ends_on,
    } | {step: getattr(market, step) for step in CALENDAR}
    quarter = quarter_of(market.programme_day)
    told = [str(quarter) if quarter else "", operation.directorate.name, *(values[name] for name in EXPORTED)]
    return [*told, lot.get_state_display()]


@require_safe
@requires(P.VIEW_MARKETS)
def programme_dates(request):
    """« Mes dates du trimestre »: markets and operations of one's own scope, day by day."""
    quarter = asked_quarter(request)
    context = {
        "quarter": quarter,
        "dates": dates_for(request.user, quarter.start, quarter.end),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME, ("Mes dates du trimestre", None)),
    }
    return render(request, "markets/programme_dates.html", context)


def asked_quarter(request):
    """The quarter of ?trimestre=, the present one when it makes no sense or leaves no room before or after it."""
    try:
        quarter = Quarter.parse(request.GET.get("trimestre"))
        return quarter if quarter.previous and quarter.next else quarter
    except ValueError:
        return Quarter.of(timezone.localdate())
