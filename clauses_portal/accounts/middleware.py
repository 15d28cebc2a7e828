"""What every request leaves behind: its reference, and its lines of the journal."""

import logging
import uuid

from django.db import DatabaseError, InterfaceError

from clauses_portal.accounts.journal import write_lines

logger = logging.getLogger(__name__)


class JournalMiddleware:
    """Gives the request a reference, and writes its lines once it is answered, outside its transaction."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reference = uuid.uuid4().hex[:12]
        response = self.get_response(request)
        try:
            write_lines(request, response)
        except (DatabaseError, InterfaceError):
            # what was asked is done and answered: the line goes to the log instead
            logger.exception("journal non écrit pour la demande %s", request.reference)
        return response
