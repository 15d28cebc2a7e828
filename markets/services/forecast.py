"""What the forecast of hires reads: the lots a person may see, their hours, dates and occupations, in four queries."""

from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce

from markets.enums import LotState
from markets.forecast import Load, execution, forecast
from markets.models import Calibration, RomeCode

OVER = [LotState.SET_ASIDE, LotState.CLOSED]


def forecast_of(lots, *, first, last):
    """`markets.forecast.Row`s of these lots (a scoped queryset) whose execution meets the days `first` to `last`.

    A lot without dates counts too: its hours belong to no month yet.
    """
    return forecast([load for lot in _with_hours(lots, first, last) if (load := _load(lot)) is not None])


def _with_hours(lots, first, last):
    """Lots in preparation or running with firm hours, all that the arithmetic needs read at once."""
    starts = Coalesce("starts_on", "market__starts_on", "market__planned_notification_on")
    ends = Coalesce("ends_on", "market__ends_on")
    rows = lots.exclude(state__in=OVER).annotate(starts=starts, ends=ends)
    rows = rows.filter(Q(starts__isnull=True) | Q(starts__lte=last), Q(ends__isnull=True) | Q(ends__gte=first))
    calibrations = Prefetch("calibrations", Calibration.objects.firm().order_by("-version"), to_attr="firm")
    occupations = Prefetch("occupations", RomeCode.objects.order_by("code"))
    of_trade = Prefetch("trade__occupations", RomeCode.objects.order_by("code"))
    rows = rows.annotate(place=F("territory__name"), contract_months=F("market__duration_months"))
    rows = rows.filter(pk__in=Calibration.objects.firm().values("lot"))
    return rows.order_by("pk").select_related("trade").prefetch_related(calibrations, occupations, of_trade)


def _load(lot):
    """The hours of a lot: the last ones retained, or else the last ones proposed."""
    retained = next((version.retained_hours for version in lot.firm if version.retained_hours), None)
    hours = retained or lot.firm[0].proposed_hours
    if hours <= 0:
        return None
    starts_on, ends_on = execution(lot.starts, lot.ends, lot.firm_months or lot.contract_months)
    return Load(
        territory=lot.place,
        hours=hours,
        occupations=_occupations(lot),
        starts_on=starts_on,
        ends_on=ends_on,
        estimated=retained is None,
    )


def _occupations(lot):
    own = tuple((code.code, code.label) for code in lot.occupations.all())
    if own or lot.trade is None:
        return own
    return tuple((code.code, code.label) for code in lot.trade.occupations.all())
