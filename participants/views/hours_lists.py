from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.exports import export
from clauses_portal.core.periods import month_end, month_start
from clauses_portal.core.web import attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable, requires
from markets.models import Lot
from participants import grid
from participants.exports import PENDING
from participants.forms.hours import RenewForm
from participants.models import EmploymentContract, HoursEntry
from participants.services.hours import sentence_of
from participants.services.renewals import first_day_after, renew, to_renew

P = Permission
HOURS = ("Heures", "/heures/")


def _waiting(request):
    """Hours that wait: to be cut by day, or set aside. The oldest first."""
    rows = HoursEntry.objects.actionable_by(request.user, P.ENTER_HOURS).pending().typed()
    rows = rows.select_related("contract__lot__market__counting_rule", "contract__employer", "participant")
    return rows.order_by("starts_on", "pk")


def _with_reasons(entries):
    return [(entry, sentence_of(entry)) for entry in entries]


@reads_names()
@require_safe
@requires(P.ENTER_HOURS)
def hours_pending(request):
    page = page_of(request, _waiting(request))
    context = {
        "page": page,
        "lines": _with_reasons(page.object_list),
        "breadcrumbs": trail(HOURS, ("À contrôler", None)),
    }
    return render(request, "participants/hours_pending.html", context)


@reads_names()
@require_safe
@requires(P.ENTER_HOURS)
def pending_export(request, file_format):
    return export(request, file_format, PENDING, _waiting(request), present=_with_reasons)


@reads_names("markets.lot")
@require_http_methods(["GET", "POST"])
def hours_renew(request, pk):
    """« Reprendre les personnes du mois dernier »: the fixed-term contracts that ended last month, signed anew."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_PERSONS, pk=pk)
    month = month_start(timezone.localdate())
    contracts = EmploymentContract.objects.actionable_by(request.user, P.MANAGE_PERSONS).filter(lot=lot)
    contracts = list(to_renew(contracts.select_related("participant", "employer"), month))
    count_shown(request, len(contracts))
    form = RenewForm(
        request.POST or None,
        contracts=contracts,
        first_days={row.pk: first_day_after(row, month) for row in contracts},
        last_day=month_end(month),
        labels={row.pk: str(row.participant) for row in contracts},
    )
    if form.is_valid() and attempt(form, lambda: renew(lines=form.taken(), by=request.user)):
        number = len(form.taken())
        messages.success(request, f"{number} contrat{'s' if number > 1 else ''} repris.")
        return redirect("participants:hours", pk=lot.pk)
    name, url = f"{lot.market.number} lot {lot.number}", reverse("participants:hours", args=[lot.pk])
    context = {
        "lot": lot,
        "form": form,
        "grid_url": url,
        "month": grid.months_shown(month, 2)[0],
        "breadcrumbs": trail(HOURS, (name, url), ("Reprendre les personnes du mois dernier", None)),
    }
    return render(request, "participants/hours_renew.html", context, status=422 if form.errors else 200)
