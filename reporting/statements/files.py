"""What is published beside a document."""

from dataclasses import dataclass

from reporting.enums import FileKind


@dataclass(frozen=True)
class ProducedFile:
    """A file published beside the document: bytes and their name; `company` for the version made for one."""

    kind: FileKind
    name: str
    mime: str
    content: bytes
    company: object = None
