"""What the portal writes in its log, as production writes it."""

import io
import json
import logging
from contextlib import contextmanager

from clauses_portal.core.logs import JsonFormatter, WithoutValues


class Written:
    """The log under way: `text` whole, `events` one dict a line."""

    def __init__(self, stream):
        self.stream = stream

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def events(self):
        return [json.loads(line) for line in self.text.splitlines()]


@contextmanager
def production_log(level=logging.INFO):
    """Everything that is logged meanwhile, by whichever logger."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, former = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonFormatter())
    handler.addFilter(WithoutValues())
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield Written(stream)
    finally:
        root.setLevel(former)
        root.removeHandler(handler)
