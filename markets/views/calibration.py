"""Computing the hours of a lot: confidential screens, where no figure is ever in an address."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.text import row_number
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import get_actionable, get_visible
from markets.calibrating import outcome
from markets.calibrating.known import Subject, known_of
from markets.calibrating.sheet import last_returns, row_of
from markets.calibration import METHODS
from markets.enums import CalibrationPurpose
from markets.forms.calibration import AmendmentForm, ProposalForm
from markets.models import Lot, LotPhase
from markets.presenters import abilities
from markets.services import calibration

P = Permission
TITLE = "Proposer les heures du lot"
DONE = "Le calibrage est proposé à la chargée de mission."


@reads_amounts("markets.lot", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def calibration_propose(request, pk):
    """The facilitator computes the hours of a firm period, a phase, an order or an amendment, and proposes them."""
    known = _known(request, pk, P.PROPOSE_CALIBRATION)
    form = _form(request, known)
    computed = _compute(form, known)
    if form.is_bound and computed and attempt(form, lambda: _propose(form, known.subject, request.user)):
        messages.success(request, DONE)
        return redirect("markets:lot", pk=pk)
    return _answer(request, known, form, computed)


@reads_amounts("markets.lot")
@require_POST
def calibration_preview(request, pk):
    """The result of what is typed, under the form; nothing is saved."""
    known = _known(request, pk, P.PROPOSE_CALIBRATION)
    form = _form(request, known)
    return _answer(request, known, form, _compute(form, known))


@reads_amounts("markets.lot")
@require_safe
def calibration_compare(request, pk):
    """Every method side by side, with what is known."""
    known = _known(request, pk, P.VIEW_METHOD)
    lot, subject = known.subject.lot, known.subject
    context = {
        "subject": subject,
        "lot": lot,
        "known": known,
        "lines": outcome.compare(known),
        "suggested": known.suggestion()[0],
        "can": abilities(Lot.objects, request.user, pk, P.PROPOSE_CALIBRATION),
        "query": urlencode(_names(subject)),
        "breadcrumbs": lot_trail(lot, "Comparer les méthodes"),
    }
    return render(request, "markets/calibration_compare.html", context)


def _known(request, pk, permission):
    """What is known of the subject the address names: ?objet= a purpose, ?phase= one of the lot's."""
    rows = Lot.objects.select_related("market", "trade")
    lot = get_actionable(rows, request.user, permission, pk=pk)
    purpose = request.GET.get("objet", CalibrationPurpose.FIRM)
    if purpose not in CalibrationPurpose:
        raise Http404
    phase = None
    if purpose == CalibrationPurpose.PHASE:
        number = row_number(request.GET.get("phase", ""))
        phase = get_visible(LotPhase.objects, request.user, lot=lot, pk=number)
    return known_of(Subject(lot, CalibrationPurpose(purpose), phase), request.user)


def _method(request, known):
    method = request.GET.get("methode") or known.suggestion()[0]
    if method not in METHODS:
        raise Http404
    return method


def _form(request, known):
    data = request.POST if request.method == "POST" else None
    if known.subject.purpose == CalibrationPurpose.AMENDMENT:
        return AmendmentForm(data, known=known, used=calibration.amendment_parameters(known.subject.lot))
    return ProposalForm(data, known=known, method=_method(request, known))


def _compute(form, known):
    """The Outcome of what is typed, or known at first; None when it makes no sense, and the form says why."""
    if not form.is_bound and form.method:
        return outcome.computed_with(known, form.method).outcome
    if not form.is_valid():
        return None
    found = []
    if known.subject.purpose == CalibrationPurpose.AMENDMENT:
        attempt(form, lambda: found.append(outcome.compute_amendment(known, **form.computation())))
    else:
        attempt(form, lambda: found.append(outcome.compute(known, form.method, **form.computation())))
    return found[0] if found else None


def _propose(form, subject, by):
    if subject.purpose == CalibrationPurpose.AMENDMENT:
        calibration.propose_amendment(lot=subject.lot, by=by, **form.given())
        return
    calibration.propose(
        lot=subject.lot, by=by, purpose=subject.purpose, phase=subject.phase, method=form.method, **form.given()
    )


def _names(subject):
    """What an address says of a subject: never a figure of the computation."""
    return {"objet": subject.purpose.value} | ({"phase": str(subject.phase.pk)} if subject.phase else {})


def _answer(request, known, form, computed):
    subject, method = known.subject, form.method
    lot = subject.lot
    names = _names(subject)
    query = urlencode(names | ({"methode": method} if method else {}))
    suggested, why = known.suggestion()
    context = {
        "title": TITLE,
        "subject": subject,
        "lot": lot,
        "methods": [(key, definition.label) for key, definition in METHODS.items()] if method else [],
        "method": method,
        "suggested": suggested,
        "why": why,
        "computed": computed,
        "used": _amendment_rows(form, known),
        "closed": calibration.why_closed(lot=lot, purpose=subject.purpose, phase=subject.phase),
        "returns": last_returns(subject, request.user),
        "excluded": LotPhase.objects.visible_to(request.user).filter(lot=lot) if subject.is_firm else [],
        "action": f"{reverse('markets:calibrate', args=[lot.pk])}?{query}",
        "preview": f"{reverse('markets:calibration_preview', args=[lot.pk])}?{query}",
        "hidden": names.items(),
        "query": urlencode(names),
        "breadcrumbs": lot_trail(lot, TITLE),
    }
    return answer_form(request, "markets/calibration_propose.html", form, context)


def _amendment_rows(form, known):
    """The parameters an amendment takes from the retained hours, as they are read."""
    return [row_of(known, name, value) for name, value in getattr(form, "used", {}).items()]


def lot_trail(lot, title):
    """Breadcrumbs of a page about a lot."""
    name = f"{lot.market.number} lot {lot.number}"
    return trail(("Marchés", reverse("markets:list")), (name, reverse("markets:lot", args=[lot.pk])), (title, None))
