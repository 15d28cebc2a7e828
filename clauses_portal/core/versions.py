"""Two people on the same page: what one of them read is compared with what is there when she saves."""

from django.db.models import Max
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.text import row_number

CHANGED = "Cette fiche a été modifiée entre-temps"
KEPT = "Votre saisie est gardée : relisez-la, puis enregistrez de nouveau pour qu’elle remplace cette version."


class Stale(Conflict):
    """The page was made before somebody else's change; `version` is the one to read now."""

    def __init__(self, message, version):
        super().__init__(message)
        self.version = version


def version_of(*rows):
    """Text naming the present version of these rows, by the last line of each history; « » for new ones."""
    lasts = [row.history.aggregate(last=Max("history_id"))["last"] for row in rows if row is not None and row.pk]
    return "-".join(str(last or 0) for last in lasts)


def refuse_stale(row, seen):
    """Raise Stale when `row` (locked by the caller) changed since its version `seen`; None: no page was read."""
    if seen is None or seen == (version := version_of(row)):
        return
    last = row.history.select_related("history_user").order_by("-history_id").first()
    raise Stale(_sentence(last, _names_of_changes(row, last, seen)) if last else f"{CHANGED}. {KEPT}", version)


def _names_of_changes(row, last, seen):
    """French names of the fields that changed between version `seen` and the last one, without their values."""
    first = row.history.filter(history_id=row_number(seen)).first()
    if first is None:
        return []
    changed = set(last.diff_against(first).changed_fields)
    return [str(field.verbose_name) for field in (*row._meta.fields, *row._meta.many_to_many) if field.name in changed]


def _sentence(last, names):
    moment = timezone.localtime(last.history_date)
    who = f" par {last.history_user}" if last.history_user else ""
    what = f" ({', '.join(names)})" if names else ""
    return f"{CHANGED}{who}, le {moment:%d/%m/%Y à %H:%M}{what}. {KEPT}"
