"""« Appels à passer »: where people are when their contract ends, three and six months later (C20, C33)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable, requires
from participants.exports import CALLS
from participants.filters.work import CallFilter
from participants.forms.exits import ExitForm
from participants.models import ExitSituation
from participants.services import exits

HOME = ("Appels à passer", "/appels/")
P = Permission


def _listed(request):
    """The calls this account may make, as the address filters them."""
    rows = ExitSituation.objects.visible_to(request.user).to_ask(timezone.localdate())
    rows = rows.select_related("participant", "market", "contract__employer", "award__company")
    return CallFilter(request.GET, queryset=rows)


@reads_names()
@require_safe
@requires(P.VIEW_PERSONS)
def call_list(request):
    filters = _listed(request)
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "enough": settings.EXIT_CALL_ATTEMPTS,
        "breadcrumbs": trail(HOME),
    }
    return render(request, "participants/call_list.html", context)


@reads_names()
@require_safe
@requires(P.VIEW_PERSONS)
def call_export(request, file_format):
    filters = _listed(request)
    return export(request, file_format, CALLS, filters.qs, criteria=criteria_of(filters.form))


@reads_names("participants.exitsituation")
@require_http_methods(["GET", "POST"])
def exit_record(request, pk):
    """What the person, her employer or her prescriber said; or « inconnue », once one has tried."""
    row = _row(request, pk)
    form = ExitForm(request.POST or None, instance=row, initial={"observed_on": timezone.localdate()})
    if form.is_valid() and attempt(form, lambda: exits.record_exit(exit_row=row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"La situation de {row.participant} est enregistrée.")
        return redirect("participants:calls")
    title = f"{row.participant} : situation {row.get_horizon_display().lower()}"
    lede = f"Contrat terminé le {row.contract.ends_on:%d/%m/%Y} – {row.contract.job_title}, {row.contract.employer}"
    context = {"title": title, "lede": lede, "cancel_url": reverse("participants:calls")}
    context["breadcrumbs"] = trail(HOME, (title, None))
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def exit_attempt(request, pk):
    row = _row(request, pk)
    done = f"L’appel sans réponse à {row.participant} est noté."
    tell(request, lambda: exits.note_attempt(exit_row=row, by=request.user), done)
    return redirect("participants:calls")


def _row(request, pk):
    rows = ExitSituation.objects.select_related("participant", "contract__employer")
    return get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)
