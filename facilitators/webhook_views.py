"""Automatic messages: subscribed, tried, stopped, and what became of each (C22)."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators import webhooks
from facilitators.enums import Permission
from facilitators.journal_marks import leaves
from facilitators.models import Webhook, WebhookDelivery
from facilitators.permissions import refusal, requires, scope_of, structures_for
from facilitators.webhook_forms import WebhookForm

HOME = ("Avertissements automatiques", "/avertissements-automatiques/")
P = Permission


@require_safe
@requires(P.REVOKE_KEYS)
def webhook_list(request):
    rows = _visible(request.user).annotate(last_sent_on=Max("deliveries__sent_on")).order_by("-pk")
    context = {
        "page": page_of(request, rows),
        "may_manage": scope_of(request.user).allows(P.MANAGE_KEYS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "facilitators/webhook_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_KEYS)
def webhook_create(request):
    """The secret is in the answer to the form, and nowhere else: it is not kept."""
    form = WebhookForm(request.POST or None, structures=structures_for(request.user, P.MANAGE_KEYS))
    made = []
    if form.is_valid() and attempt(form, lambda: made.extend(webhooks.subscribe(by=request.user, **form.cleaned_data))):
        webhook, secret = made
        note(request, JournalAction.KEY, of=webhook)
        context = {"webhook": webhook, "secret": secret, "breadcrumbs": trail(HOME, (webhook.label, None))}
        return render(request, "facilitators/webhook_created.html", context)
    title = "Nouvel avertissement automatique"
    context = {
        "title": title,
        "cancel_url": reverse("facilitators:webhooks"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


@require_safe
def webhook_detail(request, pk):
    webhook = _webhook(request.user, pk)
    context = {
        "webhook": webhook,
        "page": page_of(request, webhook.deliveries.all()),
        "in_force": webhooks.convention_in_force(webhook.structure_id),
        "may_manage": _answers_for(request.user, P.MANAGE_KEYS, webhook),
        "breadcrumbs": trail(HOME, (webhook.label, None)),
    }
    return render(request, "facilitators/webhook_detail.html", context)


@require_POST
def webhook_try(request, pk):
    webhook = _webhook(request.user, pk, P.MANAGE_KEYS)
    tell(request, lambda: webhooks.try_out(webhook=webhook), "Le message d’essai est parti : son sort s’affiche ici.")
    return redirect("facilitators:webhook", pk=pk)


@leaves(JournalAction.KEY, of="facilitators.webhook")
@require_POST
def webhook_stop(request, pk):
    webhook = _webhook(request.user, pk)
    tell(request, lambda: webhooks.stop(webhook=webhook, by=request.user), "L’avertissement est arrêté.")
    return redirect("facilitators:webhook", pk=pk)


@require_POST
def delivery_retry(request, pk):
    delivery = WebhookDelivery.objects.filter(pk=pk, webhook__in=_visible(request.user)).first()
    if delivery is None:
        raise Http404(NOT_FOUND)
    webhook = _webhook(request.user, delivery.webhook_id, P.MANAGE_KEYS)
    tell(request, lambda: webhooks.send_again(delivery=delivery), "Le message repart.")
    return redirect("facilitators:webhook", pk=webhook.pk)


def _visible(user):
    """Webhooks of the structures this account answers for."""
    return Webhook.objects.filter(structure__in=structures_for(user, P.REVOKE_KEYS)).select_related("structure")


def _webhook(user, pk, permission=P.REVOKE_KEYS):
    """The webhook, or Http404; PermissionDenied when it is in sight without this right."""
    webhook = _visible(user).filter(pk=pk).first()
    if webhook is None:
        raise Http404(NOT_FOUND)
    if not _answers_for(user, permission, webhook):
        raise PermissionDenied(refusal(user, permission))
    return webhook


def _answers_for(user, permission, webhook):
    return structures_for(user, permission).filter(pk=webhook.structure_id).exists()
