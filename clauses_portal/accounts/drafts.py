"""What a person is typing on a long form, kept on the server for her alone: a session may end before she saves."""

import json
import re

from django.db import transaction

from clauses_portal.accounts.models import FormDraft
from clauses_portal.core.errors import DomainError

# The long forms: « market-12 » is the one of market 12, « lot-new-12 » a new lot of market 12.
KEY = re.compile(r"(?:operation|market|lot|amounts|opinion|review)-(?:new|[0-9]{1,18})(?:-[0-9]{1,18})?")
LARGEST = 64 * 1024
MOST = 50  # drafts of one person; the oldest go first
NUL = r"\u0000"  # as JSON writes it; PostgreSQL refuses it
NEVER_KEPT = {"csrfmiddlewaretoken"}

UNKNOWN = "Ce formulaire n’a pas de brouillon."
TOO_LARGE = "Cette saisie est trop longue pour un brouillon : enregistrez-la."


@transaction.atomic
def save_draft(*, user, key, data):
    """Keep `data`, {field: [texts]}, for this form of this person; it replaces what was kept.

    Raises DomainError for a form that is not known or a text beyond 64 KB.
    """
    if not KEY.fullmatch(key):
        raise DomainError(UNKNOWN)
    data = {name: texts for name, texts in data.items() if name not in NEVER_KEPT}
    written = json.dumps(data)
    if len(written) > LARGEST:
        raise DomainError(TOO_LARGE)
    if NUL in written:
        raise DomainError("Ce texte contient un caractère interdit : le brouillon n’est pas enregistré.")
    draft, _ = FormDraft.objects.update_or_create(user=user, key=key, defaults={"data": data})
    kept = FormDraft.objects.visible_to(user).order_by("-saved_on", "-pk").values("pk")[:MOST]
    FormDraft.objects.visible_to(user).exclude(pk__in=kept).delete()
    return draft


def draft_of(*, user, key):
    """The draft of this form, or None."""
    return FormDraft.objects.visible_to(user).filter(key=key).first()


def drop_draft(*, user, key):
    """Forget it: it was saved for good, or given up."""
    FormDraft.objects.visible_to(user).filter(key=key).delete()
