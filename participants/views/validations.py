from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires
from participants.forms import ReasonForm, ValidationForm
from participants.models import EligibilityValidation, Participant
from participants.services import validations

HOME = ("Validations", "/validations/")


@require_safe
@requires(Permission.VALIDATE_PERSONS)
def validation_queue(request):
    """Persons who wait for the facilitator's word, the earliest start first."""
    rows = EligibilityValidation.objects.actionable_by(request.user, Permission.VALIDATE_PERSONS).to_decide()
    rows = rows.select_related("participant__commune", "category").order_by("starts_on", "pk")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(HOME)}
    return render(request, "participants/validation_queue.html", context)


@require_http_methods(["GET", "POST"])
def validation_request(request, pk):
    person = get_actionable(Participant.objects, request.user, Permission.MANAGE_PERSONS, pk=pk)
    form = ValidationForm(request.POST or None, instance=EligibilityValidation(participant=person))
    if form.is_valid() and attempt(
        form, lambda: validations.propose(validation=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "La demande est dans la file des validations.")
        return redirect("participants:person", pk=pk)
    return _answer(request, form, "Demander une validation", str(person), pk)


def _target(request, pk):
    rows = EligibilityValidation.objects.select_related("participant")
    return get_actionable(rows, request.user, Permission.VALIDATE_PERSONS, pk=pk)


@require_POST
def validation_grant(request, pk):
    validation = _target(request, pk)
    try:
        validations.grant(validation=validation, by=request.user)
        messages.success(request, f"{validation.participant} : validation accordée.")
    except DomainError as error:
        messages.error(request, error.message)
    if request.POST.get("next") == "queue":
        return redirect("participants:validations")
    return redirect("participants:person", pk=validation.participant_id)


@require_http_methods(["GET", "POST"])
def validation_refuse(request, pk):
    return _with_reason(request, pk, validations.refuse, "Refuser la validation", "La demande est refusée.")


@require_http_methods(["GET", "POST"])
def validation_revoke(request, pk):
    done = "La validation est révoquée ; les heures qu’elle couvrait ont été recalculées."
    return _with_reason(request, pk, validations.revoke, "Révoquer la validation", done)


def _with_reason(request, pk, service, title, done):
    validation = _target(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: service(validation=validation, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("participants:person", pk=validation.participant_id)
    return _answer(request, form, title, str(validation.participant), validation.participant_id)


def _answer(request, form, title, lede, person_pk):
    back = reverse("participants:person", args=[person_pk])
    crumbs = trail(("Personnes", reverse("participants:list")), (lede, back), (title, None))
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)
