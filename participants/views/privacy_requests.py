"""The register of the requests of persons: recorded by who follows them, answered by the data protection officer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable, get_visible, requires, territories_for
from participants.forms.privacy import AnswerForm, DataRequestForm, ExtensionForm, StrangerRequestForm
from participants.models import DataRequest, Participant
from participants.services.privacy import requests
from participants.views.privacy_pages import HOME
from participants.views.privacy_persons import person_with

P = Permission
LIST = ("Demandes", "/donnees-personnelles/demandes/")
MOST_FOUND = 20


@reads_names()
@require_safe
@requires(P.RECORD_DATA_REQUESTS)
def data_requests(request):
    """The requests, those that wait first, with their clock."""
    rows = DataRequest.objects.visible_to(request.user).select_related("participant", "territory")
    today = timezone.localdate()
    waiting = request.GET.get("etat") != "toutes"
    rows = rows.open().order_by("due_on", "pk") if waiting else rows
    context = {
        "page": page_of(request, rows),
        "waiting": waiting,
        "late": DataRequest.objects.visible_to(request.user).late(today).count(),
        "today": today,
        "breadcrumbs": trail(HOME, (LIST[0], None)),
    }
    return render(request, "participants/privacy/request_list.html", context)


@reads_names()
@require_http_methods(["GET", "POST"])
@requires(P.RECORD_DATA_REQUESTS)
def data_request_create(request):
    """Find the file of who asks; or record the request of somebody who has none."""
    places = territories_for(request.user, P.RECORD_DATA_REQUESTS)
    form = StrangerRequestForm(request.POST or None, instance=DataRequest(), territories=places)
    if form.is_valid() and (row := _recorded(request, form)):
        return redirect("participants:data_request", pk=row.pk)
    text = request.GET.get("q", "").strip()[:100]
    found = Participant.objects.actionable_by(request.user, P.RECORD_DATA_REQUESTS).filter(
        merged_into=None, anonymised_on=None
    )
    context = {
        "q": text,
        "found": found.search(text).select_related("territory")[:MOST_FOUND] if text else [],
        "breadcrumbs": trail(HOME, LIST, ("Nouvelle demande", None)),
    }
    return answer_form(request, "participants/privacy/request_create.html", form, context)


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def data_request_of_person(request, pk):
    """Record the request of somebody who has a file."""
    person = person_with(request, pk, P.RECORD_DATA_REQUESTS)
    row = DataRequest(participant=person, territory=person.territory)
    form = DataRequestForm(request.POST or None, instance=row)
    if form.is_valid() and (saved := _recorded(request, form)):
        return redirect("participants:data_request", pk=saved.pk)
    context = {
        "title": "Enregistrer une demande",
        "lede": str(person),
        "cancel_url": reverse("participants:person_privacy", args=[pk]),
        "breadcrumbs": trail(HOME, LIST, ("Nouvelle demande", None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _recorded(request, form):
    """The request saved, or None when it was refused: the form says why."""
    row = form.save(commit=False)
    if not attempt(form, lambda: requests.record_request(request=row, by=request.user)):
        return None
    messages.success(request, "La demande est enregistrée : le délégué à la protection des données est prévenu.")
    return row


@reads_names("participants.datarequest")
@require_safe
def data_request(request, pk):
    rows = DataRequest.objects.select_related("participant", "territory", "recorded_by", "answered_by")
    row = get_visible(rows, request.user, pk=pk)
    decides = DataRequest.objects.actionable_by(request.user, P.DECIDE_DATA_REQUESTS).filter(pk=pk).exists()
    context = {
        "row": row,
        "is_late": row.answered_at is None and row.due_on < timezone.localdate(),
        "may_decide": decides and row.answered_at is None,
        "breadcrumbs": trail(HOME, LIST, (row.get_kind_display(), None)),
    }
    return render(request, "participants/privacy/request.html", context)


@require_POST
def data_request_identity(request, pk):
    row = get_actionable(DataRequest.objects, request.user, P.RECORD_DATA_REQUESTS, pk=pk)
    tell(request, lambda: requests.check_identity(request=row, by=request.user), "L’identité est notée vérifiée.")
    return redirect("participants:data_request", pk=pk)


@require_http_methods(["GET", "POST"])
def data_request_extend(request, pk):
    return _decide(
        request, pk, "Prolonger le délai de deux mois", ExtensionForm, requests.extend_request, "Le délai est prolongé."
    )


@require_http_methods(["GET", "POST"])
def data_request_answer(request, pk):
    return _decide(
        request, pk, "Répondre à la demande", AnswerForm, requests.answer_request, "La réponse est enregistrée."
    )


def _decide(request, pk, title, form_class, service, done):
    row = get_actionable(DataRequest.objects, request.user, P.DECIDE_DATA_REQUESTS, pk=pk)
    form = form_class(request.POST or None)
    if form.is_valid() and attempt(form, lambda: service(request=row, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("participants:data_request", pk=pk)
    url = reverse("participants:data_request", args=[pk])
    context = {"title": title, "lede": str(row), "cancel_url": url}
    context["breadcrumbs"] = trail(HOME, LIST, (row.get_kind_display(), url), (title, None))
    return answer_form(request, "components/form_page.html", form, context)
