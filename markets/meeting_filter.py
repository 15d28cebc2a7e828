import django_filters
from django.utils import timezone

from markets.enums import MeetingKind
from markets.models import Meeting

MOMENTS = (
    ("ahead", "À venir"),
    ("to_minute", "Compte rendu à produire"),
    ("past", "Passées"),
)


class MeetingFilter(django_filters.FilterSet):
    """Filters of the list of meetings, all in the URL."""

    when = django_filters.ChoiceFilter(label="Moment", choices=MOMENTS, method="by_moment", empty_label="Toutes")
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Meeting.objects.none(), empty_label="Tous"
    )
    kind = django_filters.ChoiceFilter(label="Nature", choices=MeetingKind, empty_label="Toutes")

    class Meta:
        model = Meeting
        fields = ["when", "territory", "kind"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def by_moment(self, rows, name, value):
        return getattr(rows, value)(timezone.now())
