from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import attempt
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.forms.progress import ProgressForm
from markets.models import Lot
from markets.services import progress
from markets.views.lots import lot_form

P = Permission


@require_http_methods(["GET", "POST"])
def progress_record(request, pk):
    """The progress of the works of a lot: for those who manage the market, or meet its companies on site."""
    rows = Lot.objects.select_related("market")
    manages = rows.actionable_by(request.user, P.MANAGE_MARKETS).filter(pk=pk).exists()
    lot = get_actionable(rows, request.user, P.MANAGE_MARKETS if manages else P.MANAGE_MEETINGS, pk=pk)
    form = ProgressForm(request.POST or None, initial={"observed_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: progress.record_progress(lot=lot, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "L’avancement est enregistré.")
        return redirect("markets:lot", pk=pk)
    return lot_form(request, lot, form, "Saisir l’avancement physique")
