"""What the buttons of a list share: an act, then a sentence on the next page."""

from django.contrib import messages
from django.core.exceptions import ValidationError

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError


def tell(request, action, done):
    """Run `action()`; the next page says `done`, or why not. Returns True when it was done."""
    try:
        with refusals():
            action()
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
        return True
    return False
