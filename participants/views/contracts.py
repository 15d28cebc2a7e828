from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core import french
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable
from markets.models import Lot
from participants.forms.contracts import (
    ContractForm,
    ContractTermsForm,
    ConversionForm,
    EditContractForm,
    EndContractForm,
)
from participants.models import EmploymentContract, Participant, Referral
from participants.services import contracts, hiring
from participants.services.employers import possible_employers
from participants.services.signing import is_validated_at_start

P = Permission
NOT_VALIDATED = (
    "{person} n’est pas validée au {day} : le contrat est enregistré, mais les heures faites avant sa validation "
    "seront rejetées."
)
IN_POST = "Personnel repris : cette personne n’est pas une embauche nouvelle du marché."


@reads_names("markets.lot")
@require_http_methods(["GET", "POST"])
def contract_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_PERSONS, pk=pk)
    persons = Participant.objects.actionable_by(request.user, P.MANAGE_PERSONS).current()
    initial = {"participant": request.GET.get("personne"), "weekly_hours": 35}
    form = ContractForm(request.POST or None, lot=lot, persons=persons, initial=initial)
    if form.is_valid() and attempt(form, lambda: _sign(form, request.user)):
        _tell(request, form.instance, "enregistré")
        return redirect("participants:hours", pk=pk)
    count_shown(request, persons.count())
    return _answer(request, lot, form, "Ajouter une personne au lot", reverse("participants:hours", args=[pk]))


def _sign(form, by):
    contracts.sign_contract(contract=form.save(commit=False), by=by, **form.parties())


@reads_names("participants.referral")
@require_http_methods(["GET", "POST"])
def contract_of_referral(request, pk):
    """The contract of a person a company has hired, filled in from the posting."""
    rows = Referral.objects.select_related("participant", "posting__award__company", "posting__lot__market")
    referral = get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)
    posting = referral.posting
    contract = EmploymentContract(participant=referral.participant, award=posting.award)
    form = ContractTermsForm(request.POST or None, instance=contract, initial=_from_posting(posting))
    if form.is_valid() and attempt(form, lambda: _hire(referral, form, request.user)):
        _tell(request, form.instance, "enregistré")
        return redirect("participants:posting", pk=posting.pk)
    title = f"Contrat de {referral.participant}"
    return _answer(request, posting.lot, form, title, reverse("participants:posting", args=[posting.pk]))


def _from_posting(posting):
    names = ("contract_type", "starts_on", "ends_on", "weekly_hours")
    values = {name: getattr(posting, name) for name in names}
    title = posting.title.removesuffix(" (H/F)")
    return values | {"job_title": title, "rome_code": posting.rome_id, "modality": "1"}


def _hire(referral, form, by):
    hiring.hire(referral=referral, contract=form.save(commit=False), by=by, **form.parties())


@reads_names("participants.employmentcontract")
@require_http_methods(["GET", "POST"])
def contract_edit(request, pk):
    contract = _contract(request, pk)
    form = EditContractForm(request.POST or None, instance=contract, seen=version_of(contract))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        _tell(request, form.instance, "modifié")
        return redirect("participants:hours", pk=contract.lot_id)
    return _about(request, contract, form, f"Modifier le contrat de {contract.participant}")


def _change(form, by):
    contract = form.save(commit=False)
    contracts.change_contract(contract=contract, by=by, seen=form.cleaned_data["seen"], **form.parties())


@reads_names("participants.employmentcontract")
@require_http_methods(["GET", "POST"])
def contract_end(request, pk):
    contract = _contract(request, pk)
    form = EndContractForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: contracts.end_contract(contract=contract, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La fin du contrat est enregistrée.")
        return redirect("participants:hours", pk=contract.lot_id)
    return _about(request, contract, form, f"Fin du contrat de {contract.participant}")


@reads_names("participants.employmentcontract")
@require_http_methods(["GET", "POST"])
def contract_convert(request, pk):
    """« Retour à l’emploi durable »: the contract goes on as a CDI (C9)."""
    contract = _contract(request, pk)
    companies = possible_employers(contract)
    form = ConversionForm(request.POST or None, companies=companies, initial={"employer": contract.employer_id})
    if form.is_valid() and attempt(form, lambda: _convert(request, contract, form)):
        return redirect("participants:hours", pk=contract.lot_id)
    return _about(request, contract, form, f"Embauche durable de {contract.participant}")


def _convert(request, contract, form):
    following = contracts.convert_to_permanent(contract=contract, by=request.user, **form.cleaned_data)
    sentence = f"L’embauche durable de {contract.participant} est enregistrée."
    if following.valued_hours:
        sentence += f" {french.hours(following.valued_hours)} valorisées, présentées à part des heures comptabilisées."
    messages.success(request, sentence)


def _contract(request, pk):
    rows = EmploymentContract.objects.select_related("lot__market", "participant", "award__company", "employer", "host")
    return get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)


def _tell(request, contract, what):
    messages.success(request, f"Le contrat de {contract.participant} est {what}.")
    if not is_validated_at_start(contract):
        day = french.date(contract.starts_on)
        messages.warning(request, NOT_VALIDATED.format(person=contract.participant, day=day))
    if contract.already_in_post:
        messages.warning(request, IN_POST)


def _about(request, contract, form, title):
    return _answer(request, contract.lot, form, title, reverse("participants:hours", args=[contract.lot_id]))


def _answer(request, lot, form, title, back):
    crumbs = trail(
        ("Heures", reverse("participants:hours_lots")),
        (f"{lot.market.number} lot {lot.number}", reverse("participants:hours", args=[lot.pk])),
        (title, None),
    )
    context = {"title": title, "lede": str(lot), "cancel_url": back, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)
