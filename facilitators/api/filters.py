"""The parameters of a list: those declared, and no other (security.md §3, A3)."""

from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from clauses_portal.core.api.fields import NOT_A_MONTH, read_month
from clauses_portal.core.api.pagination import LARGEST_ID, read_number
from clauses_portal.core.text import is_writable
from facilitators import references

UNKNOWN = "Paramètre inconnu."
NOT_A_MOMENT = "Une date et une heure sont attendues, avec leur fuseau (2026-09-15T08:00:00+02:00)."
NOT_A_TEXT = "Ce texte est illisible."
ALWAYS = ("after", "limit")
DESCRIPTIONS = {
    "modified_since": "Les seules lignes créées ou modifiées depuis ce moment, compris.",
    "external_reference": "La seule ligne que la structure nomme ainsi.",
}


class DeclaredFilters(BaseFilterBackend):
    """`view.filters`: {parameter: lookup}, texts or identifiers; `modified_since` where there is a history."""

    def filter_queryset(self, request, queryset, view):
        refuse_unknown(request, {*ALWAYS, *view.filters, *_shared(view)})
        since = read_moment(request, "modified_since")
        if since is not None:
            queryset = queryset.filter(_changed_since(queryset.model, since))
        reference = request.query_params.get("external_reference")
        if reference is not None:
            queryset = queryset.filter(pk=_named(request, view, reference))
        for name, lookup in view.filters.items():
            if name in request.query_params:
                queryset = queryset.filter(**{lookup: _value(request, name)})
        return queryset

    def get_schema_operation_parameters(self, view):
        texts = {"modified_since": {"type": "string", "format": "date-time"}, "external_reference": {"type": "string"}}
        shared = [parameter(name, texts[name]) | {"description": DESCRIPTIONS[name]} for name in _shared(view)]
        identifier = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
        return shared + [
            parameter(name, identifier if _is_identifier(name) else {"type": "string", "maxLength": 100})
            for name in view.filters
        ]


def refuse_unknown(request, known):
    """Raise ValidationError when the address has a parameter that is not among the known ones."""
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise ValidationError({name[:60]: [UNKNOWN] for name in unknown})


def _shared(view):
    return [
        name for name, there in (("modified_since", view.has_history), ("external_reference", view.resource)) if there
    ]


def _is_identifier(name):
    """By convention: a text filter says so by its name."""
    return not name.endswith(("number", "siret", "state", "month", "kind", "category", "code"))


def _value(request, name):
    if _is_identifier(name):
        return read_number(request, name, 1, LARGEST_ID)
    text = request.query_params[name]
    if not is_writable(text) or len(text) > 100:
        raise ValidationError({name: [NOT_A_TEXT]})
    return _month(name, text) if name.endswith("month") else text


def _month(name, text):
    month = read_month(text)
    if month is None:
        raise ValidationError({name: [NOT_A_MONTH]})
    return month


def read_moment(request, name):
    """The moment this parameter gives, None without it. Raises ValidationError (400)."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or not 1990 <= moment.year <= 2100:
        raise ValidationError({name: [NOT_A_MOMENT]})
    return moment


def _changed_since(model, moment):
    return Exists(model.history.filter(id=OuterRef("pk"), history_date__gte=moment))


def _named(request, view, reference):
    if not is_writable(reference):
        raise ValidationError({"external_reference": [NOT_A_TEXT]})
    return references.find(request.auth.structure_id, view.resource, reference[:101])


def parameter(name, schema):
    return {"name": name, "in": "query", "required": False, "schema": schema}
