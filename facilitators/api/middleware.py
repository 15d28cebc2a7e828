"""What is kept of the use of a key, once its request is over."""

import logging

from django.db import DatabaseError, InterfaceError

from facilitators.access_keys import note_use

logger = logging.getLogger(__name__)


class KeyUseMiddleware:
    """Notes the key that authentication left on the request, outside the transaction of the view.

    A refused request, which is rolled back, is a use like another; a long writing must not hold the row of the key.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        key, address = getattr(request, "used_key", (None, ""))
        if key is not None:
            try:
                note_use(key, address=address)
            except (DatabaseError, InterfaceError):
                # what was asked is done and answered: a failure here must not make the program ask again
                logger.exception("utilisation de la clé %s non notée", key.prefix)
        return response
