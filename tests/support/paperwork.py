"""Contract documents in tests: lots ready for them, small templates, what a Word file says, targets of the matrix."""

import hashlib
import io
import zipfile

from facilitators.enums import Role
from facilitators.models import Structure
from facilitators.permissions import grant
from facilitators.reference import DEPARTMENT_SIRET
from markets.documents.shipped import shipped_templates
from markets.enums import ClauseOutcome, DocumentKind, LegalBasis
from markets.models import ContractDocument
from markets.services.calibration import propose, retain
from markets.services.clause import decide_clause
from markets.services.referents import assign
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import StructureFactory
from tests.factories.markets import THOUSAND_HOURS, LotFactory
from tests.factories.preparation import ContractDocumentFactory, DocumentJobFactory, DocumentTemplateFactory
from tests.support import word as word_files
from tests.support.word import template as word

BUYER = "Département des Bouches-du-Rhône"


def facilitator_of(territory, **fields):
    """An account that may be référent of the lots of a territory."""
    user = UserFactory(**fields)
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def retained_lot(territory, *, legal_basis=LegalBasis.EXECUTION, hours=1000, **fields):
    """A calibrated lot in a market of the Département, its référent yet to be named."""
    if not Structure.objects.filter(siret=DEPARTMENT_SIRET).exists():
        StructureFactory(name=BUYER, siret=DEPARTMENT_SIRET, kind="department")
    lot = LotFactory(territory=territory, **fields)
    decide_clause(
        lot=lot, outcome=ClauseOutcome.CLAUSE, legal_basis=legal_basis, reason="Métiers ouverts.", by=author()
    )
    retain_hours(lot, hours)
    lot.refresh_from_db()
    return lot


def retain_hours(lot, hours, **fields):
    """The last version proposed for an object of the lot, retained for these hours (h)."""
    version = propose(lot=lot, by=author(), **(THOUSAND_HOURS | fields))
    return retain(version=version, hours=hours, gap_reason="Arrondi du territoire.", by=author())


def ready_lot(territory, *, referent=None, **fields):
    """A calibrated lot whose référent is named: its documents can be produced."""
    lot = retained_lot(territory, **fields)
    assign(lot=lot, referent=referent or facilitator_of(territory, phone="04 42 00 00 01"), by=author())
    return lot


def template(kind, content, **fields):
    return DocumentTemplateFactory(kind=kind, content=content, sha256=hashlib.sha256(content).hexdigest(), **fields)


def small_templates(text="{{ heures }} heures, référent : {{ referent_nom }}."):
    """A template of each kind that fills and lays out at once."""
    return {kind: template(kind, word(f"{kind.label} : {text}")) for kind in DocumentKind}


def text_of(docx):
    """What a reader of a Word file reads, on one line."""
    return " ".join(word_files.text_of(bytes(docx)).split())


def everything_in(docx):
    """{part: text} of each part of a Word file (bytes), and the words alone, no tag cutting them."""
    with zipfile.ZipFile(io.BytesIO(bytes(docx))) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    return parts | {"words": text_of(docx)}


def documents_by_kind(lot, **filters):
    """{kind: ContractDocument} of a lot."""
    return {row.kind: row for row in ContractDocument.objects.filter(lot=lot, **filters)}


def paper_rows(lot):
    """{target of the access matrix: row}: a document of the lot, its finished production, its template."""
    shipped = template(DocumentKind.CCAP, shipped_templates()[DocumentKind.CCAP])
    return {
        "document": ContractDocumentFactory(lot=lot, template=shipped),
        "production": DocumentJobFactory(lot=lot, state="done"),
        "template": shipped,
    }
