"""Drafts in the pages: kept every few seconds by htmx, offered again when the form is opened, given up by a button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape
from django.views.decorators.http import require_POST

from clauses_portal.accounts.drafts import draft_of, drop_draft, save_draft
from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import page_here


@require_POST
def draft_save(request, key):
    """Keep what is typed; answers the sentence shown under the form."""
    try:
        draft = save_draft(user=request.user, key=key, data=dict(request.POST.lists()))
    except DomainError as error:
        return HttpResponse(escape(error.message), status=error.status)
    return HttpResponse(f"Brouillon enregistré à {timezone.localtime(draft.saved_on):%H:%M}.")


@require_POST
def draft_discard(request, key):
    """Forget the draft and open the form again, as it was saved."""
    drop_draft(user=request.user, key=key)
    messages.info(request, "Le brouillon est abandonné.")
    return redirect(page_here(request, request.POST.get("next", "")) or "home")


def offer_draft(request, form, key):
    """Put this person's draft in a form that is shown for the first time; returns what the page needs of it."""
    draft = None if form.is_bound else draft_of(user=request.user, key=key)
    if draft is not None:
        resume(form, draft.data)
    return {"key": key, "saved_on": draft.saved_on if draft else None}


def resume(form, data):
    """Show `data`, {field: [texts]}, in an unbound form as it was typed, right or wrong."""
    typed = MultiValueDict(data)
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if not field.widget.value_omitted_from_data(typed, {}, key):
            form.initial[name] = field.widget.value_from_datadict(typed, {}, key)
