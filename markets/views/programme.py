from itertools import groupby

from django.db.models import F, Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.periods import Quarter
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.models import Directorate
from facilitators.permissions import requires, scope_of, territories_for
from markets.exports import PROGRAMME, lots_of_programme, quarter_of
from markets.models import Lot, Market, Trade
from markets.programme.filters import FRIEZE, ProgrammeFilter
from markets.programme.frieze import cells_of, months_from, quarters_of
from markets.services.agenda import dates_for

HOME = ("Programme", "/marches/programme/")
P = Permission


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


@require_safe
@requires(P.VIEW_MARKETS)
def programme_export(request, file_format):
    """The lines of the programme, one per lot, under the headers an import recognises."""
    filters = filtered(request)
    criteria = criteria_of(filters.form)
    return export(request, file_format, PROGRAMME, filters.qs, criteria=criteria, present=lots_of_programme)


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
