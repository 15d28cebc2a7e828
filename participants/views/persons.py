from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires, scope_of, territories_for
from participants.forms import PersonForm
from participants.models import EligibilityValidation, Participant
from participants.services import persons

HOME = ("Personnes", "/personnes/")


@require_safe
@requires(Permission.VIEW_PERSONS)
def person_list(request):
    query = request.GET.get("q", "")[:100]
    granted = EligibilityValidation.objects.granted().filter(ends_on__gte=timezone.localdate()).order_by("starts_on")
    granted = Prefetch("validations", granted, to_attr="granted_validations")
    rows = Participant.objects.visible_to(request.user).search(query)
    page = page_of(request, rows.select_related("commune", "territory").prefetch_related(granted))
    context = {
        "page": page,
        "query": query,
        "may_create": scope_of(request.user).allows(Permission.MANAGE_PERSONS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "participants/person_list.html", context)


@require_safe
def person_detail(request, pk):
    person = get_visible(Participant.objects.select_related("commune", "territory"), request.user, pk=pk)
    may_change = Participant.objects.actionable_by(request.user, Permission.MANAGE_PERSONS).filter(pk=pk).exists()
    context = {
        "person": person,
        "validations": person.validations.select_related("category", "decided_by", "evidence_seen_by"),
        "contracts": person.contracts.visible_to(request.user).select_related("lot__market", "employer"),
        "may_change": may_change,
        "breadcrumbs": trail(HOME, (str(person), None)),
    }
    return render(request, "participants/person_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_PERSONS)
def person_create(request):
    return _edit(request, Participant(), "Nouvelle personne")


@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    person = get_actionable(Participant.objects, request.user, Permission.MANAGE_PERSONS, pk=pk)
    return _edit(request, person, f"Modifier {person}")


def _edit(request, person, title):
    territories = territories_for(request.user, Permission.MANAGE_PERSONS)
    form = PersonForm(request.POST or None, instance=person, territories=territories)
    if form.is_valid() and attempt(form, lambda: persons.save_person(person=form.save(commit=False), by=request.user)):
        messages.success(request, f"{person} : la fiche est enregistrée.")
        return redirect("participants:person", pk=person.pk)
    back = reverse("participants:person", args=[person.pk]) if person.pk else reverse("participants:list")
    context = {"title": title, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
