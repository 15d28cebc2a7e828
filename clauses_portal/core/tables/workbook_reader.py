"""A program that reads a workbook, XLSX or ODS, with little memory and little time: see `sources.visible_sheets`.

The library keeps a sheet as a full rectangle and believes the counts that a file declares: one cell at XFD1048576, or
a « uniqueCount » of 4 billion, aborts its process; a part that is not well-formed keeps it busy for ever. So it works
in a process of its own, which may die. Started by its path: it imports nothing of the portal and is given no secret.
"""

import datetime as dt
import io
import json
import resource
import sys
from itertools import islice

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 256 * 1024 * 1024  # bytes; five thousand full rows of sixty columns take 190
WIDEST = 16_384  # columns that a spreadsheet can hold


def main(most_rows, seconds):
    """Standard input: the workbook. Standard output: JSON, [[sheet, [[line, cells], …] or null], …]."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(list(sheets(sys.stdin.buffer.read(), most_rows)), sys.stdout)


def sheets(content, most_rows):
    """Give (name, rows) for each visible sheet, `most_rows` rows of each; once that many are read, None for rows."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    total = 0
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            rows = filled_rows(workbook.get_sheet_by_index(index), most_rows) if total < most_rows else None
            total += len(rows or [])
            yield sheet.name, rows


def filled_rows(sheet, most):
    """[(line from 1, cells)] of the rows that are not blank, `most` of them."""
    if sheet.end and sheet.end[1] >= WIDEST:
        raise ValueError("No spreadsheet is that wide.")
    margin = [""] * sheet.start[1] if sheet.start else []
    rows = enumerate(map(plain_row, sheet.iter_rows()), start=1)
    return list(islice(((line, margin + cells) for line, cells in rows if any(cell != "" for cell in cells)), most))


def plain_row(cells):
    return [plain(cell) for cell in cells]


def plain(cell):
    """A cell that JSON can carry: a day as {"day": its ISO text}, a time or a duration as « 7h30 »."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, dt.date):  # a datetime is one: its time of day is dropped
        return {"day": cell.strftime("%Y-%m-%d")}
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, dt.timedelta):
        hours, seconds = divmod(int(cell.total_seconds()), 3600)
        return f"{hours}h{seconds // 60:02d}"
    return cell


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
