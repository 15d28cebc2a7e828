import django_filters
from django.db.models import Q

from operations.models import Operation


class OperationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Rechercher", method="search")

    class Meta:
        model = Operation
        fields = ["directorate", "npnru"]

    def __init__(self, *args, directorates, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["directorate"].queryset = directorates

    def search(self, rows, name, value):
        return rows.filter(Q(title__unaccent__icontains=value) | Q(reference__icontains=value))
