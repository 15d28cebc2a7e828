"""The FSE+ questionnaire of a person: read and typed by her facilitator alone (domain.md §7)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable
from participants.forms.european import EuropeanAnswersForm
from participants.models import EuropeanAnswers, Participant
from participants.services.european import QUESTIONS, declared_operations, record_answers
from participants.views.persons import HOME

P = Permission


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def european_answers(request, pk):
    """The answers for the operation in the address (?operation=), the only one of hers failing that."""
    person = get_actionable(Participant.objects, request.user, P.MANAGE_PERSONS, pk=pk)
    operations = list(declared_operations(person))
    back = reverse("participants:person", args=[pk])
    context = {"person": person, "cancel_url": back, "operations": operations}
    if not operations:
        context["breadcrumbs"] = trail(HOME, (str(person), back), ("Questionnaire FSE+", None))
        status = 422 if request.method == "POST" else 200
        return render(request, "participants/european_none.html", context, status=status)
    operation = _asked(request, operations)
    row = EuropeanAnswers.objects.visible_to(request.user).filter(participant=person, operation=operation).first()
    form = EuropeanAnswersForm(request.POST or None, model=EuropeanAnswers, initial=_initial(row))
    if form.is_valid() and attempt(form, lambda: _record(form, person, operation, request.user)):
        messages.success(request, "Les réponses sont enregistrées.")
        return redirect("participants:person", pk=pk)
    title = f"Questionnaire FSE+ – {operation.reference}"
    context |= {"title": title, "lede": str(person), "operation": operation}
    context["breadcrumbs"] = trail(HOME, (str(person), back), (title, None))
    return answer_form(request, "participants/european_form.html", form, context)


def _asked(request, operations):
    """The operation of the address; unknown, or not hers: 404."""
    asked = request.GET.get("operation")
    if asked is None:
        return operations[0]
    for operation in operations:
        if str(operation.pk) == asked:
            return operation
    raise Http404


def _initial(row):
    if row is None:
        return {}
    return {"signed_on": row.signed_on, **{question: getattr(row, question) for question in QUESTIONS}}


def _record(form, person, operation, by):
    record_answers(
        participant=person,
        operation=operation,
        answers=form.answers(),
        signed_on=form.cleaned_data["signed_on"],
        by=by,
    )
