"""Job postings: listed, read, opened by hand, and through their life (C9, C16)."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires, territories_for
from markets.models import CompanyContact, Lot
from markets.presenters import abilities
from participants.exports import POSTINGS
from participants.filters.work import PostingFilter
from participants.forms.postings import AskPostingForm, PostingForm
from participants.models import JobPosting
from participants.services import postings

HOME = ("Fiches de poste", "/postes/")
P = Permission
MOVES = {
    "publier": (postings.publish_posting, "La fiche est publiée : vous pouvez proposer des personnes."),
    "pourvoir": (postings.fill_posting, "Le poste est pourvu : les propositions en attente sont retirées."),
    "rouvrir": (postings.reopen_posting, "Le poste est de nouveau ouvert."),
    "annuler": (postings.cancel_posting, "La fiche est annulée : les propositions en attente sont retirées."),
}


def _listed(request):
    """The postings this account may see, as the address filters them."""
    rows = JobPosting.objects.visible_to(request.user).with_hired()
    rows = rows.select_related("award__company", "lot__market", "rome", "territory")
    territories = territories_for(request.user, P.VIEW_MARKETS)
    return PostingFilter(request.GET, queryset=rows, territories=territories)


@require_safe
@requires(P.VIEW_MARKETS)
def posting_list(request):
    filters = _listed(request)
    context = {"filters": filters, "page": page_of(request, filters.qs), "breadcrumbs": trail(HOME)}
    return render(request, "participants/posting_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def posting_export(request, file_format):
    filters = _listed(request)
    return export(request, file_format, POSTINGS, filters.qs, criteria=criteria_of(filters.form))


@require_safe
def posting_detail(request, pk):
    """The sheet itself, fit to be printed: nobody is named in it."""
    rows = JobPosting.objects.with_hired().select_related(
        "award__company", "lot__market", "rome", "territory", "commune", "author", "published_by", "link__contact"
    )
    posting = get_visible(rows, request.user, pk=pk)
    context = {
        "posting": posting,
        "can": abilities(JobPosting.objects, request.user, pk, P.MANAGE_PERSONS, P.VIEW_PERSONS),
        "breadcrumbs": trail(HOME, (posting.title, None)),
    }
    return render(request, "participants/posting_detail.html", context)


@require_http_methods(["GET", "POST"])
def posting_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_PERSONS, pk=pk)
    awards = lot.awards.live().select_related("company")
    form = PostingForm(request.POST or None, awards=awards, initial={"award": awards[0] if len(awards) == 1 else None})
    if form.is_valid() and attempt(
        form, lambda: postings.create_posting(posting=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "La fiche de poste est enregistrée : relisez-la, puis publiez-la.")
        return redirect("participants:posting", pk=form.instance.pk)
    return _answer(request, form, "Nouvelle fiche de poste", str(lot), reverse("markets:lot", args=[pk]))


@require_http_methods(["GET", "POST"])
def posting_ask(request, pk):
    """Send a company of the lot the link by which it deposits its postings."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_PERSONS, pk=pk)
    companies = lot.awards.live().values("company")
    contacts = CompanyContact.objects.visible_to(request.user).live().exclude(email="").filter(company__in=companies)
    form = AskPostingForm(request.POST or None, contacts=contacts.select_related("company"))
    if form.is_valid() and attempt(form, lambda: _ask(lot, form.cleaned_data["contact"], request.user)):
        messages.success(request, f"Le lien est envoyé à {form.cleaned_data['contact'].email}.")
        return redirect("markets:lot", pk=pk)
    return _answer(request, form, "Demander une fiche de poste", str(lot), reverse("markets:lot", args=[pk]))


def _ask(lot, contact, by):
    award = lot.awards.live().filter(company=contact.company_id).order_by("pk").first()
    postings.ask_posting(award=award, contact=contact, by=by)


@require_http_methods(["GET", "POST"])
def posting_edit(request, pk):
    rows = JobPosting.objects.select_related("award__company", "lot__market")
    posting = get_actionable(rows, request.user, P.MANAGE_PERSONS, pk=pk)
    form = PostingForm(request.POST or None, instance=posting, seen=version_of(posting))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        messages.success(request, "La fiche de poste est enregistrée.")
        return redirect("participants:posting", pk=pk)
    url = reverse("participants:posting", args=[pk])
    return _answer(request, form, "Modifier la fiche de poste", str(posting.award.company), url)


def _change(form, by):
    postings.change_posting(posting=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


@require_POST
def posting_move(request, pk):
    """Publish, fill, reopen or cancel, by the button pressed (`acte`)."""
    posting = get_actionable(JobPosting.objects, request.user, P.MANAGE_PERSONS, pk=pk)
    if request.POST.get("acte") not in MOVES:
        raise BadRequest("acte inconnu")
    move, done = MOVES[request.POST["acte"]]
    tell(request, lambda: move(posting=posting, by=request.user), done)
    return redirect("participants:posting", pk=pk)


def _answer(request, form, title, lede, back):
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
