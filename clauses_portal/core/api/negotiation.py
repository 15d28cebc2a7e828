from rest_framework.negotiation import BaseContentNegotiation


class AnyKindOfFile(BaseContentNegotiation):
    """A file is what it is, whatever the caller would rather have; a refusal is told in JSON."""

    def select_parser(self, request, parsers):
        return None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
