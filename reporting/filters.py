import django_filters

from facilitators.models import Territory
from reporting.enums import StatementState
from reporting.models import Statement


class StatementFilter(django_filters.FilterSet):
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Territory.objects.none(), empty_label="Tous"
    )
    state = django_filters.ChoiceFilter(label="État", choices=StatementState, empty_label="Tous")

    class Meta:
        model = Statement
        fields = ["territory", "state"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories
