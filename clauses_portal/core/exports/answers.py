"""The answer to « export this list »: written whole to a file that leaves memory when it grows, then sent.

Nothing is sent before the last line is written: a list that breaks half-way is an error page, never a file cut short.
"""

from contextlib import ExitStack
from os import SEEK_END
from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import too_many_requests
from clauses_portal.core.exports.columns import Format
from clauses_portal.core.exports.delimited import write_csv
from clauses_portal.core.exports.documents import Document
from clauses_portal.core.exports.excel import write_xlsx_file
from clauses_portal.core.exports.opendocument import write_ods
from clauses_portal.core.exports.reading import in_batches
from clauses_portal.core.files import CSV, ODS, XLSX, as_download, as_stream
from clauses_portal.core.throttle import is_one_too_many

MOST_LINES = 100_000
MOST_A_MINUTE = 20  # of an account (security.md A28)
IN_MEMORY = 1024 * 1024  # bytes; beyond, the file goes to the disk
WRITERS = {
    Format.XLSX: (write_xlsx_file, XLSX.mime),
    Format.ODS: (write_ods, ODS.mime),
    Format.CSV: (write_csv, f"{CSV.mime}; charset=utf-8"),
}
TOO_LONG = french.typographic(
    f"Cette liste dépasse {french.number(MOST_LINES)} lignes : filtrez-la, puis exportez-la de nouveau."
)


def export(request, file_format, listing, rows, *, criteria=(), present=None):
    """Answer the rows of a list as a file; `file_format` is a `Format`, `listing` a `Listing`.

    `rows`: the queryset (or the list) of the page, with its scope and its filters. `present`: see `in_batches`.
    `criteria`: (label, value) pairs of the filters, see `criteria_of`.
    429 after 20 exports in a minute; beyond 100 000 lines, back to the list with a sentence.
    """
    if is_one_too_many(request.user, "exports", most=MOST_A_MINUTE):
        return too_many_requests(request)
    request.lines_shown = _number_of(rows)
    if request.lines_shown > MOST_LINES:
        messages.error(request, TOO_LONG)
        return HttpResponseRedirect(_list_of(request))
    now = timezone.now()
    document = Document(listing.title, listing.columns, in_batches(rows, present), now, criteria, listing.notes)
    return _answer(f"{listing.filename}-{timezone.localdate(now)}.{file_format}", file_format, document)


def _answer(name, file_format, document):
    """The whole file at once when it is small, by pieces from the disk when it is not."""
    write, mime = WRITERS[file_format]
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        write(file, document)
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if size <= IN_MEMORY:
            return as_download(name, mime, file.read())
        stack.pop_all()  # the answer closes it
        return as_stream(name, mime, file)


def _number_of(rows):
    return rows.count() if hasattr(rows, "iterator") else len(rows)


def _list_of(request):
    """The page whose list is exported: the address up to its last step, filters kept."""
    page, query = request.path.rpartition("/")[0], request.GET.urlencode()
    return f"{page}/?{query}" if query else f"{page}/"


def criteria_of(form):
    """[(label, value as the form shows it)] of the filters that are set; what makes no sense filters nothing."""
    form.is_valid()
    fields = form.fields
    return [
        (str(fields[name].label), _shown(fields[name], value))
        for name, value in form.cleaned_data.items()
        if value not in (None, "", False) and not fields[name].widget.is_hidden
    ]


def _shown(field, value):
    if value is True:
        return "oui"
    if isinstance(value, Model):
        return str(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))
