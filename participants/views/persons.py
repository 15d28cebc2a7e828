"""Persons: found, entered without double, kept up to date."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable, get_visible, requires, scope_of, territories_for
from participants.exports import PERSONS
from participants.filters.persons import PersonFilter
from participants.forms import NewPersonForm, NoticeForm, PersonForm
from participants.models import EligibilityValidation, Participant
from participants.services import persons
from participants.services.certificates import with_certificates
from participants.services.duplicates import exact_elsewhere, likely_here
from participants.services.eligibility import clock_of
from participants.services.european import questionnaires_of
from participants.timeline import story_of

HOME = ("Personnes", "/personnes/")
P = Permission
A_PAGE = 50


def _listed(request):
    """(filters, persons this account may see as the address filters them, with the validation the list shows)."""
    granted = EligibilityValidation.objects.granted().filter(ends_on__gte=timezone.localdate()).order_by("starts_on")
    granted = Prefetch("validations", granted, to_attr="granted_validations")
    rows = Participant.objects.visible_to(request.user).current()
    filters = PersonFilter(request.GET, queryset=rows, territories=territories_for(request.user, P.VIEW_PERSONS))
    return filters, filters.qs.select_related("commune", "territory").prefetch_related(granted)


@reads_names()
@require_safe
@requires(P.VIEW_PERSONS)
def person_list(request):
    filters, found = _listed(request)
    context = {
        "filters": filters,
        "page": page_of(request, found, size=A_PAGE),
        "today": timezone.localdate(),
        "may_create": scope_of(request.user).allows(P.MANAGE_PERSONS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "participants/person_list.html", context)


@reads_names()
@require_safe
@requires(P.VIEW_PERSONS)
def person_export(request, file_format):
    filters, found = _listed(request)
    return export(request, file_format, PERSONS, found, criteria=criteria_of(filters.form))


@reads_names("participants.participant")
@require_safe
def person_detail(request, pk):
    rows = Participant.objects.select_related("commune", "territory", "informed_by", "merged_into")
    person = get_visible(rows, request.user, pk=pk)
    may_change = Participant.objects.actionable_by(request.user, P.MANAGE_PERSONS).filter(pk=pk).exists()
    clock, today = clock_of(person), timezone.localdate()
    context = {
        "person": person,
        "validations": with_certificates(
            person.validations.select_related("category", "lot__market", "decided_by", "evidence_seen_by")
        ),
        "story": story_of(person, request.user),
        "duplicates": likely_here(person, territories_for(request.user, P.VIEW_PERSONS)),
        "european": questionnaires_of(person),
        "clock": clock,
        "months_open": clock.months_open(today),
        "clock_ends_on": clock.last_day(today),
        "today": today,
        "may_change": may_change and person.merged_into_id is None,
        "breadcrumbs": trail(HOME, (str(person), None)),
    }
    return render(request, "participants/person_detail.html", context)


@reads_names()
@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_PERSONS)
def person_create(request):
    """The short form; whoever looks like somebody known is compared first."""
    territories = territories_for(request.user, P.MANAGE_PERSONS)
    form = NewPersonForm(request.POST or None, instance=Participant(), territories=territories)
    look_alikes, elsewhere = [], None
    if form.is_valid():
        person = form.save(commit=False)
        mine = territories_for(request.user, P.VIEW_PERSONS)
        look_alikes, elsewhere = likely_here(person, mine), exact_elsewhere(person, mine)
        doubts = _doubts(look_alikes, elsewhere)
        if doubts <= set(form.cleaned_data["confirmed"].split(",")):
            if attempt(form, lambda: _create(form, person, request.user)):
                messages.success(request, f"{person} : la fiche est enregistrée.")
                return redirect("participants:person", pk=person.pk)
        else:
            form = _ask_again(form, doubts)
    count_shown(request, len(look_alikes))
    context = {
        "title": "Nouvelle personne",
        "look_alikes": look_alikes,
        "elsewhere": elsewhere,
        "cancel_url": reverse("participants:list"),
        "breadcrumbs": trail(HOME, ("Nouvelle personne", None)),
    }
    return answer_form(request, "participants/person_create.html", form, context)


def _doubts(look_alikes, elsewhere):
    """What the person who types must have seen before the file is created."""
    return {str(other.pk) for other, _ in look_alikes} | ({"elsewhere"} if elsewhere else set())


def _ask_again(form, doubts):
    """The same form, to be sent once more knowingly."""
    form.data = form.data.copy()
    form.data["confirmed"] = ",".join(sorted(doubts))
    return form


def _create(form, person, by):
    if form.cleaned_data["informed_how"]:
        persons.mark_informed(person, form.cleaned_data["informed_how"], by)
    persons.save_person(person=person, by=by)


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    person = get_actionable(Participant.objects, request.user, P.MANAGE_PERSONS, pk=pk)
    title, url = f"Modifier {person}", reverse("participants:person", args=[pk])
    territories = territories_for(request.user, P.MANAGE_PERSONS)
    form = PersonForm(request.POST or None, instance=person, territories=territories, seen=version_of(person))
    if form.is_valid() and attempt(form, lambda: _save(form, request.user)):
        messages.success(request, f"{person} : la fiche est enregistrée.")
        return redirect("participants:person", pk=pk)
    context = {"title": title, "cancel_url": url, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)


def _save(form, by):
    data = form.cleaned_data
    persons.save_person(person=form.save(commit=False), wanted_jobs=data["wanted_jobs"], seen=data["seen"], by=by)


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def person_notice(request, pk):
    """Record that the person was told what becomes of her data."""
    person = get_actionable(Participant.objects, request.user, P.MANAGE_PERSONS, pk=pk)
    title, url = "Enregistrer l’information de la personne", reverse("participants:person", args=[pk])
    form = NoticeForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: persons.record_notice(person=person, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "L’information de la personne est enregistrée.")
        return redirect("participants:person", pk=pk)
    context = {"title": title, "lede": str(person), "cancel_url": url}
    context["breadcrumbs"] = trail(HOME, (str(person), url), (title, None))
    return answer_form(request, "components/form_page.html", form, context)
