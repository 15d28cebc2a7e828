"""Papers already sent, without their production: a document on the disk, its hash in the row."""

import hashlib
from datetime import UTC, datetime

from django.core.files.base import ContentFile

from tests.factories.accounts import author
from tests.factories.reporting import StatementFactory, StatementFileFactory

PAPER = b"%PDF-1.7 invented"
SENT = datetime(2026, 7, 10, 9, tzinfo=UTC)


def send(statement, content=PAPER, *, snapshot=None):
    """Publish this draft with this document; what it goes with must be there before."""
    statement.snapshot = snapshot or statement.snapshot or {"schema": 1}
    statement.pdf.save(f"{statement.number}.pdf", ContentFile(content), save=False)
    statement.sha256, statement.pdf_size = hashlib.sha256(content).hexdigest(), len(content)
    statement.state, statement.published_at, statement.published_by = "published", SENT, author()
    statement.save()
    return statement


def sent_rows(territory):
    """What the access matrix and the canaries need: a published paper and a file that goes with it."""
    statement = StatementFactory(territory=territory, period_code="2025-T4")
    file = StatementFileFactory(statement=statement)
    return {"published": send(statement), "file": file}
