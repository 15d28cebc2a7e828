from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires
from markets.exports import COMPANIES
from markets.filters import CompanyFilter
from markets.forms.companies import CompanyForm, LiquidationForm
from markets.models import Award, Company, CompanyContact
from markets.models.company import ENOUGH_CONTACTS
from markets.presenters import abilities
from markets.services import award_ends, companies, company_directory

P = Permission
HOME = ("Entreprises", "/entreprises/")

ACTS = (P.MANAGE_COMPANIES, P.MANAGE_AWARDS, P.MANAGE_ALERTS, P.ENTER_HOURS)


def _listed(request):
    """The companies this account may see, as the address filters them."""
    rows = Company.objects.visible_to(request.user).select_related("commune").with_live_contacts()
    return CompanyFilter(request.GET, queryset=rows)


@require_safe
@requires(P.VIEW_MARKETS)
def company_list(request):
    filters = _listed(request)
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "enough": ENOUGH_CONTACTS,
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/company_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def company_export(request, file_format):
    filters = _listed(request)
    return export(request, file_format, COMPANIES, filters.qs, criteria=criteria_of(filters.form))


@require_safe
def company_detail(request, pk):
    company = get_visible(Company.objects.select_related("commune", "verified_by"), request.user, pk=pk)
    awards = Award.objects.visible_to(request.user).filter(company=company).with_objective()
    contacts = CompanyContact.objects.visible_to(request.user).filter(company=company).select_related("confirmed_by")
    contacts = list(contacts.order_by("left_on", "role", "name"))
    there = [contact for contact in contacts if not contact.left_on]
    context = {
        "company": company,
        "page": page_of(request, awards.select_related("lot__market", "lot__territory").order_by("ended_on", "-pk")),
        "contacts": contacts,
        "too_few": len(there) < ENOUGH_CONTACTS,
        "can": abilities(Company.objects, request.user, pk, *ACTS),
        "directory": bool(settings.COMPANY_DIRECTORY_URL),
        "history": company.history.select_related("history_user")[:10],
        "breadcrumbs": trail(HOME, (str(company), None)),
    }
    return render(request, "markets/company_detail.html", context)


@require_http_methods(["GET", "POST"])
def company_edit(request, pk):
    company = get_actionable(Company.objects, request.user, P.MANAGE_COMPANIES, pk=pk)
    form = CompanyForm(request.POST or None, instance=company, seen=version_of(company))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        messages.success(request, f"La fiche de {form.instance} est enregistrée et vérifiée.")
        return redirect("markets:company", pk=pk)
    return company_form(request, company, form, "Modifier l’entreprise")


def _change(form, by):
    companies.change_company(company=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


@require_http_methods(["GET", "POST"])
def company_liquidate(request, pk):
    """Its awards end where this account may decide it; every lot it was on is alerted."""
    company = get_actionable(Company.objects, request.user, P.MANAGE_AWARDS, pk=pk)
    awards = Award.objects.actionable_by(request.user, P.MANAGE_AWARDS).filter(company=company).live()
    form = LiquidationForm(request.POST or None, initial={"judged_on": timezone.localdate()})
    if form.is_valid() and attempt(
        form, lambda: award_ends.liquidate(company=company, awards=awards, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La liquidation est enregistrée, la chargée de mission en est prévenue.")
        return redirect("markets:company", pk=pk)
    lede = "L’entreprise quitte ses lots, chacun reçoit une alerte critique. Ses heures attendent un repreneur."
    return company_form(request, company, form, "Enregistrer une liquidation judiciaire", lede)


@require_POST
def company_check(request, pk):
    company = get_actionable(Company.objects, request.user, P.MANAGE_COMPANIES, pk=pk)
    try:
        company_directory.check(company=company, by=request.user)
        messages.success(request, "L’annuaire des entreprises a répondu : la fiche est complétée.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:company", pk=pk)


def company_form(request, company, form, title, lede=""):
    """A page that is one form about a company."""
    url = reverse("markets:company", args=[company.pk])
    context = {
        "title": title,
        "lede": lede or f"{company}, SIRET {company.siret}",
        "cancel_url": url,
        "breadcrumbs": trail(HOME, (str(company), url), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
