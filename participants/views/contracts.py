from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.models import Lot
from participants.forms import ContractForm, EndContractForm
from participants.models import EmploymentContract, Participant
from participants.services import contracts


@require_http_methods(["GET", "POST"])
def contract_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, Permission.MANAGE_PERSONS, pk=pk)
    persons = Participant.objects.actionable_by(request.user, Permission.MANAGE_PERSONS)
    form = ContractForm(request.POST or None, lot=lot, persons=persons)
    if form.is_valid() and attempt(form, lambda: _sign(form, request.user)):
        messages.success(request, f"Le contrat de {form.instance.participant} est enregistré.")
        return redirect("participants:hours", pk=pk)
    return _answer(request, lot, form, "Ajouter une personne au lot")


def _sign(form, by):
    contract = form.save(commit=False)
    contracts.sign_contract(contract=contract, employer_siret=form.cleaned_data["employer_siret"], by=by)


@require_http_methods(["GET", "POST"])
def contract_end(request, pk):
    rows = EmploymentContract.objects.select_related("lot__market", "participant")
    contract = get_actionable(rows, request.user, Permission.MANAGE_PERSONS, pk=pk)
    form = EndContractForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: contracts.end_contract(contract=contract, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La fin du contrat est enregistrée.")
        return redirect("participants:hours", pk=contract.lot_id)
    return _answer(request, contract.lot, form, f"Fin du contrat de {contract.participant}")


def _answer(request, lot, form, title):
    url = reverse("participants:hours", args=[lot.pk])
    crumbs = trail(
        ("Heures", reverse("participants:hours_lots")),
        (f"{lot.market.number} lot {lot.number}", url),
        (title, None),
    )
    context = {"title": title, "lede": str(lot), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)
