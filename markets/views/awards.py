"""Companies on a lot: who comes, in which role, and how they leave. Directions bring their own (C7)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.forms.awards import AwardChangeForm, AwardEndForm, AwardForm, CessionForm
from markets.models import Award, Lot
from markets.services import award_ends, awards
from markets.services.companies import known_company

P = Permission
END_LEDE = {
    True: "Le sous-traitant et ceux qui dépendent de lui quittent le lot.",
    False: "Le marché de cette entreprise est résilié : elle et ses sous-traitants quittent le lot. Ses heures dues "
    "restent inscrites, à neutraliser ou à transférer.",
}


@require_http_methods(["GET", "POST"])
def award_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_AWARDS, pk=pk)
    retained = lot.calibrations.firm().retained().first()
    initial = {"hours_minimum": retained.retained_hours if retained and not lot.awards.exists() else None}
    form = AwardForm(request.POST or None, lot=lot, initial=initial)
    if form.is_valid() and attempt(form, lambda: _award(form, lot, request.user)):
        messages.success(request, f"L’attribution à {form.instance.company} est enregistrée.")
        return redirect("markets:lot", pk=pk)
    url, title = reverse("markets:lot", args=[pk]), "Ajouter une entreprise au lot"
    crumbs = trail(("Marchés", reverse("markets:list")), (f"{lot.market.number} lot {lot.number}", url), (title, None))
    context = {"title": title, "lede": str(lot), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)


def _award(form, lot, by):
    data = form.cleaned_data
    company = known_company(siret=data["siret"], name=data["company_name"], by=by)
    form.instance = awards.award_lot(
        lot=lot, company=company, by=by, **{name: data[name] for name in AwardForm.Meta.fields}
    )


@require_http_methods(["GET", "POST"])
def award_edit(request, pk):
    award = find_award(request, P.MANAGE_AWARDS, pk)
    form = AwardChangeForm(request.POST or None, instance=award, seen=version_of(award))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        messages.success(request, "L’attribution est enregistrée.")
        return redirect("markets:ledger", pk=pk)
    return award_form(request, award, form, "Modifier l’attribution")


def _change(form, by):
    awards.change_award(award=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


@require_http_methods(["GET", "POST"])
def award_end(request, pk):
    """A subcontractor withdraws, or the market of a company is terminated."""
    award = find_award(request, P.MANAGE_AWARDS, pk)
    form = AwardEndForm(request.POST or None, initial={"ended_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: award_ends.end_award(award=award, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"{award.company} a quitté le lot.")
        return redirect("markets:ledger", pk=pk)
    subcontractor = award.parent_id is not None
    title = "Retirer le sous-traitant" if subcontractor else "Résilier le marché"
    return award_form(request, award, form, title, END_LEDE[subcontractor])


@require_http_methods(["GET", "POST"])
def award_cede(request, pk):
    """The market passes to another company, with hours due: only the Département moves them (C23)."""
    award = find_award(request, P.DECIDE_OBJECTIVES, pk)
    today = timezone.localdate()
    initial = {"hours": int(awards.left_to_do(award)), "ceded_on": today, "agreed_on": today}
    form = CessionForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(form, lambda: _cede(form, award, request.user)):
        messages.success(request, f"Le marché est cédé à {form.heir.company}.")
        return redirect("markets:ledger", pk=form.heir.pk)
    return award_form(request, award, form, "Céder le marché à un repreneur")


def _cede(form, award, by):
    data = form.cleaned_data.copy()
    company = known_company(siret=data.pop("siret"), name=data.pop("company_name"), by=by)
    form.heir = award_ends.cede(award=award, company=company, by=by, **data)


def find_award(request, permission, pk):
    """The award, its lot and its company at hand, for who may do that there."""
    rows = Award.objects.select_related("lot__market", "company", "parent__company")
    return get_actionable(rows, request.user, permission, pk=pk)


def award_trail(award, *steps):
    """Breadcrumbs of the pages of an award."""
    lot = award.lot
    here = (f"{lot.market.number} lot {lot.number}", reverse("markets:lot", args=[lot.pk]))
    return trail(("Marchés", reverse("markets:list")), here, *steps)


def award_form(request, award, form, title, lede=""):
    """A page that is one form about a company on a lot."""
    url = reverse("markets:ledger", args=[award.pk])
    context = {
        "title": title,
        "lede": lede or f"{award.company}, {award.lot}",
        "cancel_url": url,
        "breadcrumbs": award_trail(award, (str(award.company), url), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
