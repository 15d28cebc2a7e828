from datetime import date

import django_filters
from django import forms

from facilitators.models import Directorate, Territory
from markets.models import Market
from reporting.enums import DeclarationState, StatementKind, StatementState
from reporting.models import Statement


class StatementFilter(django_filters.FilterSet):
    """Filters of the library, all in the URL. A year is that of any day of the period."""

    kind = django_filters.ChoiceFilter(label="Nature", choices=StatementKind, empty_label="Toutes")
    year = django_filters.NumberFilter(label="Année", method="in_year", min_value=1990, max_value=2100)
    quarter = django_filters.ChoiceFilter(
        label="Trimestre",
        choices=[(f"T{number}", f"T{number}") for number in range(1, 5)],
        method="in_quarter",
        empty_label="Tous",
    )
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Territory.objects.none(), empty_label="Tous"
    )
    directorate = django_filters.ModelChoiceFilter(
        label="Direction", queryset=Directorate.objects.none(), empty_label="Toutes"
    )
    market = django_filters.CharFilter(label="Numéro de marché", field_name="market__number", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label="État", choices=StatementState, empty_label="Tous")
    in_force = django_filters.BooleanFilter(
        label="Versions en vigueur seulement", method="only_in_force", widget=forms.CheckboxInput
    )

    class Meta:
        model = Statement
        fields = ["kind", "year", "quarter", "territory", "directorate", "market", "state", "in_force"]

    def __init__(self, *args, territories, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories
        self.filters["directorate"].queryset = directorates

    def in_year(self, rows, name, value):
        year = int(value)
        return rows.filter(starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1))

    def in_quarter(self, rows, name, value):
        return rows.filter(period_code__endswith=f"-{value}")

    def only_in_force(self, rows, name, value):
        return rows.in_force() if value else rows


class DeclarationFilter(django_filters.FilterSet):
    """Of the markets of the essential data: those to correct first."""

    number = django_filters.CharFilter(label="Numéro de marché", lookup_expr="icontains")
    declaration = django_filters.ChoiceFilter(label="État", choices=DeclarationState, empty_label="Tous")

    class Meta:
        model = Market
        fields = ["number", "declaration"]
