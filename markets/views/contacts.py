"""The people one speaks to in a company: typed, confirmed in one click, gone, or with an address that fails."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from clauses_portal.core.versions import version_of
from clauses_portal.core.web import attempt, tell
from facilitators.enums import Permission
from facilitators.permissions import get_actionable
from markets.forms.companies import ContactForm
from markets.models import Company, CompanyContact
from markets.services import companies
from markets.views.companies import company_form

MANAGE = Permission.MANAGE_COMPANIES


@require_http_methods(["GET", "POST"])
def contact_create(request, pk):
    company = get_actionable(Company.objects, request.user, MANAGE, pk=pk)
    form = ContactForm(request.POST or None, instance=CompanyContact(company=company))
    return _answer(request, company, form, "Ajouter un contact")


@require_http_methods(["GET", "POST"])
def contact_edit(request, pk):
    contact = _contact(request, pk)
    form = ContactForm(request.POST or None, instance=contact, seen=version_of(contact))
    return _answer(request, contact.company, form, f"Modifier {contact.name}")


def _answer(request, company, form, title):
    if form.is_valid() and attempt(form, lambda: _save(form, request.user)):
        messages.success(request, f"Le contact {form.instance.name} est enregistré.")
        return redirect("markets:company", pk=company.pk)
    return company_form(request, company, form, title)


def _save(form, by):
    companies.save_contact(contact=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


@require_POST
def contact_confirm(request, pk):
    return _act(request, pk, companies.confirm_contact, "{} est confirmé ce jour.")


@require_POST
def contact_left(request, pk):
    return _act(request, pk, companies.contact_left, "{} n’est plus là : le portail ne lui demande plus rien.")


@require_POST
def contact_back(request, pk):
    return _act(request, pk, companies.contact_came_back, "{} est de nouveau là.")


@require_POST
def contact_retry(request, pk):
    return _act(request, pk, companies.try_address_again, "Le prochain courriel sera envoyé à l’adresse de {}.")


def _act(request, pk, service, sentence):
    contact = _contact(request, pk)
    tell(request, lambda: service(contact=contact, by=request.user), sentence.format(contact.name))
    return redirect("markets:company", pk=contact.company_id)


def _contact(request, pk):
    return get_actionable(CompanyContact.objects.select_related("company"), request.user, MANAGE, pk=pk)
