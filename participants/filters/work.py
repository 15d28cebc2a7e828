import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from participants.enums import PostingState
from participants.models import ExitSituation, JobPosting, Referral


class PostingFilter(django_filters.FilterSet):
    """Filters of the list of postings, all in the URL."""

    q = django_filters.CharFilter(label="Poste, entreprise ou marché", method="search")
    rome = django_filters.CharFilter(label="Code ROME", method="of_occupation")
    state = django_filters.ChoiceFilter(label="État", choices=PostingState, empty_label="Tous")
    territory = django_filters.ModelChoiceFilter(label="Territoire", queryset=None, empty_label="Tous")

    late = django_filters.BooleanFilter(label="Réponses en retard", method="unanswered", widget=forms.CheckboxInput)

    class Meta:
        model = JobPosting
        fields = ["q", "rome", "state", "territory", "late"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def search(self, rows, name, value):
        found = Q(title__unaccent__icontains=value) | Q(award__company__name__unaccent__icontains=value)
        return rows.filter(found | Q(lot__market__number__icontains=value))

    def of_occupation(self, rows, name, value):
        """An occupation, or a family of them (« F17 »)."""
        return rows.filter(rome__code__startswith=value.strip().upper())

    def unanswered(self, rows, name, value):
        late = Referral.objects.late(timezone.localdate()).filter(posting=OuterRef("pk"))
        return rows.filter(Exists(late)) if value else rows


class CallFilter(django_filters.FilterSet):
    """Filters of the calls to make."""

    q = django_filters.CharFilter(label="Personne ou marché", method="search")
    tried = django_filters.BooleanFilter(label="Jamais appelées", method="never_called", widget=forms.CheckboxInput)

    class Meta:
        model = ExitSituation
        fields = ["q", "tried"]

    def search(self, rows, name, value):
        return rows.filter(
            Q(participant__search_name__icontains=value.strip()) | Q(market__number__icontains=value.strip())
        )

    def never_called(self, rows, name, value):
        return rows.filter(attempts=0) if value else rows
