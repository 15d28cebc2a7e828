"""What an import may write over what is there.

An import fills what is blank, and corrects what an import wrote. What a person wrote stays. The history tells
which is which: the last row that changed a field was written by an import, or it was not.
"""

from collections import defaultdict

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

REASON = "Import DECP"
_BLANK = (None, "", [])
BATCH = 500


def insert(rows, by):
    """Create rows of one model with their history. Raises ValidationError before anything is written."""
    if not rows:
        return
    model = type(rows[0])
    for row in rows:
        row.clean_fields(exclude=unchecked(model))
    bulk_create_with_history(rows, model, batch_size=BATCH, default_user=by, default_change_reason=REASON)


class Overlay:
    """Collects values to write on existing rows of one model, then writes them in one statement."""

    def __init__(self, model, blanks=None):
        self.model = model
        self.blanks = blanks or {}
        self._filled = defaultdict(dict)
        self._contested = defaultdict(dict)
        self._rows = {}

    def offer(self, row, *, fill_only=False, **told):
        """Offer values for a saved row, for its blanks only when `fill_only`. A blank is never offered."""
        for name, value in told.items():
            current = getattr(row, name)
            if value in _BLANK or value == current:
                continue
            blank = current in _BLANK or current == self.blanks.get(name)
            if blank or not fill_only:
                self._rows[row.pk] = row
                (self._filled if blank else self._contested)[row.pk][name] = value

    def settle(self, by):
        """Write what may be written. Returns ({pk: names written}, {pk: names left to the person})."""
        origins = self._last_writers()
        written, kept = defaultdict(set), defaultdict(set)
        for pk, row in self._rows.items():
            for name, value in self._filled[pk].items():
                setattr(row, name, value)
                written[pk].add(name)
            for name, value in self._contested[pk].items():
                if origins.get((pk, name)) == REASON:
                    setattr(row, name, value)
                    written[pk].add(name)
                else:
                    kept[pk].add(name)
        self._save([self._rows[pk] for pk in written], set().union(*written.values()), by)
        return written, kept

    def _last_writers(self):
        """{(pk, field): reason of the history row that gave the field its present value}."""
        if not self._contested:
            return {}
        names = sorted({name for offered in self._contested.values() for name in offered})
        key = self.model._meta.pk.name
        rows = self.model.history.filter(**{f"{key}__in": list(self._contested)}).order_by("history_id")
        present, writers = {}, {}
        for pk, reason, *values in rows.values_list(key, "history_change_reason", *names):
            for name, value in zip(names, values, strict=True):
                if (pk, name) not in present or present[pk, name] != value:
                    present[pk, name], writers[pk, name] = value, reason
        return writers

    def _save(self, rows, names, by):
        if not rows:
            return
        for row in rows:
            row.clean_fields(exclude=unchecked(self.model))
        bulk_update_with_history(
            rows, self.model, sorted(names), batch_size=BATCH, default_user=by, default_change_reason=REASON
        )


def unchecked(model):
    """Fields left out of `clean_fields`: foreign keys, looked up one by one, and the protected state."""
    fields = model._meta.concrete_fields
    return [field.name for field in fields if field.is_relation or getattr(field, "protected", False)]
