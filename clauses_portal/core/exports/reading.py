"""Rows read a batch at a time, so that a long list weighs no more than a short one."""

from itertools import islice

BATCH = 1000


def in_batches(rows, present=None):
    """Yield the rows of a queryset or of a list; `present(batch)` gives what is shown of each batch (a list of rows).

    What a page reads for its 25 rows (totals, duties…) is read for a thousand, with the same functions.
    """
    reading = rows.iterator(chunk_size=BATCH) if hasattr(rows, "iterator") else iter(rows)
    if present is None:
        yield from reading
        return
    while batch := list(islice(reading, BATCH)):
        yield from present(batch)
