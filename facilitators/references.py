"""How the programs of a structure name the rows of the portal: theirs alone, whatever the territory (A8)."""

from clauses_portal.core.errors import Conflict
from facilitators.models import ExternalReference

TAKEN = "Cette référence externe est déjà prise dans votre structure."


class ReferenceTaken(Conflict):
    """The row this reference names already; `existing` is its identifier."""

    def __init__(self, existing):
        super().__init__(TAKEN)
        self.existing = existing


def names_of(structure, resource, ids, *, system=""):
    """{identifier: reference} of these rows, in one query."""
    rows = ExternalReference.objects.filter(structure=structure, system=system, resource=resource, object_id__in=ids)
    return dict(rows.values_list("object_id", "reference"))


def find(structure, resource, reference, *, system=""):
    """The identifier this reference names, or None."""
    rows = ExternalReference.objects.filter(structure=structure, system=system, resource=resource)
    return rows.filter(reference=reference).values_list("object_id", flat=True).first()


def find_all(structure, resource, references, *, system=""):
    """{reference: identifier} of those that are known, in one query."""
    rows = ExternalReference.objects.filter(structure=structure, system=system, resource=resource)
    return dict(rows.filter(reference__in=references).values_list("reference", "object_id"))


def name_row(structure, resource, reference, object_id, *, system=""):
    """Give a row its name. Raises ReferenceTaken when it names another one, ValidationError when the row has one."""
    existing = find(structure, resource, reference, system=system)
    if existing == object_id:
        return
    if existing is not None:
        raise ReferenceTaken(existing)
    row = ExternalReference(structure=structure, system=system, resource=resource)
    row.reference, row.object_id = reference, object_id
    row.full_clean()
    row.save()
