"""Keys of access: seen, created and revoked by those who answer for their structure (C22)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.french import NBSP, typographic
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.access_keys import create_key, revoke_key
from facilitators.enums import KeyDirection, Permission
from facilitators.journal_marks import leaves
from facilitators.key_forms import AccessKeyForm
from facilitators.permissions import key_scopes_for, keys_for, requires, scope_of, structures_for

HOME = ("Clés d’accès", "/cles-d-acces/")
# {what an address says: direction}
DIRECTIONS = {
    "vers-le-facilitateur": KeyDirection.TO_FACILITATOR,
    "vers-le-departement": KeyDirection.TO_DEPARTMENT,
}
SHOWN_ADDRESSES = 50
P = Permission


@require_safe
@requires(P.REVOKE_KEYS)
def key_list(request):
    rows = _visible(request.user).with_last_address().order_by("structure__name", "structure_id", "-pk")
    context = {
        "page": page_of(request, rows),
        "directions": DIRECTIONS.items() if scope_of(request.user).allows(P.MANAGE_KEYS) else (),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "facilitators/key_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_KEYS)
@recently_authenticated
def key_create(request, direction):
    """The text of the key is in the answer to the form, and nowhere else: it is not kept."""
    if direction not in DIRECTIONS:
        raise Http404(NOT_FOUND)
    direction = DIRECTIONS[direction]
    form = AccessKeyForm(
        request.POST or None,
        structures=structures_for(request.user, P.MANAGE_KEYS),
        scopes=key_scopes_for(request.user, direction),
    )
    made = []
    if form.is_valid() and attempt(
        form, lambda: made.extend(create_key(direction=direction, by=request.user, **form.cleaned_data))
    ):
        return _show_once(request, *made)
    title = typographic(f"Nouvelle clé d’accès, {direction.label}")
    context = {"title": title, "cancel_url": reverse("facilitators:keys"), "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)


def _show_once(request, key, text):
    note(request, JournalAction.KEY, of=key)
    title = f"Clé d’accès de {key.label}"
    context = {"key": key, "text": text, "title": title, "breadcrumbs": trail(HOME, (title, None))}
    return render(request, "facilitators/key_created.html", context)


@require_safe
def key_detail(request, pk):
    key = _key(request.user, pk)
    context = {
        "key": key,
        "addresses": key.addresses.all()[:SHOWN_ADDRESSES],
        "breadcrumbs": trail(HOME, (str(key), None)),
    }
    return render(request, "facilitators/key_detail.html", context)


@leaves(JournalAction.KEY, of="facilitators.accesskey")
@require_POST
def key_revoke(request, pk):
    key = _key(request.user, pk)
    done = f"La clé de {key.label} est révoquée{NBSP}: elle n’ouvre plus rien."
    tell(request, lambda: revoke_key(key=key, by=request.user), done)
    return redirect("facilitators:key", pk=pk)


def _visible(user):
    """Keys this account follows, each with its state."""
    rows = keys_for(user, P.REVOKE_KEYS).with_state(timezone.now())
    return rows.select_related("structure", "created_by", "revoked_by")


def _key(user, pk):
    """The key, or Http404: unknown and of somebody else are the same."""
    key = _visible(user).filter(pk=pk).first()
    if key is None:
        raise Http404(NOT_FOUND)
    return key
