import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from markets.enums import AlertCategory, AlertSeverity, EmployerKind, LotState, MarketKind, PenaltyState
from markets.models import Alert, Company, Lot, Market, PenaltyCase, Trade
from markets.services.duty import FILTERED_DUTIES, having_duty
from markets.services.opinion import OPINION_STATES, having_opinion


class MarketFilter(django_filters.FilterSet):
    """Filters of the market list: everything in the URL, nothing about amounts (A3)."""

    q = django_filters.CharFilter(label="Rechercher", method="search")
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Lot.objects.none(), method="in_territory", empty_label="Tous"
    )
    state = django_filters.ChoiceFilter(label="État", choices=LotState, method="in_state", empty_label="Tous")
    kind = django_filters.ChoiceFilter(label="Nature", choices=MarketKind, empty_label="Toutes")

    class Meta:
        model = Market
        fields = ["q", "territory", "state", "kind"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def search(self, rows, name, value):
        return rows.filter(Q(title__unaccent__icontains=value) | Q(number__icontains=value))

    def in_territory(self, rows, name, value):
        return rows.filter(Exists(Lot.objects.filter(market=OuterRef("pk"), territory=value)))

    def in_state(self, rows, name, value):
        return rows.filter(Exists(Lot.objects.filter(market=OuterRef("pk"), state=value)))


class AlertFilter(django_filters.FilterSet):
    """Filters of the list of alerts, all in the URL."""

    opened = django_filters.ChoiceFilter(
        label="Suivi",
        choices=[("open", "Ouvertes"), ("late", "Réponse en retard"), ("closed", "Closes")],
        method="by_opening",
        empty_label="Toutes",
    )
    severity = django_filters.ChoiceFilter(label="Gravité", choices=AlertSeverity, empty_label="Toutes")
    category = django_filters.ChoiceFilter(label="Catégorie", choices=AlertCategory, empty_label="Toutes")
    territory = django_filters.ModelChoiceFilter(label="Territoire", queryset=Lot.objects.none(), empty_label="Tous")
    mine = django_filters.BooleanFilter(
        label="Celles qui me sont adressées", method="sent_to_me", widget=forms.CheckboxInput
    )

    class Meta:
        model = Alert
        fields = ["opened", "severity", "category", "territory", "mine"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def by_opening(self, rows, name, value):
        if value == "late":
            return rows.late(timezone.localdate())
        return rows.filter(closed_on__isnull=value == "open")

    def sent_to_me(self, rows, name, value):
        return rows.sent_to(self.request.user) if value else rows


class PenaltyFilter(django_filters.FilterSet):
    """Filters of the list of penalties: nothing about euros."""

    state = django_filters.ChoiceFilter(label="État", choices=PenaltyState, empty_label="Tous")
    territory = django_filters.ModelChoiceFilter(
        label="Territoire", queryset=Lot.objects.none(), field_name="award__lot__territory", empty_label="Tous"
    )
    q = django_filters.CharFilter(label="Marché ou entreprise", method="search")

    class Meta:
        model = PenaltyCase
        fields = ["q", "state", "territory"]

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories

    def search(self, rows, name, value):
        company = Q(award__company__name__unaccent__icontains=value) | Q(award__company__siret=value)
        return rows.filter(Q(award__lot__market__number__icontains=value) | company)


class TradeFilter(django_filters.FilterSet):
    """Filter of the list of trades."""

    q = django_filters.CharFilter(label="Métier, code ROME ou code CPV", method="search")

    class Meta:
        model = Trade
        fields = ["q"]

    def search(self, rows, name, value):
        return rows.matching(value)


class QueueFilter(django_filters.FilterSet):
    """Filters of the list « À instruire », all in the URL. The duty tells a side of a threshold, never an amount."""

    territory = django_filters.ModelChoiceFilter(label="Territoire", queryset=Lot.objects.none(), empty_label="Tous")
    directorate = django_filters.ModelChoiceFilter(
        label="Direction",
        queryset=Lot.objects.none(),
        field_name="market__operation__directorate",
        empty_label="Toutes",
    )
    duty = django_filters.ChoiceFilter(
        label="Obligation", choices=FILTERED_DUTIES, method="in_duty", empty_label="Toutes"
    )
    opinion = django_filters.ChoiceFilter(
        label="Avis du facilitateur", choices=list(OPINION_STATES.items()), method="in_opinion", empty_label="Tous"
    )

    class Meta:
        model = Lot
        fields = ["territory", "directorate", "duty", "opinion"]

    def __init__(self, *args, territories, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["territory"].queryset = territories
        self.filters["directorate"].queryset = directorates

    def in_duty(self, rows, name, value):
        return having_duty(rows, value)

    def in_opinion(self, rows, name, value):
        return having_opinion(rows, value)


class CompanyFilter(django_filters.FilterSet):
    """Filters of the list of companies."""

    q = django_filters.CharFilter(label="Nom ou SIRET", method="search")
    kind = django_filters.ChoiceFilter(label="Nature", choices=EmployerKind, empty_label="Toutes")
    contacts = django_filters.ChoiceFilter(
        label="Contacts", choices=[("few", "À compléter"), ("bounced", "Adresse en échec")], method="by_contacts"
    )

    class Meta:
        model = Company
        fields = ["q", "kind", "contacts"]

    def search(self, rows, name, value):
        return rows.matching(value)

    def by_contacts(self, rows, name, value):
        return rows.lacking_contacts() if value == "few" else rows.with_bounced_contact()
