from datetime import datetime, time, timedelta

import django_filters
from django.utils import timezone

from clauses_portal.accounts.models import JournalAction, JournalEntry, JournalResult, User
from clauses_portal.core.forms import DateField
from facilitators.models import Territory


class DayFilter(django_filters.Filter):
    field_class = DateField


def midnight(day):
    """The beginning of a day, in Paris."""
    return timezone.make_aware(datetime.combine(day, time.min))


class JournalFilter(django_filters.FilterSet):
    """Filters of the journal, all in the URL: days, account, act, result, territory, number of the object."""

    since = DayFilter(label="Du", method="from_day")
    until = DayFilter(label="Au", method="to_day")
    actor = django_filters.ModelChoiceFilter(label="Compte", queryset=User.objects.all(), empty_label="Tous")
    act = django_filters.ChoiceFilter(
        label="Acte", field_name="action", choices=JournalAction.choices, empty_label="Tous"
    )
    result = django_filters.ChoiceFilter(label="Résultat", choices=JournalResult.choices, empty_label="Tous")
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Territory.objects.all(), method="in_territory", empty_label="Tous"
    )
    number = django_filters.NumberFilter(
        label="Numéro de l’objet", field_name="object_id", min_value=1, max_value=2**63 - 1, decimal_places=0
    )

    class Meta:
        model = JournalEntry
        fields = ["since", "until", "actor", "act", "result", "territory", "number"]

    def from_day(self, rows, name, value):
        return rows.filter(at__gte=midnight(value)) if value else rows

    def to_day(self, rows, name, value):
        return rows.filter(at__lt=midnight(value + timedelta(days=1))) if value else rows

    def in_territory(self, rows, name, value):
        return rows.filter(territory_id=value.pk) if value else rows
