from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.forms.clause import AwardForm, ObjectiveForm
from markets.models import Award, Lot
from markets.services import awards


@require_http_methods(["GET", "POST"])
def award_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, Permission.MANAGE_AWARDS, pk=pk)
    retained = lot.calibrations.firm().retained().first()
    initial = {"hours_minimum": retained.retained_hours if retained and not lot.awards.exists() else None}
    form = AwardForm(request.POST or None, lot=lot, initial=initial)
    if form.is_valid() and attempt(form, lambda: _award(form, lot, request.user)):
        messages.success(request, f"L’attribution à {form.instance.company} est enregistrée.")
        return redirect("markets:lot", pk=pk)
    return _answer(request, lot, form, "Ajouter une entreprise au lot")


def _award(form, lot, by):
    data = form.cleaned_data
    company = awards.known_company(siret=data["siret"], name=data["company_name"], by=by)
    form.instance = awards.award_lot(
        lot=lot,
        company=company,
        by=by,
        **{name: data[name] for name in AwardForm.Meta.fields},
    )


@require_http_methods(["GET", "POST"])
def objective_add(request, pk):
    """Only the Département changes what is due (C23)."""
    rows = Award.objects.select_related("lot__market", "company")
    award = get_actionable(rows, request.user, Permission.RETAIN_CALIBRATION, pk=pk)
    form = ObjectiveForm(request.POST or None, initial={"effective_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: awards.add_objective(award=award, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La ligne d’objectif est ajoutée.")
        return redirect("markets:lot", pk=award.lot_id)
    return _answer(request, award.lot, form, f"Objectif de {award.company}")


def _answer(request, lot, form, title):
    url = reverse("markets:lot", args=[lot.pk])
    crumbs = trail(("Marchés", reverse("markets:list")), (f"{lot.market.number} lot {lot.number}", url), (title, None))
    context = {"title": title, "lede": str(lot), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)
