"""What each person keeps for herself: what she is told, and the contact details the documents print."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators import notifications, services
from facilitators.forms import ContactForm
from facilitators.models import Notification


@require_safe
def notification_list(request):
    rows = Notification.objects.visible_to(request.user)
    context = {"page": page_of(request, rows), "breadcrumbs": trail(("Notifications", None))}
    return render(request, "facilitators/notification_list.html", context)


@require_POST
def notifications_read(request):
    """Everything on the home page was seen."""
    notifications.mark_read(user=request.user)
    return redirect("home")


@require_http_methods(["GET", "POST"])
def contact_edit(request):
    """One’s own telephone and function: what the documents of a market print (C4, C13)."""
    form = ContactForm(request.POST or None, instance=request.user)
    if form.is_valid() and attempt(form, lambda: services.change_contact(user=form.save(commit=False))):
        messages.success(request, "Vos coordonnées sont enregistrées.")
        return redirect("home")
    title = "Mes coordonnées"
    context = {"title": title, "cancel_url": reverse("home"), "breadcrumbs": trail((title, None))}
    return answer_form(request, "components/form_page.html", form, context)
