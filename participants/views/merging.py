"""Two files of the same person: compared, then made one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core import french
from clauses_portal.core.text import row_number
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import NOT_FOUND, get_actionable, territories_for
from participants.forms import MergeForm
from participants.matching import same_person_score
from participants.models import Participant
from participants.services import merging
from participants.services.duplicates import likely_here
from participants.views.persons import HOME

P = Permission


@reads_names("participants.participant")
@require_http_methods(["GET", "POST"])
def person_merge(request, pk):
    """Without ?avec=, the likely doubles of this file; with it, the comparison. The file of the address stays."""
    rows = Participant.objects.current().select_related("territory", "commune")
    kept = get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)
    url = reverse("participants:person", args=[pk])
    context = {"person": kept, "cancel_url": url}
    context["breadcrumbs"] = trail(HOME, (str(kept), url), ("Réunir deux fiches", None))
    if "avec" not in request.GET:
        context["look_alikes"] = likely_here(kept, territories_for(request.user, P.MANAGE_PERSONS))
        return render(request, "participants/person_doubles.html", context)
    other = get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=_number(request.GET["avec"]))
    sent = request.POST if request.method == "POST" else None  # two files that agree have no field to send
    form = MergeForm(sent, choices=choices(kept, other))
    if form.is_valid() and attempt(form, lambda: _merge(kept, other, form, request.user)):
        messages.success(request, f"Les deux fiches de {kept} sont réunies.")
        return redirect("participants:person", pk=pk)
    context |= {"other": other, "match": same_person_score(kept, other)}
    return answer_form(request, "participants/person_merge.html", form, context)


def _number(text):
    if (number := row_number(text)) is None:
        raise Http404(NOT_FOUND)
    return number


def _merge(kept, other, form, by):
    merging.merge_persons(kept=kept, merged=other, from_merged=form.from_merged(), by=by)


def choices(kept, other):
    """[(name, label, value of the one, of the other)] of the fields that differ, as a person reads them."""
    names = merging.differences(kept, other)
    return [(name, _label(name), shown(kept, name), shown(other, name)) for name in names]


def _label(name):
    label = str(Participant._meta.get_field(name).verbose_name)
    return label[0].upper() + label[1:]


def shown(person, name):
    """A value of a file in French, « » when it is not known."""
    value = getattr(person, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "isoformat"):
        return french.date(value)
    display = getattr(person, f"get_{name}_display", None)
    return display() if display else str(value)
