from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clauses_portal.accounts.draft_views import offer_draft
from clauses_portal.accounts.drafts import drop_draft
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import DomainError
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_amounts
from facilitators.models import Territory
from facilitators.permissions import get_actionable, scope_of, territories_for
from markets.forms.markets import LotAmountsForm, LotForm
from markets.models import Lot, LotFinancials, Market
from markets.services import amounts, markets

HOME = ("Marchés", "/marches/")
P = Permission
TO_SHARE = "Le lot est ajouté. Répartissez le montant du marché entre ses lots."
DISAGREE = "Les montants des lots ne font plus celui du marché : revoyez les montants de l’avant-projet."


def places_of(user):
    """Where this account may place a lot: everywhere for an agent of the Département."""
    scope = scope_of(user)
    return Territory.objects.all() if scope.directorates else territories_for(user, P.MANAGE_MARKETS)


@require_http_methods(["GET", "POST"])
def lot_create(request, pk):
    market = get_actionable(Market.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    form = LotForm(request.POST or None, instance=Lot(market=market), territories=places_of(request.user))
    key = f"lot-new-{pk}"
    if form.is_valid() and attempt(form, lambda: _add(form, market, request.user)):
        drop_draft(user=request.user, key=key)
        messages.success(request, TO_SHARE)
        return redirect("markets:detail", pk=pk)
    url, title = reverse("markets:detail", args=[pk]), f"Ajouter un lot à {market.number}"
    context = {
        "title": title,
        "cancel_url": url,
        "draft": offer_draft(request, form, key),
        "breadcrumbs": trail(HOME, (market.number, url), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


def _add(form, market, by):
    fields = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    markets.add_lot(market=market, by=by, **fields)


@require_http_methods(["GET", "POST"])
def lot_edit(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_MARKETS, pk=pk)
    territories, key = places_of(request.user), f"lot-{pk}"
    form = LotForm(request.POST or None, instance=lot, territories=territories, seen=version_of(lot))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        drop_draft(user=request.user, key=key)
        messages.success(request, "Le lot est enregistré.")
        return redirect("markets:lot", pk=pk)
    return lot_form(request, lot, form, "Modifier le lot", draft=offer_draft(request, form, key))


def _change(form, by):
    data = form.cleaned_data
    markets.change_lot(lot=form.save(commit=False), occupations=data["occupations"], seen=data["seen"], by=by)


@reads_amounts("markets.lot", does=JournalAction.AMOUNTS_CHANGE)
@require_http_methods(["GET", "POST"])
def lot_amounts(request, pk):
    """The confidential amounts, on a screen of their own."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_AMOUNTS, pk=pk)
    current = LotFinancials.objects.visible_to(request.user).filter(lot=lot).first()
    initial = {name: getattr(current, name, None) for name in ("estimated_amount", "awarded_amount")}
    form = LotAmountsForm(request.POST or None, initial=initial, seen=version_of(current))
    if form.is_valid() and attempt(
        form, lambda: markets.set_lot_amounts(lot=lot, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Les montants du lot sont enregistrés.")
        if not amounts.known_amounts(lot.market).agree:
            messages.warning(request, DISAGREE)
        return redirect("markets:lot", pk=pk)
    return lot_form(request, lot, form, "Montants du lot")


def lot_form(request, lot, form, title, **context):
    """A page that is one form about a lot."""
    url = reverse("markets:lot", args=[lot.pk])
    crumbs = trail(HOME, (lot.market.number, reverse("markets:detail", args=[lot.market_id])), (title, None))
    context |= {"title": title, "lede": str(lot), "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def lot_close(request, pk):
    lot = get_actionable(Lot.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        markets.close_lot(lot=lot, by=request.user)
        messages.success(request, "Le lot est soldé.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:lot", pk=pk)
