"""The facilitator's word on a person: asked, decided on one page with what it takes, extended, revoked (C14)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.exports import export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable, requires, territories_for
from markets.enums import LotState
from markets.models import Lot
from participants.eligibility import MONTHS
from participants.enums import PrescriberKind, ValidationState
from participants.exports import ENDING, VALIDATIONS
from participants.forms import ExtendForm, GrantForm, MissingForm, ReasonForm, RevokeForm, ValidationForm
from participants.models import EligibilityValidation, Participant
from participants.services import validations
from participants.services.duplicates import exact_elsewhere, likely_here
from participants.services.eligibility import clock_of
from participants.services.endings import SOON, ending_soon
from participants.services.grant_rules import checks_of, evidence_refusal

HOME = ("Validations", "/validations/")
P = Permission
WITH_WORK = (LotState.CALIBRATED, LotState.AWARDED, LotState.RUNNING)


def _queued(request):
    """Persons who wait for the facilitator's word, the earliest start first."""
    rows = EligibilityValidation.objects.actionable_by(request.user, P.VALIDATE_PERSONS).to_decide()
    rows = rows.select_related("participant__commune", "category", "requested_by", "lot__market")
    return rows.order_by("starts_on", "pk")


def _checked(rows):
    """The same requests, each with what is wrong with its evidence today."""
    today = timezone.localdate()
    for row in rows:
        row.wrong = evidence_refusal(row, today)
    return rows


@reads_names()
@require_safe
@requires(P.VALIDATE_PERSONS)
def validation_queue(request):
    page = page_of(request, _queued(request))
    _checked(page.object_list)
    return render(request, "participants/validation_queue.html", {"page": page, "breadcrumbs": trail(HOME)})


@reads_names()
@require_safe
@requires(P.VALIDATE_PERSONS)
def validation_export(request, file_format):
    return export(request, file_format, VALIDATIONS, _queued(request), present=_checked)


def _ending(request):
    """Validations that end within 60 days and that nothing follows."""
    rows = EligibilityValidation.objects.actionable_by(request.user, P.VALIDATE_PERSONS)
    return ending_soon(rows, timezone.localdate()).select_related("participant__territory", "lot__market")


@reads_names()
@require_safe
@requires(P.VALIDATE_PERSONS)
def validations_ending(request):
    context = {"page": page_of(request, _ending(request)), "days": SOON.days}
    context["breadcrumbs"] = trail(HOME, ("Bientôt échues", None))
    return render(request, "participants/validations_ending.html", context)


@reads_names()
@require_safe
@requires(P.VALIDATE_PERSONS)
def ending_export(request, file_format):
    return export(request, file_format, ENDING, _ending(request))


@reads_names("participants.participant", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_request(request, pk):
    person = get_actionable(Participant.objects, request.user, P.MANAGE_PERSONS, pk=pk)
    form = ValidationForm(
        request.POST or None, instance=EligibilityValidation(participant=person), lots=_lots(request.user)
    )
    if form.is_valid() and attempt(
        form, lambda: validations.propose(validation=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "La demande est dans la file des validations.")
        return redirect("participants:person", pk=pk)
    return _answer(request, form, "Demander une validation", person)


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_edit(request, pk):
    """A request that waits: what was missing is there, the evidence is renewed, the period moves."""
    rows = EligibilityValidation.objects.select_related("participant", "category")
    validation = get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)
    seen = version_of(validation)
    form = ValidationForm(request.POST or None, instance=validation, lots=_lots(request.user), seen=seen)
    if form.is_valid() and attempt(form, lambda: _revise(form, request.user)):
        messages.success(request, "La demande est enregistrée.")
        return redirect("participants:validation_grant", pk=pk)
    return _answer(request, form, "Modifier la demande", validation.participant)


def _revise(form, by):
    validations.revise(validation=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


def _lots(user):
    lots = Lot.objects.actionable_by(user, P.MANAGE_PERSONS).filter(state__in=WITH_WORK)
    return lots.select_related("market").order_by("market__number", "number")


def _target(request, pk):
    rows = EligibilityValidation.objects.select_related(
        "participant__territory", "participant__commune", "category", "lot__market", "requested_by", "evidence_seen_by"
    )
    return get_actionable(rows, request.user, P.VALIDATE_PERSONS, pk=pk)


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_grant(request, pk):
    """What the decider needs on one page, and the decision: its period, its reason when one is due."""
    validation = _target(request, pk)
    form = GrantForm(request.POST or None, initial=_usual_decision(validation))
    if form.is_valid() and attempt(
        form, lambda: validations.grant(validation=validation, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"{validation.participant} : validation accordée.")
        return redirect("participants:validations")
    return answer_form(request, "participants/validation_decide.html", form, _to_decide(request, validation))


def _usual_decision(validation):
    """From today at the earliest, up to 24 months within the clock."""
    starts_on = max(validation.starts_on, timezone.localdate())
    last = clock_of(validation.participant).last_day(starts_on, validation.iae_ends_on)
    asked = validation.ends_on if validation.ends_on >= starts_on else last
    return {"starts_on": starts_on, "ends_on": max(min(asked, last), starts_on)}


def _to_decide(request, validation):
    person, mine = validation.participant, territories_for(request.user, P.VIEW_PERSONS)
    others = person.validations.exclude(pk=validation.pk).select_related("category", "decided_by")
    return {
        "validation": validation,
        "person": person,
        "checks": checks_of(validation, timezone.localdate()),
        "others": others,
        "look_alikes": likely_here(person, mine),
        "elsewhere": exact_elsewhere(person, mine),
        "from_company": person.prescriber == PrescriberKind.COMPANY,
        "is_open": validation.state == ValidationState.PROPOSED,
        "is_waiting": validation.state == ValidationState.INCOMPLETE,
        "months": MONTHS,
        "breadcrumbs": trail(HOME, (str(person), None)),
    }


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_missing(request, pk):
    """Put a request aside until what is missing is there."""
    done = "La demande attend les pièces demandées."
    return _decide(request, pk, MissingForm, validations.ask_evidence, "Demander des pièces", done)


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_refuse(request, pk):
    return _decide(request, pk, ReasonForm, validations.refuse, "Refuser la validation", "La demande est refusée.")


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_extend(request, pk):
    done = "La prolongation est accordée."
    return _decide(request, pk, ExtendForm, validations.extend, "Prolonger la validation", done)


@reads_names("participants.eligibilityvalidation", does=JournalAction.VALIDATION)
@require_http_methods(["GET", "POST"])
def validation_revoke(request, pk):
    done = "La validation est révoquée ; les heures qu’elle couvrait ont été recalculées."
    return _decide(request, pk, RevokeForm, validations.withdraw, "Révoquer la validation", done)


def _decide(request, pk, form_class, service, title, done):
    validation = _target(request, pk)
    form = form_class(request.POST or None)
    if form.is_valid() and attempt(form, lambda: service(validation=validation, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("participants:person", pk=validation.participant_id)
    return _answer(request, form, title, validation.participant)


def _answer(request, form, title, person):
    back = reverse("participants:person", args=[person.pk])
    crumbs = trail(("Personnes", reverse("participants:list")), (str(person), back), (title, None))
    context = {"title": title, "lede": str(person), "cancel_url": back, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)
