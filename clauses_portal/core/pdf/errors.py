"""Why a document is not produced. Apart, so that a view can catch them without loading the layout engine."""

from clauses_portal.core.errors import DomainError


class RefusedResource(DomainError):
    """The document asked for something else than our own files. `resources` lists the addresses, for the log."""

    def __init__(self, resources):
        super().__init__("Le document n’a pas été produit\u00a0: il fait appel à une ressource qui n’est pas permise.")
        self.resources = tuple(resources)


class UnreadableLogo(DomainError):
    """The stored image of a logo cannot be drawn."""


class FontsMissing(RuntimeError):
    """Our fonts are not where they should be: without any font, the layout engine ends the whole process."""
