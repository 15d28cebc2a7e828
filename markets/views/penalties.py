"""Penalties: simulated, proposed, notified, answered, decided; their letters. Only for those who may see euros."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.files import DOCX, PDF, as_download
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.permissions import NOT_FOUND, get_actionable, get_visible, requires, territories_for
from markets.exports import PENALTIES
from markets.filters import PenaltyFilter
from markets.forms.penalties import (
    DropForm,
    NoticeForm,
    ObservationsForm,
    PenaltyDecisionForm,
    PenaltyProposalForm,
    TariffForm,
)
from markets.models import Award, PenaltyCase
from markets.penalty_letters import sum_lines
from markets.penalty_page import steps_of
from markets.presenters import abilities
from markets.services import penalties

HOME = ("Pénalités", "/penalites/")
P = Permission
WITH_LOT = ("award__lot__market", "award__lot__territory", "award__company")


def _listed(request):
    """The cases this account may see, as the address filters them."""
    rows = PenaltyCase.objects.visible_to(request.user).select_related(*WITH_LOT)
    territories = territories_for(request.user, P.VIEW_PENALTIES)
    return PenaltyFilter(request.GET, queryset=rows, territories=territories)


@require_safe
@requires(P.VIEW_PENALTIES)
def case_list(request):
    filters = _listed(request)
    context = {"filters": filters, "page": page_of(request, filters.qs), "breadcrumbs": trail(HOME)}
    return render(request, "markets/penalty_list.html", context)


@require_safe
@requires(P.VIEW_PENALTIES)
def case_export(request, file_format):
    """The follow-up of the cases, without their euros (C27)."""
    filters = _listed(request)
    return export(request, file_format, PENALTIES, filters.qs, criteria=criteria_of(filters.form))


@reads_amounts("markets.penaltycase")
@require_safe
def case_detail(request, pk):
    rows = PenaltyCase.objects.select_related(*WITH_LOT, "proposed_by", "decided_by")
    case = get_visible(rows, request.user, pk=pk)
    context = {
        "case": case,
        "lines": sum_lines(case),
        "steps": steps_of(case),
        "letters": case.letters.defer("content", "docx").order_by("pk"),
        "can": abilities(PenaltyCase.objects, request.user, pk, P.DECIDE_PENALTIES),
        "breadcrumbs": trail(HOME, (case.award.lot.market.number, None)),
    }
    return render(request, "markets/penalty_case.html", context)


@reads_amounts("markets.award")
@require_safe
def penalty_simulator(request, pk):
    """What a breach of a company would cost: asked by the address, nothing is kept."""
    award = _award(request, pk, P.VIEW_PENALTIES)
    today = timezone.localdate()
    form = TariffForm(request.GET or None, initial={"found_on": today})
    found = []
    if form.is_valid():
        attempt(form, lambda: found.append(penalties.simulate(award=award, **form.figures())))
    title = "Simuler une pénalité"
    context = {
        "title": title,
        "award": award,
        "hours": penalties.hours_of(award, today),
        "tariffs": penalties.printed_tariffs(today),
        "lines": sum_lines(found[0]) if found else [],
        "can": abilities(Award.objects, request.user, pk, P.PROPOSE_PENALTIES),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "markets/penalty_simulator.html", form, context)


@reads_amounts("markets.award", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def case_create(request, pk):
    """The finding: a chargée de mission or a facilitator proposes."""
    award = _award(request, pk, P.PROPOSE_PENALTIES)
    asked = {name: value for name, value in request.GET.items() if name in TariffForm.base_fields}
    form = PenaltyProposalForm(request.POST or None, initial={"found_on": timezone.localdate()} | asked)
    made = []
    if form.is_valid() and attempt(
        form,
        lambda: made.append(penalties.propose_penalty(award=award, by=request.user, **form.cleaned_data)),
    ):
        messages.success(request, "Le constat est transmis au référent juridique, qui décide.")
        return redirect("markets:penalty_case", pk=made[0].pk)
    back = reverse("markets:lot", args=[award.lot_id])
    return _answer(request, form, "Proposer une pénalité", f"{award.company} – {award.lot}", back)


def _award(request, pk, permission):
    rows = Award.objects.select_related("lot__market", "company")
    return get_actionable(rows, request.user, permission, pk=pk)


@reads_amounts("markets.penaltycase", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def case_notice(request, pk):
    return _step(
        request, pk, NoticeForm, penalties.send_notice, "Envoyer la mise en demeure", "La mise en demeure est produite."
    )


@reads_amounts("markets.penaltycase")
@require_http_methods(["GET", "POST"])
def case_observations(request, pk):
    return _step(
        request,
        pk,
        ObservationsForm,
        penalties.record_observations,
        "Enregistrer les observations",
        "Les observations sont enregistrées.",
    )


@reads_amounts("markets.penaltycase", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def case_decide(request, pk):
    return _step(
        request,
        pk,
        PenaltyDecisionForm,
        penalties.decide_penalty,
        "Décider",
        "La décision est prise, son courrier est prêt.",
    )


@reads_amounts("markets.penaltycase", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def case_drop(request, pk):
    return _step(request, pk, DropForm, penalties.drop_penalty, "Abandonner la pénalité", "Le dossier est clos.")


def _step(request, pk, form_class, service, title, done):
    """A step of a case, for the référent juridique alone (C23)."""
    case = get_actionable(PenaltyCase.objects.select_related(*WITH_LOT), request.user, P.DECIDE_PENALTIES, pk=pk)
    form = form_class(request.POST or None)
    if form.is_valid() and attempt(form, lambda: service(case=case, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("markets:penalty_case", pk=pk)
    return _answer(request, form, title, str(case), reverse("markets:penalty_case", args=[pk]))


@reads_amounts("markets.penaltyletter")
@require_safe
def letter_pdf(request, pk):
    letter = _letter(request, pk, unread="docx")
    return as_download(f"{letter.number}.pdf", PDF.mime, bytes(letter.content))


@reads_amounts("markets.penaltyletter")
@require_safe
def letter_docx(request, pk):
    letter = _letter(request, pk, unread="content")
    return as_download(f"{letter.number}.docx", DOCX.mime, bytes(letter.docx))


def _letter(request, pk, *, unread):
    """A letter is reached through its case: a direction has no other way to it."""
    case = get_visible(PenaltyCase.objects, request.user, letters=pk)
    letter = case.letters.defer(unread).filter(pk=pk).first()
    if letter is None:
        raise Http404(NOT_FOUND)
    return letter


def _answer(request, form, title, lede, back):
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
