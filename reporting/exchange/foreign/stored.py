"""A table once read, kept in little room until it is recorded: the file itself, hostile or not, is opened only once."""

import datetime as dt
import json
import zlib
from decimal import Decimal

from clauses_portal.core.tables import Table


def pack(table):
    """The bytes that `unpack` reads again."""
    rows = [[_packed(value) for value in row] for row in table.rows]
    data = {"headers": table.headers, "rows": rows, "lines": table.lines, "sheet": table.sheet, "notes": table.notes}
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(content):
    """The `core.tables.Table` of these bytes, which the portal wrote."""
    data = json.loads(zlib.decompress(bytes(content)))
    return Table(**data | {"rows": [[_unpacked(value) for value in row] for row in data["rows"]]})


def _packed(value):
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _unpacked(value):
    if not isinstance(value, dict):
        return value
    return dt.date.fromisoformat(value["day"]) if "day" in value else Decimal(value["number"])
