"""Filters of the programme and of the forecast: everything in the address, nothing about amounts (A3)."""

from datetime import date

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clauses_portal.core.periods import Quarter, month_start
from markets.enums import LotState
from markets.models import Lot, Market
from markets.programme.dates import STEPS

EVERY_YEAR = "toutes"
LIST, FRIEZE = "liste", "frise"
YEARS_BEHIND, YEARS_AHEAD = 3, 5


def years():
    """Civil years one may ask for, as choices."""
    this_year = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this_year - YEARS_BEHIND, this_year + YEARS_AHEAD)]


class ProgrammeFilter(django_filters.FilterSet):
    """Lines of the programme. Without a year: from the present quarter on, and those that have no date yet."""

    vue = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    q = django_filters.CharFilter(label="Rechercher", method="search")
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Lot.objects.none(), method="of_lots", empty_label="Tous"
    )
    directorate = django_filters.ModelChoiceFilter(
        label="Direction", queryset=Lot.objects.none(), field_name="operation__directorate", empty_label="Toutes"
    )
    trade = django_filters.ModelChoiceFilter(
        label="Corps de métier", queryset=Lot.objects.none(), method="of_lots", empty_label="Tous"
    )
    state = django_filters.ChoiceFilter(label="État", choices=LotState, method="of_lots", empty_label="Tous")
    year = django_filters.ChoiceFilter(label="Année", choices=(), method="keep", empty_label="À venir")

    class Meta:
        model = Market
        fields = ["vue", "q", "territory", "directorate", "trade", "state", "year"]

    def __init__(self, *args, territories, directorates, trades, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories
        self.filters["directorate"].queryset = directorates
        self.filters["trade"].queryset = trades
        self.filters["year"].extra["choices"] = [*years(), (EVERY_YEAR, "Toutes")]

    def keep(self, rows, name, value):
        """Read by the page, or by `filter_queryset`."""
        return rows

    def search(self, rows, name, value):
        found = Q(title__unaccent__icontains=value) | Q(number__icontains=value)
        found |= Q(operation__title__unaccent__icontains=value) | Q(operation__reference__icontains=value)
        return rows.filter(found)

    def of_lots(self, rows, name, value):
        return rows.filter(Exists(Lot.objects.filter(market=OuterRef("pk"), **{name: value})))

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows.filter(self._in_window() if self.view == FRIEZE else self._in_year())

    @property
    def view(self):
        return FRIEZE if self.form.cleaned_data.get("vue") == FRIEZE else LIST

    @property
    def first(self):
        """First day of the twelve months of the frieze: of the year asked, or of the present quarter."""
        asked = self.form.cleaned_data.get("year") or ""
        return date(int(asked), 1, 1) if asked.isdecimal() else Quarter.of(timezone.localdate()).start

    @property
    def last(self):
        return self.first + relativedelta(years=1, days=-1)

    def _in_year(self):
        asked = self.form.cleaned_data.get("year") or ""
        if asked == EVERY_YEAR:
            return Q()
        if asked:
            return Q(programme_day__range=(self.first, self.last))
        return Q(programme_day__isnull=True) | Q(programme_day__gte=self.first)

    def _in_window(self):
        """Something happens in the months of the frieze."""
        condition = Q(starts_on__lte=self.last, ends_on__gte=self.first)
        for step in STEPS:
            condition |= Q(**{f"{step}__range": (self.first, self.last)})
        return condition


class ForecastFilter(django_filters.FilterSet):
    """Lots of the forecast. Without a year: the twelve months that begin with this one."""

    territory = django_filters.ModelChoiceFilter(label="Territoire", queryset=Lot.objects.none(), empty_label="Tous")
    trade = django_filters.ModelChoiceFilter(label="Corps de métier", queryset=Lot.objects.none(), empty_label="Tous")
    year = django_filters.ChoiceFilter(
        label="Période", choices=(), method="keep", empty_label="Les douze prochains mois"
    )

    class Meta:
        model = Lot
        fields = ["territory", "trade", "year"]

    def __init__(self, *args, territories, trades, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories
        self.filters["trade"].queryset = trades
        self.filters["year"].extra["choices"] = years()

    def keep(self, rows, name, value):
        """Read by the page."""
        return rows

    @property
    def first(self):
        """First day of the twelve months shown."""
        asked = self.form.cleaned_data.get("year") if self.form.is_valid() else ""
        return date(int(asked), 1, 1) if asked else month_start(timezone.localdate())
