"""How the lines of a package name rows: by the identifiers of the program that wrote them, never by ours alone."""

from urllib.parse import urlsplit

from django.conf import settings

from clauses_portal.core.text import row_number
from facilitators.models import ExternalReference
from reporting.enums import ExchangeTable as T

# The nature of a reference, the same as in the interface: a program names a row once.
RESOURCES = {
    T.OPERATIONS: "operations",
    T.MARKETS: "markets",
    T.LOTS: "lots",
    T.COMPANIES: "companies",
    T.AWARDS: "awards",
    T.OPENINGS: "openings",
    T.PERSONS: "participants",
    T.VALIDATIONS: "validations",
    T.CONTRACTS: "contracts",
    T.HOURS: "hours",
    T.EXITS: "exits",
    T.ALERTS: "alerts",
}


def own_system():
    """The stable name of this portal in packages: the host of its address."""
    return urlsplit(settings.SITE_URL).netloc


def own_reference(kind, pk):
    """How this portal names a row that the other side has not named."""
    return f"{own_system()}-{kind}-{pk}"


def references_of(structure, kind, ids):
    """{identifier: reference} of these rows for the structure: the other side's latest name, ours failing that."""
    rows = ExternalReference.objects.filter(structure=structure, resource=RESOURCES[kind], object_id__in=ids)
    theirs = dict(rows.order_by("pk").values_list("object_id", "reference"))
    return {pk: theirs.get(pk) or own_reference(kind, pk) for pk in ids}


def own_references(kind, ids):
    """As `references_of`, by our own names alone: a name given elsewhere may tell who a person is."""
    return {pk: own_reference(kind, pk) for pk in ids}


def find_known(structure, system, kind, references):
    """{reference: (identifier, whether this program gave that name)} of those that name a row, in one query.

    A name this program has not given may be ours, written back to us, or one that another program of the structure
    gave to a single row.
    """
    rows = ExternalReference.objects.filter(structure=structure, resource=RESOURCES[kind], reference__in=references)
    given, others = {}, {}
    for reference, its_system, pk in rows.values_list("reference", "system", "object_id"):
        if its_system == system:
            given[reference] = (pk, True)
        else:
            others.setdefault(reference, set()).add(pk)
    ours = {reference: (pk, False) for reference in references if (pk := _own_identifier(kind, reference))}
    single = {reference: (*ids, False) for reference, ids in others.items() if len(ids) == 1}
    return single | ours | given


def _own_identifier(kind, reference):
    digits = reference.removeprefix(f"{own_system()}-{kind}-")
    return None if digits == reference else row_number(digits)
