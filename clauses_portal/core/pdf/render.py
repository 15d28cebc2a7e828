"""The one way this portal makes a PDF: a Django template, laid out, then finished."""

from datetime import UTC

from django.template.loader import render_to_string
from django.utils import timezone

from clauses_portal.core.pdf.finish import finish


def render_pdf(template, context, *, title, identifier, created_at, attachments=()):
    """Return the bytes of a tagged PDF (PDF/UA-1 and PDF/A-3a); equal arguments give equal bytes.

    `template` extends « pdf/layout.html »; `title` names the document in the reader's window and in its footers;
    `identifier` is its number (« 2026-T3-AIX-v1 »); `created_at` is an aware datetime, to the second;
    `attachments` are `Attachment`s with distinct names.
    Raises `RefusedResource` when the document calls for anything but our own files, `FontsMissing`, ValueError.
    """
    # WeasyPrint takes 0.6 s to load: the pages and commands that make no document do without it.
    from clauses_portal.core.pdf.engine import lay_out

    if timezone.is_naive(created_at):
        raise ValueError("created_at must know its time zone.")
    if len({attachment.name for attachment in attachments}) != len(attachments):
        raise ValueError("Two attachments have the same name.")
    moment = created_at.astimezone(UTC).replace(microsecond=0)
    html = render_to_string(
        template, {**context, "title": title, "identifier": identifier, "created_iso": moment.isoformat()}
    )
    return finish(lay_out(html, identifier=identifier), created_at=moment, attachments=attachments)
