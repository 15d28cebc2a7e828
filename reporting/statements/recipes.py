"""How each kind of paper is made: its data, its document, the files it is published with."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.enums import StatementKind
from reporting.statements import (
    annual,
    annual_documents,
    annual_ratios,
    closing,
    closing_documents,
    documents,
    quarterly,
)
from reporting.statements.files import ProducedFile

__all__ = ["RECIPES", "ProducedFile", "Recipe"]


def no_file(statement):
    return []


def no_ratio(statement):
    return None


@dataclass(frozen=True)
class Recipe:
    """`build(statement, dated_on=day)` gives the snapshot, plain JSON data; `render(statement, author=…, published=…)`
    the PDF (bytes) from the snapshot alone; `files(statement)` the `ProducedFile`s made at publication, from the
    snapshot; `ratios(statement)` the confidential data of the restricted version, or None. `texts` are the fields its
    author writes."""

    build: Callable
    render: Callable
    texts: tuple[str, ...]
    files: Callable = no_file
    ratios: Callable = no_ratio


RECIPES = {
    StatementKind.QUARTERLY: Recipe(
        quarterly.build_snapshot, documents.render_statement, ("comments", "outlook"), documents.annexes
    ),
    StatementKind.CLOSING: Recipe(
        closing.build_closing, closing_documents.render_closing, closing.TEXTS, closing_documents.company_files
    ),
    StatementKind.ANNUAL: Recipe(
        annual.build_annual,
        annual_documents.render_annual,
        annual.TEXTS,
        annual_documents.restricted_files,
        annual_ratios.annual_ratios,
    ),
}
