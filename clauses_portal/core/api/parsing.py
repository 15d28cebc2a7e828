"""The body of a request: JSON alone, bounded."""

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from clauses_portal.core.strict_json import UnreadableJSON, read_json

MOST_BYTES = 4 * 1024 * 1024
TOO_BIG = "Le corps de la demande est trop volumineux (4 Mo au plus)."


class StrictJSONParser(BaseParser):
    """Read a body in UTF-8 JSON, or raise ParseError (400) with a French sentence. Numbers are int or Decimal."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ParseError(TOO_BIG)
        try:
            return read_json(content)
        except UnreadableJSON as error:
            raise ParseError(str(error)) from error
