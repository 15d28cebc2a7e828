"""What a view leaves in the journal: names read, amounts read, acts done (security.md §1.2; CNIL 2021-122).

A mark goes above `@require_safe` or `@require_http_methods`: it sees the answer, inside the transaction of the view.
Files that leave the portal need none: `accounts.journal` writes them all. A sign-in, a refusal: the same.
"""

from functools import wraps

from django.apps import apps

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, JournalResult
from facilitators.permissions import scope_of

SHOWN = {200, 422}
DONE = 302


def reads_names(of="", does=None):
    """Mark a view that shows persons. `of`: model of the key in the address, `app.model`; `does`: JournalAction of a
    form that was accepted."""
    return _mark(JournalAction.READING, does, of)


def reads_amounts(of="", does=None):
    """As `reads_names`, of a view that shows an amount, or what would give one: share, rate, cost, formula (C27)."""
    return _mark(JournalAction.AMOUNTS, does, of)


def leaves(does, of=""):
    """Mark a view whose accepted form is an act of this JournalAction."""
    return _mark(None, does, of)


def count_shown(request, number):
    """Say how many persons this answer names, where it is neither a page of a list nor one person."""
    request.persons_shown = number


def note_names_by_link(request, link, number):
    """Keep the line of a company that reads its own people: it has no account, its link stands for one."""
    if number:
        note(request, JournalAction.READING, of=link, count=number)


def note_amounts(request, row):
    """Keep the line of a shared page that shows this reader the amounts of this row."""
    place = getattr(row, "territory_id", None) or _only_place(request.user)
    note(request, JournalAction.AMOUNTS, of=row, territory=place)


def note_names(request, rows):
    """Keep the line of an answer of the interface that describes these persons, or their contracts and hours."""
    if rows:
        of = rows[0] if len(rows) == 1 else None
        note(request, JournalAction.READING, of=of, territory=_only_place(request.user), count=len(rows))


def _mark(shows, does, of):
    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if shows and response.status_code in SHOWN:
                _note_shown(request, shows, of, kwargs.get("pk"))
            elif does and response.status_code == DONE and request.method == "POST":
                _note_done(request, does, of, kwargs.get("pk"))
            return response

        return wrapper

    return decorator


def _note_shown(request, action, of, pk):
    number = _number_shown(request, of)
    if number != 0:  # an empty list names nobody
        # that of a person is worth a question, that of an amount is told by its number
        place = _territory(request.user, of, pk) if action == JournalAction.READING else _only_place(request.user)
        note(request, action, of=_row(of, pk), territory=place, count=number)


def _note_done(request, action, of, pk):
    result = JournalResult.REFUSED if getattr(request, "was_refused", False) else JournalResult.DONE
    note(request, action, of=_row(of, pk), territory=_territory(request.user, of, pk), result=result)


def _number_shown(request, of):
    """Lines of the answer: as it was told, those of its file or of its page, else the one of its address."""
    for told in ("persons_shown", "lines_shown"):
        if hasattr(request, told):
            return getattr(request, told)
    page = getattr(request, "page_shown", None)
    if page is not None:
        return len(page.object_list)
    return 1 if of else None


def _row(of, pk):
    """The object of the address, by its key alone."""
    return apps.get_model(of)(pk=pk) if of and pk else None


def _territory(user, of, pk):
    """The only territory of the reader, else that of the object; None when it has several, or none."""
    only = _only_place(user)
    if only or not (of and pk):
        return only
    rows = apps.get_model(of)._default_manager.filter(pk=pk)
    path = getattr(rows, "territory_path", None)
    return rows.values_list(path, flat=True).first() if path else None


def _only_place(user):
    places = frozenset().union(*scope_of(user).territories.values())
    return next(iter(places)) if len(places) == 1 else None
