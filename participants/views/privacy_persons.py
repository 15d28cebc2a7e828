"""A person and her data: her requests, the copies made for her, what keeps her file, and its end."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import ZIP, as_download
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.web import answer_form, attempt, progress_line, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import NOT_FOUND, get_actionable, get_visible
from participants.forms.privacy import AnonymiseForm, HoldForm
from participants.models import AccessExport, Participant, ParticipantHold
from participants.services.privacy import copies, holds, requests, retention
from participants.services.privacy.anonymising import anonymise_participant
from participants.views.privacy_pages import HOME

P = Permission
DECIDE, RECORD = P.DECIDE_DATA_REQUESTS, P.RECORD_DATA_REQUESTS


def person_with(request, pk, permission):
    """The person of this number on whom this account may do that; 404 otherwise. The officer lists no persons."""
    rows = Participant.objects.actionable_by(request.user, DECIDE) | Participant.objects.actionable_by(
        request.user, permission
    )
    person = rows.filter(pk=pk).select_related("territory", "merged_into").first()
    if person is None:
        raise Http404(NOT_FOUND)
    return person


@reads_names("participants.participant")
@require_safe
def person_privacy(request, pk):
    """Requests, copies, holds and marks of a person; what may be done with her file."""
    person = person_with(request, pk, RECORD)
    today = timezone.localdate()
    context = {
        "person": person,
        "requests": person.data_requests.all(),
        "copies": person.access_exports.filter(asked_by=request.user).defer("content"),
        "holds": person.holds.select_related("placed_by", "released_by"),
        "held": person.holds.in_force(today).exists(),
        "may_decide": Participant.objects.actionable_by(request.user, DECIDE).filter(pk=pk).exists(),
        "now": timezone.now(),
        "breadcrumbs": trail(HOME, (str(person), None)),
    }
    return render(request, "participants/privacy/person.html", context)


@require_POST
@recently_authenticated(back_to="participants:person_privacy")
def access_export_ask(request, pk):
    person = person_with(request, pk, RECORD)
    try:
        asked = copies.ask_copy(participant=person, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("participants:person_privacy", pk=pk)
    return redirect("participants:access_export", pk=asked.pk)


@reads_names("participants.accessexport")
@require_safe
def access_export(request, pk):
    """A copy: its progress while it is made, then its file until it expires."""
    asked = _mine(request, pk)
    context = {
        "asked": asked,
        "progress": _progress(read_progress(asked)),
        "available": asked.expires_on is not None and asked.expires_on > timezone.now(),
        "breadcrumbs": trail(HOME, (f"Copie des données – {asked.participant}", None)),
    }
    return render(request, "participants/privacy/access_export.html", context)


@require_safe
def access_export_progress(request, pk):
    return render(request, "components/progress.html", _progress(read_progress(_mine(request, pk))))


@require_POST
@recently_authenticated(back_to="participants:access_export")
def access_export_take(request, pk):
    asked = _mine(request, pk)
    try:
        content = copies.take_copy(asked=asked, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("participants:access_export", pk=pk)
    return as_download(f"donnees-{asked.participant_id}.zip", ZIP.mime, content)


def _mine(request, pk):
    return get_visible(AccessExport.objects.defer("content").select_related("participant"), request.user, pk=pk)


def _progress(asked):
    return progress_line(
        asked,
        title="Préparation de la copie",
        poll_url=reverse("participants:access_export_progress", args=[asked.pk]),
        result_url=reverse("participants:access_export", args=[asked.pk]),
        result_label="Voir la copie",
    )


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def hold_place(request, pk):
    person = person_with(request, pk, DECIDE)
    form = HoldForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: holds.place_hold(participant=person, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La fiche est gardée : elle ne sera pas anonymisée.")
        return redirect("participants:person_privacy", pk=pk)
    return _form_page(request, form, person, "Garder la fiche")


@require_POST
def hold_release(request, pk):
    hold = get_actionable(ParticipantHold.objects, request.user, DECIDE, pk=pk)
    tell(request, lambda: holds.release_hold(hold=hold, by=request.user), "La mesure de conservation est levée.")
    return redirect("participants:person_privacy", pk=hold.participant_id)


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
@recently_authenticated
def person_anonymise(request, pk):
    """Forget a person for good: a proof of identity, a reason, and a box to tick."""
    person = person_with(request, pk, DECIDE)
    form, done = AnonymiseForm(request.POST or None), []
    if form.is_valid() and attempt(form, lambda: done.append(_forget(person, form, request.user))):
        messages.success(request, "La personne est anonymisée : ses chiffres restent, son identité est perdue.")
        for sentence in done[0].kept:
            messages.warning(request, f"Un document qui ne change pas la nomme encore, à examiner : {sentence}.")
        return redirect("participants:person_privacy", pk=pk)
    return _form_page(request, form, person, "Anonymiser la personne")


def _forget(person, form, by):
    return anonymise_participant(participant=person, by=by, reason=form.cleaned_data["reason"])


@require_POST
def person_restore(request, pk):
    person = person_with(request, pk, DECIDE)
    done = "La fiche est de nouveau active."
    tell(request, lambda: retention.restore_person(participant=person, by=request.user), done)
    return redirect("participants:person_privacy", pk=pk)


@require_POST
def opposition_lift(request, pk):
    return _lift(request, pk, "opposed_on", "L’opposition est levée.")


@require_POST
def limitation_lift(request, pk):
    return _lift(request, pk, "limited_on", "La limitation est levée.")


def _lift(request, pk, column, done):
    person = person_with(request, pk, DECIDE)
    tell(request, lambda: requests.lift_mark(person=person, column=column, by=request.user), done)
    return redirect("participants:person_privacy", pk=pk)


def _form_page(request, form, person, title):
    url = reverse("participants:person_privacy", args=[person.pk])
    context = {"title": title, "lede": str(person), "cancel_url": url}
    context["breadcrumbs"] = trail(HOME, (str(person), url), (title, None))
    return answer_form(request, "components/form_page.html", form, context)
