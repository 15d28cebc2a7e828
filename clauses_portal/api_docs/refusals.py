"""Every refusal of the interface: status, stable code, sentence (security.md §3, M1–M20)."""

from clauses_portal.core.api import problems
from clauses_portal.core.errors import FORBIDDEN, NOT_FOUND, TOO_MANY

KERNEL = (
    (400, "unreadable", problems.CUT_SHORT),
    (400, "invalid", problems.NOT_VALID),
    (401, "invalid_key", problems.UNKNOWN_KEY),
    (403, "forbidden", FORBIDDEN),
    (404, "not_found", NOT_FOUND),
    (405, "method_not_allowed", problems.NO_METHOD),
    (406, "not_acceptable", problems.NO_ANSWER),
    (409, "conflict", "Selon le cas : la phrase dit ce qui a changé ou existe déjà."),
    (413, "too_big", problems.TOO_BIG),
    (415, "unsupported_media_type", problems.NO_MEDIA),
    (422, "lines_refused", problems.LINES_NOT_VALID),
    (422, "refused", "Selon le cas : la phrase dit la règle."),
    (429, "too_many_attempts", TOO_MANY),
    (500, "failure", problems.FAILURE.format(reference="…")),
    (503, "unavailable", problems.AWAY),
)
# Codes of the trade that are not answered with 409.
STATUSES = {"convention_over": 403, "repetition_key_reused": 422}


def refusals():
    """[(status, code, sentence)], those of the applications after those of the kernel."""
    told = [(STATUSES.get(code, 409), code, sentence) for sentence, code in problems.CODES.items()]
    return [*KERNEL, *sorted(told)]
