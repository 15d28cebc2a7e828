"""Templates of the contract documents: given by the Département, checked, numbered, withdrawn; the first are shipped.

The last version that was not withdrawn is in use. Withdrawing it puts the one before in use again, down to the shipped
one; the last valid template of a kind stays, so that there is always one.
"""

import hashlib
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.files import DOCX, LARGEST_FILE, check_upload
from clauses_portal.core.pdf import letterhead
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.services import lock, validated_save
from markets.documents.pdf import docx_to_pdf
from markets.documents.sample import sample_context
from markets.documents.shipped import shipped_templates
from markets.documents.templates import check_template
from markets.enums import DocumentKind
from markets.models import DocumentTemplate
from markets.services.documents import STEMS, filled
from markets.services.references import only_writer

SHIPPED = "Modèle livré avec le portail"
THE_LAST = "C’est le dernier modèle valable de cette pièce : déposez-en un autre avant de le retirer."
WITHDRAWN = "Ce modèle est déjà retiré."
THE_SAME = "Ce fichier est déjà le modèle en vigueur (version {version})."
INVENTED = "Aperçu du modèle sur un lot inventé : ce document n’a aucune valeur."


@transaction.atomic
def load_shipped():
    """Give each kind its shipped template when it has none; repeatable."""
    known = set(DocumentTemplate.objects.values_list("kind", flat=True))
    if known >= set(DocumentKind):
        return
    DocumentTemplate.objects.bulk_create(
        DocumentTemplate(
            kind=kind,
            version=1,
            note=SHIPPED,
            file_name=f"modele-{STEMS[kind]}.docx",
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for kind, content in shipped_templates().items()
        if kind not in known
    )


@transaction.atomic
def upload_template(*, kind, file_name, content, note, by):
    """Keep a DOCX (bytes, 10 MB at most) as the next version of the template of a kind, in use from now on.

    Raises DomainError for a file that is no DOCX, or the one in use already; ValidationError with the list of what a
    template may not say (unknown field, call, macro…): the former version stays in use.
    """
    checked = check_upload(file_name, content, allowed=[DOCX], max_bytes=LARGEST_FILE)
    problems = check_template(content)
    if problems:
        raise ValidationError(problems)
    only_writer(DocumentTemplate)
    rows = DocumentTemplate.objects.filter(kind=kind)
    current = DocumentTemplate.objects.current(kind)
    if current is not None and current.sha256 == checked.sha256:
        raise DomainError(THE_SAME.format(version=current.version))
    template = DocumentTemplate(kind=kind, note=note, file_name=checked.name, content=content, sha256=checked.sha256)
    template.version = 1 + (rows.aggregate(last=Max("version"))["last"] or 0)
    template.uploaded_at, template.uploaded_by = timezone.now(), by
    validated_save(template, by=by)
    ask_scan(template)
    return template


@transaction.atomic
def withdraw_template(*, template, by):
    """Stop using a template: the valid one before it is in use again; the documents it produced keep it.

    Raises Conflict when it is withdrawn already, DomainError when no other is valid.
    """
    only_writer(DocumentTemplate)
    template = lock(DocumentTemplate.objects.defer("content"), template.pk)
    if template.withdrawn_at:
        raise Conflict(WITHDRAWN)
    if not DocumentTemplate.objects.valid().filter(kind=template.kind).exclude(pk=template.pk).exists():
        raise DomainError(THE_LAST)
    template.withdrawn_at, template.withdrawn_by = timezone.now(), by
    template.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return template


def preview_docx(template, legal_basis):
    """Return the DOCX (bytes) of a template filled for an invented lot on this legal basis. Raises DomainError."""
    title = f"Aperçu – {DocumentKind(template.kind).label}"
    return filled(template, sample_context(legal_basis), title=title, logo=logos_on(timezone.localdate())[0])


def preview_pdf(template, legal_basis):
    """Return the PDF (bytes) of the same, which says that it is worth nothing. Raises DomainError."""
    context = sample_context(legal_basis)
    return docx_to_pdf(
        preview_docx(template, legal_basis),
        title=f"Aperçu – {DocumentKind(template.kind).label}",
        identifier=preview_stem(template),
        created_at=timezone.make_aware(datetime.combine(context.date, time(12))),
        letterhead=letterhead([logos_on(timezone.localdate())[0]], context.eu_funding),
        notice=INVENTED,
    )


def preview_stem(template):
    """« apercu-CCAP-v3 »: the name of the files of a preview."""
    return f"apercu-{STEMS[template.kind]}-v{template.version}"


def stem_of(template):
    """« modele-CCAP-v3 »: the name under which a template is downloaded."""
    return f"modele-{STEMS[template.kind]}-v{template.version}"
