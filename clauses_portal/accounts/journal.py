"""Writing the journal: who, when, what, on which object (security.md §1.2). Objects by number, never by name.

During a request lines are kept aside and written once it is answered: a refusal rolls its transaction back, and its
line must stay. A reading that failed leaves no line of its own: the refusal is the line.
"""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField

from clauses_portal.accounts.models import JournalAction, JournalEntry, JournalResult
from clauses_portal.core.throttle import address_of

REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}


def note(request, action, *, of=None, territory=None, count=None, result=JournalResult.DONE, actor=None):
    """Keep a line for the end of this request.

    `of`: the object, saved; `territory`: its territory's number; `count`: persons or lines concerned (units);
    `actor`: the account, when it is not the one signed in.
    """
    request = getattr(request, "_request", request)  # the interface wraps the request
    entry = JournalEntry(action=action, count=count, territory_id=territory, result=result, actor=actor)
    _name(entry, of)
    _kept_aside(request).append(entry)


def record(action, *, by, of=None, territory=None, count=None, result=JournalResult.DONE):
    """Write a line now, in the transaction under way: for tasks and commands. `by`: the account, or None."""
    entry = JournalEntry(action=action, count=count, territory_id=territory, result=result, actor=by)
    _name(entry, of)
    entry.save()
    return entry


def write_lines(request, response):
    """Write what this request kept aside, and its refusal when it was refused."""
    lines = [*_kept_aside(request), *_taken_away(request, response)]
    if response.status_code in REFUSED and _is_worth_a_line(request, response):
        lines = [*lines, JournalEntry(action=JournalAction.REFUSAL, result=JournalResult.REFUSED)]
    if lines:
        JournalEntry.objects.bulk_create([_completed(line, request, response) for line in lines])
    request._journal = []


def _taken_away(request, response):
    """The line of a file: whatever leaves the portal leaves one, its view says nothing."""
    if not response.headers.get("Content-Disposition", "").startswith("attachment"):
        return []
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    if "file_format" in kwargs:
        return [JournalEntry(action=JournalAction.EXPORT, count=getattr(request, "lines_shown", None))]
    return [JournalEntry(action=JournalAction.DOWNLOAD)]


def _kept_aside(request):
    if not hasattr(request, "_journal"):
        request._journal = []
    return request._journal


def _name(entry, of):
    if of is not None:
        entry.object_kind, entry.object_id = of._meta.label_lower, of.pk


def _is_worth_a_line(request, response):
    """A visitor who mistypes an address is no refusal; a signed-in person's, or a key's, is."""
    return _account(request) is not None or response.status_code != HTTPStatus.NOT_FOUND


def _account(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _completed(line, request, response):
    match = request.resolver_match
    line.actor = line.actor or _account(request)
    line.route = (match.view_name or "")[:80] if match else ""
    line.status, line.address = response.status_code, _address(request)
    line.request_id = getattr(request, "reference", "")
    if match and line.object_id is None:
        line.object_id = _number(match.kwargs.get("pk"))
    return line


def _address(request):
    """Where the request comes from; None when the server does not say."""
    try:
        return address_of(request)
    except PermissionDenied:
        return None


def _number(asked):
    """The number of a row somebody asked for; None for what no row can have."""
    return asked if isinstance(asked, int) and asked <= BigIntegerField.MAX_BIGINT else None
