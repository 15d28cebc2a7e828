"""What views share: turning refusals into form errors or messages, answering pages and fragments."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError
from clauses_portal.core.text import row_number
from clauses_portal.core.versions import Stale

PAGE_SIZE = 25
UNREADABLE = "La demande est illisible : rien n’a été enregistré."


def attempt(form, action):
    """Run `action()` in a savepoint. A refusal becomes errors of the form and rolls back; returns True when done."""
    try:
        with refusals():
            action()
    except ValidationError as error:
        _add_errors(form, error)
    except (DomainError, ValueError) as error:
        form.add_error(None, str(error))
        if isinstance(error, Stale):
            form.read_again(error.version)
    else:
        return True
    return False


def tell(request, action, done):
    """Run `action()` for a button; the next page says `done`, or why not. Returns True when it was done.

    A refusal leaves `request.was_refused`: the answer is a redirection too, and the journal tells them apart.
    """
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
    request.was_refused = True
    return False


def _add_errors(form, error):
    """Put each message on its field, or on top when the form has no such field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, texts in by_field.items():
        form.add_error(name if name in form.fields else None, texts)


def answer_form(request, template, form, context):
    """Show a form: 200 the first time, 422 when it was refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


def page_of(request, rows, size=PAGE_SIZE):
    """Return the page of `rows` asked by ?page=; an absurd number gives the nearest page."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    request.page_shown = page  # the journal says how many persons were shown
    return page


def page_here(request, address):
    """Return this address when it is a page of the portal, « » otherwise: elsewhere, unreadable, no address at all."""
    inside = address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if inside else ""


def discreet(response):
    """No cache keeps this page, no robot lists it, no other site is told where the visitor comes from.

    « no-referrer » would go further, and make browsers post forms with « Origin: null », which is refused.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def trail(*steps):
    """Breadcrumbs: (label, url) pairs from the home page on, the last one being the page itself."""
    return [("À faire", reverse("home")), *((label, url or "") for label, url in steps)]


def progress_line(job, *, title, poll_url, result_url, result_label, after_failure=True):
    """What components/progress.html shows of a job; the way to its result once it is over, failed or not if asked."""
    is_there = job.is_over and (after_failure or not job.error)
    return {
        "job": job,
        "title": title,
        "poll_url": poll_url,
        "result_url": result_url if is_there else "",
        "result_label": result_label,
    }


def ticked(request, name="line"):
    """The identifiers of the boxes ticked. Raises BadRequest (400) on what no page of ours sends."""
    ids = [row_number(text) for text in request.POST.getlist(name)]
    if None in ids:
        raise BadRequest(UNREADABLE)
    return ids
