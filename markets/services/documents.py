"""Producing the four documents of a calibrated lot: by a worker, kept as produced, numbered by version (C8, C11).

Hours retained later change nothing to what was produced: the page of the lot says so, and one produces again.
"""

import hashlib

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.french import typographic
from clauses_portal.core.jobs import publish_on_commit
from clauses_portal.core.pdf import letterhead
from clauses_portal.core.scanning import check_scanned
from clauses_portal.core.services import lock
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.documents.fill import fill
from markets.documents.grammar import TemplateRefused
from markets.documents.pdf import docx_to_pdf
from markets.enums import DocumentKind, LotState
from markets.models import ContractDocument, DocumentJob, DocumentTemplate, Lot
from markets.services.document_context import DocumentsNotReady, context_of
from markets.services.opinion import place

UNDER_WAY = "Les pièces de ce lot sont déjà en cours de production."
TOO_EARLY = "Les pièces se produisent une fois les heures du lot retenues."
TOO_LATE = "Ce lot est attribué : ses pièces sont au contrat, un avenant les change."
MOVED = "Le lot a changé pendant la production : produisez les pièces à nouveau."
NO_TEMPLATE = typographic("Pièce « {kind} » : aucun modèle n’est valable, déposez-en un dans « Modèles de pièces ».")
BROKEN = typographic(
    "Le modèle « {template} » ne se remplit plus : déposez-en une nouvelle version dans « Modèles de pièces », "
    "ou retirez-le."
)
# How the files of each kind are called.
STEMS = {
    DocumentKind.AAPC: "AAPC",
    DocumentKind.RC: "RC",
    DocumentKind.CCAP: "CCAP",
    DocumentKind.ANNEX: "Annexe-AE",
}


def why_not(lot):
    """The sentence that says why documents cannot be produced in the state of the lot, « » when they can."""
    if lot.state == LotState.CALIBRATED:
        return ""
    return TOO_LATE if lot.state in {LotState.AWARDED, LotState.RUNNING, LotState.CLOSED} else TOO_EARLY


@transaction.atomic
def ask_documents(*, lot, by):
    """Ask a worker for the four documents of a lot. Returns the DocumentJob.

    Raises DocumentsNotReady when something is missing, Conflict before the hours are retained, after the award, and
    while a production is under way.
    """
    lot = lock(Lot.objects, lot.pk)
    refusal = why_not(lot)
    if refusal:
        raise Conflict(refusal)
    if DocumentJob.objects.waiting().filter(lot=lot).exists():
        raise Conflict(UNDER_WAY)
    context_of(lot, day=timezone.localdate())
    job = DocumentJob(lot=lot, total=len(DocumentKind), asked_at=timezone.now(), asked_by=by)
    job.full_clean()
    job.save()
    publish_on_commit(job)
    return job


def do_documents(job, progress):
    """Produce the four documents of a job: all of them or none. `progress(step)` tells people.

    Laid out without any lock, for it takes seconds; then, the lot locked, kept if nothing it prints has moved.
    Raises DomainError: something is missing, a template no longer fills, or the lot has moved meanwhile.
    """
    day, at = timezone.localdate(), timezone.now()
    lot = Lot.objects.select_related("market").get(pk=job.lot_id)
    context = _context(lot, day)
    logo = logos_on(day)[0]
    last = ContractDocument.objects.filter(lot=lot).aggregate(last=Max("version"))["last"] or 0
    documents = []
    for kind in DocumentKind:
        progress(kind.label)
        document = ContractDocument(lot=lot, kind=kind, version=last + 1, hours=context.hours)
        document.produced_at, document.produced_by = at, job.asked_by
        _lay_out(document, context, logo)
        documents.append(document)
    _keep(job, context, documents)


def _context(lot, day):
    try:
        return context_of(lot, day=day)
    except DocumentsNotReady as refusal:
        # what a job may say is short; the page of the lot names them all
        raise DomainError(refusal.gaps[0].sentence) from refusal


def _lay_out(document, context, logo):
    """Fill the template in use, and give the document its files."""
    template = DocumentTemplate.objects.current(document.kind)
    if template is None:
        raise DomainError(NO_TEMPLATE.format(kind=document.get_kind_display()))
    title = f"{document.get_kind_display()} – marché {document.lot.market.number}, lot {document.lot.number}"
    document.template = template
    document.docx = filled(template, context, title=title, logo=logo)
    document.pdf = docx_to_pdf(
        document.docx,
        title=title,
        identifier=stem_of(document),
        created_at=document.produced_at,
        letterhead=letterhead([logo], context.eu_funding),
    )
    document.sha256 = hashlib.sha256(document.pdf).hexdigest()


def filled(template, context, *, title, logo):
    """Return the DOCX (bytes) of a DocumentTemplate for a context. Raises DomainError when it no longer fills."""
    content = bytes(template.content)
    check_scanned(template)
    broken = DomainError(BROKEN.format(template=template))
    if hashlib.sha256(content).hexdigest() != template.sha256:
        raise broken
    try:
        return fill(content, context, title=title, department_logo=logo.image)
    except TemplateRefused as refusal:
        raise broken from refusal


@transaction.atomic
def _keep(job, context, documents):
    lot = lock(Lot.objects.select_related("market__operation"), job.lot_id)
    if lot.documents.filter(produced_at__gte=job.asked_at).exists():
        return  # one production at a time: this one, delivered again after its worker was killed
    if why_not(lot) or _context(lot, context.date) != context:
        raise DomainError(MOVED)
    for document in documents:
        document.full_clean()
        document.save()
    operation = lot.market.operation
    if operation is not None:
        people = members(Role.DIRECTORATE_AGENT, directorate=operation.directorate_id)
        path = f"{reverse('markets:lot', args=[lot.pk])}#pieces-produites"
        notify(people, f"Pièces produites : {place(lot)}.", path, except_for=job.asked_by)


def stem_of(document):
    """« CCAP-2026F00099-lot-1-v2 »: the name of its files, its number in the PDF."""
    market, lot = (_plain(number) for number in (document.lot.market.number, document.lot.number))
    return f"{STEMS[document.kind]}-{market}-lot-{lot}-v{document.version}"


def _plain(number):
    """What no system refuses in the name of a file."""
    return "".join(sign if sign.isalnum() or sign in "-._" else "-" for sign in number)
