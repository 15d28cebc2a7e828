"""Documents of the consultation (DCE), deposited by the direction with the avant-projet (C6)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.files import DOCUMENTS, LARGEST_FILE, check_upload
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.services import lock
from markets.models import DceDocument, Market


@transaction.atomic
def deposit(*, market, kind, name, content, by):
    """Check and keep a document (bytes, 10 MB at most) of one of the kinds of `DceKind`.

    Raises DomainError for a file that is not what it says, ValidationError when the market has it already.
    """
    checked = check_upload(name, content, allowed=DOCUMENTS, max_bytes=LARGEST_FILE)
    document = DceDocument(
        market=lock(Market.objects, market.pk),
        kind=kind,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        sha256=checked.sha256,
        content=content,
        deposited_at=timezone.now(),
        deposited_by=by,
    )
    document.full_clean()
    document.save()
    ask_scan(document)
    return document


@transaction.atomic
def withdraw(*, document, by):
    """Take a document away: it stays in the table, dated, and can no longer be downloaded. Conflict the second time."""
    document = lock(DceDocument.objects.defer("content"), document.pk)
    if document.withdrawn_at:
        raise Conflict("Cette pièce est déjà retirée.")
    document.withdrawn_at, document.withdrawn_by = timezone.now(), by
    document.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return document
