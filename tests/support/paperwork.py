"""The documents of a lot, as targets of the access matrix."""

import hashlib

from markets.documents.shipped import shipped_templates
from markets.enums import DocumentKind
from tests.factories.preparation import ContractDocumentFactory, DocumentJobFactory, DocumentTemplateFactory


def a_true_template(kind=DocumentKind.CCAP, **fields):
    """A template whose content is the shipped one of its kind."""
    content = shipped_templates()[kind]
    return DocumentTemplateFactory(kind=kind, content=content, sha256=hashlib.sha256(content).hexdigest(), **fields)


def paper_rows(lot):
    """{target: row}: a document of the lot, its finished production, its template."""
    template = a_true_template()
    return {
        "document": ContractDocumentFactory(lot=lot, template=template),
        "production": DocumentJobFactory(lot=lot, state="done"),
        "template": template,
    }
