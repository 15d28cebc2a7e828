"""The one way out of a deposited file: rights first, by the caller; then what the antivirus said of it (A23, A24)."""

from django.shortcuts import render

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import as_download
from clauses_portal.core.scanning import check_scanned


def answer_deposit(request, row, *, name, mime):
    """Answer what this `Deposited` row keeps as a file to save; or a page that says why not (403, 409 for now).

    The caller has found the row among those its reader may see.
    """
    try:
        check_scanned(row)
    except DomainError as refusal:
        context = {"sentence": refusal.message, "may_try_again": refusal.status == 409}
        return render(request, "file_refused.html", context, status=refusal.status)
    return as_download(name, mime, row.deposited_content)
