"""The journal as it is read: objects by number, screens by their address, accounts by name, never a person."""

import re
from functools import cache

from django.apps import apps
from django.db.models import Q
from django.urls import URLPattern, get_resolver

from clauses_portal.core.exports import Column, Listing
from clauses_portal.core.exports import Kind as K
from clauses_portal.core.french import NBSP
from facilitators.models import Territory

A_PAGE = 50
INTERFACE = "Interface d’échange"
VISITOR = "Visiteur"
PORTAL = "Portail"
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def older_than(rows, pk):
    """Lines that come after this one, the last first; all of them when there is none of this key."""
    line = rows.model.objects.filter(pk=pk).values("at", "pk").first() if pk else None
    rows = rows.order_by("-at", "-pk")
    if line is None:
        return rows
    return rows.filter(Q(at__lt=line["at"]) | Q(at=line["at"], pk__lt=line["pk"]))


def page_after(rows, pk):
    """(lines of the page that follows the line `pk`, key from which the next page goes on or None)."""
    lines = list(older_than(rows, pk)[: A_PAGE + 1])
    return lines[:A_PAGE], lines[A_PAGE - 1].pk if len(lines) > A_PAGE else None


def told(lines):
    """The same lines, each with what is shown of it: `who`, `what`, `where`, `place`, `reference`."""
    names = dict(Territory.objects.values_list("pk", "name"))
    for line in lines:
        line.who, line.what, line.where = _account(line), _object(line), address_of(line.route, line.object_id)
        line.place, line.reference = names.get(line.territory_id, ""), line.request_id
    return lines


def _account(line):
    if line.actor is not None:
        return str(line.actor)
    return VISITOR if line.address else PORTAL


def _object(line):
    """« personne n° 123 »: what the line is about, by its number alone."""
    if line.object_id is None:
        return ""
    number = f"n°{NBSP}{line.object_id}"
    try:
        return f"{apps.get_model(line.object_kind)._meta.verbose_name} {number}"
    except (LookupError, ValueError):  # of a kind that is no more, or known by its address alone
        return number


def address_of(route, pk):
    """« /personnes/123/modifier/ »: a screen by its address; « … » stands for what the journal did not keep."""
    if route.startswith("api:"):
        return INTERFACE
    pattern = _addresses().get(route)
    if pattern is None:
        return ""
    return CONVERTER.sub(lambda part: str(pk) if part[1] == "pk" and pk is not None else "…", pattern)


@cache
def _addresses():
    """{name of a route: its address, with its converters}."""
    return dict(_routes(get_resolver(), "", "/"))


def _routes(resolver, names, path):
    for pattern in resolver.url_patterns:
        address = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield names + (pattern.name or ""), address
        elif pattern.namespace != "api":
            yield from _routes(pattern, f"{names}{pattern.namespace}:" if pattern.namespace else names, address)


JOURNAL = Listing(
    "Journal",
    "journal",
    (
        Column("Le", K.MOMENT, "at"),
        Column("Compte", K.TEXT, "who"),
        Column("Acte", K.TEXT, "get_action_display"),
        Column("Résultat", K.TEXT, "get_result_display"),
        Column("Objet", K.TEXT, "what"),
        Column("Nombre", K.INTEGER, "count"),
        Column("Territoire", K.TEXT, "place"),
        Column("Écran", K.TEXT, "where"),
        Column("Réponse", K.INTEGER, "status"),
        Column("Adresse", K.TEXT, "address"),
        Column("Référence de la demande", K.TEXT, "reference"),
    ),
    ("Le journal désigne les objets par leur numéro, jamais une personne par son nom. Il est gardé douze mois.",),
)
