"""How each kind of paper is made: its data, its document, the files it is published with."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.enums import FileKind, StatementKind
from reporting.statements import documents, quarterly


@dataclass(frozen=True)
class ProducedFile:
    """A file published beside the document: bytes and their name; `company` for the version made for one."""

    kind: FileKind
    name: str
    mime: str
    content: bytes
    company: object = None


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
}
