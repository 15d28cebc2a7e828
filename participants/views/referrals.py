"""Persons proposed on a posting: found, proposed together, answered for (C16, C24)."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.text import row_number
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable, refusal, requires, territories_for
from markets.presenters import abilities
from participants.candidates import candidates_for
from participants.enums import PostingState
from participants.forms.postings import ProposeForm, StaffAnswerForm
from participants.models import JobPosting, Participant, Referral
from participants.services import referrals
from participants.vacancies import occupations, refusals_by_occupation
from participants.views.postings import HOME

P = Permission
A_YEAR = timedelta(days=365)
TRACE = "Les personnes sont classées par ce que demande le poste, de la même façon pour toutes."


@reads_names("participants.jobposting")
@require_http_methods(["GET", "POST"])
def posting_persons(request, pk):
    """Who was proposed, and who fits: the whole list is shown, so that everyone is considered."""
    rows = JobPosting.objects.with_hired().select_related("award__company", "lot__market", "rome", "commune")
    posting = get_actionable(rows, request.user, P.VIEW_PERSONS, pk=pk)
    may_propose = abilities(JobPosting.objects, request.user, pk, P.MANAGE_PERSONS)[P.MANAGE_PERSONS]
    if request.method == "POST" and not may_propose:
        raise PermissionDenied(refusal(request.user, P.MANAGE_PERSONS))
    candidates = _candidates(posting, request.user)
    form = ProposeForm(
        request.POST if request.method == "POST" else None, candidates=candidates, contacts=_contacts(posting)
    )
    if form.is_valid() and attempt(form, lambda: _propose(posting, form, request.user)):
        messages.success(request, _proposed(len(form.cleaned_data["participants"])))
        return redirect("participants:posting_persons", pk=pk)
    context = _context(request, posting, candidates) | {
        "may_propose": may_propose and posting.state == PostingState.PUBLISHED,
        "may_answer": may_propose,
        "chosen": _chosen(request),
    }
    return answer_form(request, "participants/posting_persons.html", form, context)


def _chosen(request):
    """Ids ticked in a form that comes back."""
    return {number for text in request.POST.getlist("participants") if (number := row_number(text))}


def _candidates(posting, user):
    if posting.state != PostingState.PUBLISHED:
        return Participant.objects.none()
    persons = Participant.objects.visible_to(user).select_related("commune")
    return candidates_for(posting, persons)


def _contacts(posting):
    """Somebody of the company one may write to."""
    return posting.award.company.contacts.live().exclude(email="").filter(bounced_on__isnull=True)


def _propose(posting, form, by):
    data = form.cleaned_data
    referrals.propose(posting=posting, participants=list(data["participants"]), contact=data["contact"], by=by)


def _proposed(number):
    if number == 1:
        return "La personne est proposée : la réponse est attendue sous 15 jours."
    return f"{number} personnes sont proposées : les réponses sont attendues sous 15 jours."


def _context(request, posting, candidates):
    proposed = posting.referrals.visible_to(request.user).select_related("participant", "proposed_by", "contract")
    title = posting.title
    return {
        "posting": posting,
        "referrals": proposed,
        "page": page_of(request, candidates, size=50),
        "today": timezone.localdate(),
        "trace": TRACE,
        "breadcrumbs": trail(HOME, (title, reverse("participants:posting", args=[posting.pk])), ("Personnes", None)),
    }


@reads_names("participants.referral")
@require_http_methods(["GET", "POST"])
def referral_answer(request, pk):
    """What the company said by telephone, or the person herself."""
    referral = _referral(request, pk)
    url = reverse("participants:posting_persons", args=[referral.posting_id])
    form = StaffAnswerForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: referrals.answer(referral=referral, by=request.user, **form.answered())
    ):
        messages.success(request, "La réponse est enregistrée.")
        return redirect(url)
    title = f"Réponse pour {referral.participant}"
    context = {"title": title, "lede": str(referral.posting), "cancel_url": url}
    context["breadcrumbs"] = trail(HOME, (referral.posting.title, url), (title, None))
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def referral_withdraw(request, pk):
    referral = _referral(request, pk)
    tell(request, lambda: referrals.withdraw(referral=referral, by=request.user), "La proposition est retirée.")
    return redirect("participants:posting_persons", pk=referral.posting_id)


def _referral(request, pk):
    rows = Referral.objects.select_related("participant", "posting")
    return get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)


@reads_names()
@require_safe
@requires(P.VIEW_PERSONS)
def vacancies(request):
    """« Postes à pourvoir et personnes disponibles », per territory."""
    territories = territories_for(request.user, P.VIEW_PERSONS)
    asked = request.GET.get("territory", "")
    chosen = territories if (number := row_number(asked)) is None else territories.filter(pk=number)
    persons = Participant.objects.visible_to(request.user).filter(territory__in=chosen)
    postings = JobPosting.objects.visible_to(request.user).filter(territory__in=chosen)
    proposed = Referral.objects.visible_to(request.user).filter(posting__territory__in=chosen)
    by_occupation = occupations(postings, persons)
    count_shown(request, sum(len(row.persons) for row in by_occupation))
    context = {
        "territories": territories,
        "asked": asked,
        "occupations": by_occupation,
        "refusals": refusals_by_occupation(proposed, timezone.localdate() - A_YEAR),
        "breadcrumbs": trail(("Postes et personnes", None)),
    }
    return render(request, "participants/vacancies.html", context)
