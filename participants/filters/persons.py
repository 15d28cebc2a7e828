import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clauses_portal.core.validators import validate_one_line
from participants.enums import PrescriberKind, ValidationState
from participants.models import EligibilityValidation, Participant
from participants.services.endings import SOON

STANDINGS = [
    ("valid", "Validées"),
    ("ending", "Bientôt échues"),
    ("waiting", "Demande en attente"),
    ("over", "Échues"),
    ("never", "Jamais validées"),
]


class PersonFilter(django_filters.FilterSet):
    """Filters of the list of persons, all in the URL."""

    q = django_filters.CharFilter(
        label="Nom ou prénom", method="search", max_length=100, validators=[validate_one_line]
    )
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Participant.objects.none(), empty_label="Tous"
    )
    standing = django_filters.ChoiceFilter(
        label="Validation", choices=STANDINGS, method="by_standing", empty_label="Toutes"
    )
    prescriber = django_filters.ChoiceFilter(label="Prescripteur", choices=PrescriberKind, empty_label="Tous")
    available = django_filters.BooleanFilter(
        label="Disponibles aujourd’hui", method="available_today", widget=forms.CheckboxInput
    )

    class Meta:
        model = Participant
        fields = ["q", "territory", "standing", "prescriber", "available"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def search(self, rows, name, value):
        return rows.search(value)

    def available_today(self, rows, name, value):
        return rows.available(timezone.localdate()) if value else rows

    def by_standing(self, rows, name, value):
        return rows.filter(_standing(value, timezone.localdate()))


def _standing(value, today):
    """Condition of one of `STANDINGS` on `today`."""
    said = EligibilityValidation.objects.filter(participant=OuterRef("pk"))
    granted = said.filter(state=ValidationState.GRANTED)
    valid = Exists(granted.filter(starts_on__lte=today, ends_on__gte=today))
    later = Exists(granted.filter(ends_on__gt=today + SOON))
    return {
        "valid": Q(valid),
        "ending": Q(valid) & ~Q(later),
        "waiting": Q(Exists(said.filter(state__in=[ValidationState.PROPOSED, ValidationState.INCOMPLETE]))),
        "over": Q(Exists(granted)) & ~Q(Exists(granted.filter(ends_on__gte=today))),
        "never": ~Q(Exists(granted)),
    }[value]
