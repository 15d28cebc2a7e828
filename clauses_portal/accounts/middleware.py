"""What every request leaves behind: its lines of the journal."""

import logging

from django.db import DatabaseError, InterfaceError

from clauses_portal.accounts.journal import write_lines

logger = logging.getLogger(__name__)


class JournalMiddleware:
    """Writes the lines of a request once it is answered, outside its transaction."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        try:
            write_lines(request, response)
        except (DatabaseError, InterfaceError):
            # what was asked is done and answered: the line goes to the log instead
            logger.exception("journal non écrit pour la demande %s", request.reference)
        return response
