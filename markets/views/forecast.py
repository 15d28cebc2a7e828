from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core import french
from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.periods import month_end
from clauses_portal.core.web import trail
from facilitators.enums import Permission
from facilitators.permissions import requires, territories_for
from markets.exports import FORECAST
from markets.forecast_table import ForecastTable
from markets.models import Lot, Trade
from markets.programme.filters import ForecastFilter
from markets.programme.frieze import months_from
from markets.services.forecast import forecast_of
from markets.views.programme import HOME

P = Permission


def table_of(request):
    """(filters, ForecastTable) of the lots this account may see."""
    filters = ForecastFilter(
        request.GET,
        queryset=Lot.objects.visible_to(request.user),
        territories=territories_for(request.user, P.VIEW_MARKETS),
        trades=Trade.objects.all(),
    )
    months = months_from(filters.first)
    rows = forecast_of(filters.qs, first=months[0], last=month_end(months[-1]))
    return filters, ForecastTable(rows, months, settings.HOURS_PER_HIRE)


@require_safe
@requires(P.VIEW_MARKETS)
def forecast(request):
    """Hires to come, by occupation, territory and month (C10)."""
    filters, table = table_of(request)
    context = {
        "filters": filters,
        "table": table,
        "average": f"à {french.hours(settings.HOURS_PER_HIRE)} chacune en moyenne",
        "breadcrumbs": trail(HOME, ("Prévision des recrutements", None)),
    }
    return render(request, "markets/forecast.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def forecast_export(request, file_format):
    """For partners: aggregated by occupation, month and territory, without a market, a company or an amount (C27)."""
    filters, table = table_of(request)
    return export(request, file_format, FORECAST, list(table.exported()), criteria=criteria_of(filters.form))
