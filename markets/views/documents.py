"""The documents of a lot: asked for, watched, downloaded with the rights of the moment."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import DOCX, PDF, as_download
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.web import progress_line
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible
from markets.models import ContractDocument, DocumentJob, Lot
from markets.services import documents


@require_POST
def documents_produce(request, pk):
    """Ask a worker for the four documents."""
    lot = get_actionable(Lot.objects, request.user, Permission.PRODUCE_DOCUMENTS, pk=pk)
    try:
        documents.ask_documents(lot=lot, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(_section(pk))


def _section(pk, query=""):
    return f"{reverse('markets:lot', args=[pk])}{query}#pieces-produites"


@require_safe
def documents_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    job = read_progress(get_visible(DocumentJob.objects, request.user, pk=pk))
    context = progress_line(
        job,
        title="Production des pièces",
        poll_url=reverse("markets:documents_progress", args=[pk]),
        # its own address: a link to the page one is on, whose fragment alone differs, would not load it again
        result_url=_section(job.lot_id, f"?production={pk}"),
        result_label="Voir les pièces",
    )
    return render(request, "components/progress.html", context)


@require_safe
def document_docx(request, pk):
    """The Word file, which buyers paste in theirs."""
    document = _document(request, pk, unread="pdf")
    return as_download(f"{documents.stem_of(document)}.docx", DOCX.mime, bytes(document.docx))


@require_safe
def document_pdf(request, pk):
    document = _document(request, pk, unread="docx")
    return as_download(f"{documents.stem_of(document)}.pdf", PDF.mime, bytes(document.pdf))


def _document(request, pk, *, unread):
    rows = ContractDocument.objects.select_related("lot__market").defer(unread)
    return get_visible(rows, request.user, pk=pk)
