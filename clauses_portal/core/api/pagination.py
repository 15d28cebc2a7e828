"""Pages by key: `after` is the last identifier read, so that no page is slow and none is read twice."""

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

USUAL, MOST = 100, 500
LARGEST_ID = 2**63 - 1
NOT_A_NUMBER = "Un nombre entier est attendu."


class KeysetPagination(BasePagination):
    """{"items": [...], "next": address of what follows, or null}. `limit`: rows, 100 unless asked, 500 at most."""

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.limit = request, read_number(request, "limit", USUAL, MOST)
        after = read_number(request, "after", 0, LARGEST_ID)
        rows = list(queryset.filter(pk__gt=after).order_by("pk")[: self.limit + 1])
        self.last = rows[self.limit - 1].pk if len(rows) > self.limit else None
        return rows[: self.limit]

    def get_paginated_response(self, data):
        return Response({"items": data, "next": self._next()})

    def _next(self):
        if self.last is None:
            return None
        asked = self.request.query_params.copy()
        asked["after"] = self.last
        return f"{self.request.build_absolute_uri(self.request.path)}?{asked.urlencode()}"

    def get_paginated_response_schema(self, schema):
        properties = {"items": schema, "next": {"type": ["string", "null"], "format": "uri"}}
        return {"type": "object", "required": ["items", "next"], "properties": properties}

    def get_schema_operation_parameters(self, view):
        return [
            _parameter("after", "Dernier identifiant lu.", {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}),
            _parameter("limit", "Nombre de lignes.", {"type": "integer", "minimum": 1, "maximum": MOST}),
        ]


def read_number(request, name, usual, most):
    """The whole number of this parameter, from 0 (`after`) or 1 to `most`. Raises ValidationError (400)."""
    text = request.query_params.get(name)
    if text is None:
        return usual
    lowest = min(usual, 1)
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and lowest <= int(text) <= most):
        raise ValidationError({name: [NOT_A_NUMBER]})
    return int(text)


def _parameter(name, description, schema):
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
