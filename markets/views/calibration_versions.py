"""What becomes of proposed hours: read, retained, sent back, made due. The computation stays on these screens."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import leaves, reads_amounts
from facilitators.permissions import get_actionable, requires
from markets.calibrating.rows import act_on, row_of
from markets.calibrating.sheet import sheet_of
from markets.enums import CalibrationPurpose
from markets.forms.calibration import ActivationForm, RetainForm, ReturnForm
from markets.models import Calibration
from markets.services import calibration
from markets.views.calibration import lot_trail

P = Permission


@require_safe
@requires(P.RETAIN_CALIBRATION)
def calibration_list(request):
    """Proposals that wait for the chargée de mission, the oldest first."""
    rows = Calibration.objects.actionable_by(request.user, P.RETAIN_CALIBRATION).to_retain()
    rows = rows.select_related("lot__market", "lot__territory", "phase", "proposed_by").order_by("proposed_at")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(("Calibrages à retenir", None))}
    return render(request, "markets/calibration_list.html", context)


@reads_amounts("markets.calibration")
@require_safe
def calibration_sheet(request, pk):
    """The calibration sheet (domain.md §9.2): never printed for companies."""
    version = _version(request, pk, P.VIEW_METHOD)
    return render(request, "markets/calibration_sheet.html", _context(request, version, "Fiche de calibrage"))


@reads_amounts("markets.calibration", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def calibration_retain(request, pk):
    """The chargée de mission retains the hours, the computation under her eyes."""
    version = _version(request, pk, P.RETAIN_CALIBRATION)
    signed = version.purpose == CalibrationPurpose.AMENDMENT
    zero = calibration.may_owe_none(version)
    form = RetainForm(request.POST or None, initial={"hours": version.proposed_hours}, signed=signed, zero=zero)
    if form.is_valid() and attempt(
        form, lambda: calibration.retain(version=version, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les heures du lot sont retenues.")
        return redirect("markets:lot", pk=version.lot_id)
    context = _context(request, version, "Retenir les heures du lot")
    return answer_form(
        request, "markets/calibration_retain.html", form, context | {"return_form": ReturnForm(), "zero": zero}
    )


@leaves(JournalAction.AMOUNTS_CHANGE, of="markets.calibration")
@require_POST
def calibration_return(request, pk):
    """The chargée de mission asks for another computation."""
    version = _version(request, pk, P.RETAIN_CALIBRATION)
    form = ReturnForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: calibration.return_to_facilitator(version=version, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Le calibrage est renvoyé au facilitateur, qui en est prévenu.")
        return redirect("markets:lot", pk=version.lot_id)
    title = "Renvoyer le calibrage au facilitateur"
    back = reverse("markets:retain", args=[pk])
    context = {"title": title, "lede": str(version.lot), "cancel_url": back}
    context["breadcrumbs"] = lot_trail(version.lot, title)
    return answer_form(request, "components/form_page.html", form, context)


@reads_amounts("markets.calibration", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def calibration_activate(request, pk):
    """Only the Département makes hours due (C23), as for any line of an objective."""
    version = _version(request, pk, P.RETAIN_CALIBRATION)
    awards = version.lot.awards.principal().select_related("company")
    form = ActivationForm(request.POST or None, awards=awards, initial={"effective_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: calibration.activate(version=version, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les heures sont inscrites à l’objectif de l’entreprise.")
        return redirect("markets:lot", pk=version.lot_id)
    title = act_on(version)
    context = {
        "title": title,
        "version": version,
        "lot": version.lot,
        "row": row_of(version),
        "cancel_url": reverse("markets:lot", args=[version.lot_id]),
        "breadcrumbs": lot_trail(version.lot, title),
    }
    return answer_form(request, "markets/calibration_activate.html", form, context)


def _version(request, pk, permission):
    rows = Calibration.objects.with_status().select_related(
        "lot__market", "lot__trade", "phase", "proposed_by", "retained_by"
    )
    return get_actionable(rows, request.user, permission, pk=pk)


def _context(request, version, title):
    lot = version.lot
    return {
        "title": title,
        "version": version,
        "row": row_of(version),
        "lot": lot,
        "sheet": sheet_of(version, request.user),
        "others": Calibration.objects.visible_to(request.user).about(version).exclude(pk=version.pk),
        "cancel_url": reverse("markets:lot", args=[lot.pk]),
        "breadcrumbs": lot_trail(lot, title),
    }
