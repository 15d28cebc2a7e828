"""Alerts: reported from a lot or on a territory, followed in a list, answered, closed with what was done (C18)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.text import row_number
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import (
    NOT_FOUND,
    get_actionable,
    get_visible,
    refusal,
    requires,
    scope_of,
    territories_for,
)
from markets.alert_page import ANSWER, page_where_to_act, steps_of
from markets.exports import ALERTS
from markets.filters import AlertFilter
from markets.forms.alerts import AlertForm, AnswerAlertForm, CloseAlertForm, PlaceForm
from markets.models import Alert, Lot
from markets.presenters import abilities
from markets.services import alerts
from markets.services.alert_recipients import possible_recipients, usual_recipients

HOME = ("Alertes", "/alertes/")
REPORT = "Signaler un événement"
P = Permission
DONE = "L’alerte est transmise à ses destinataires."


def _listed(request):
    """The alerts this account may see, as the address filters them."""
    rows = Alert.objects.visible_to(request.user).select_related("lot__market", "territory", "company", "author")
    territories = territories_for(request.user, P.VIEW_ALERTS)
    return AlertFilter(request.GET, queryset=rows, request=request, territories=territories)


@require_safe
@requires(P.VIEW_ALERTS)
def alert_list(request):
    filters = _listed(request)
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "may_report": scope_of(request.user).allows(P.MANAGE_ALERTS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/alert_list.html", context)


@require_safe
@requires(P.VIEW_ALERTS)
def alert_export(request, file_format):
    filters = _listed(request)
    return export(request, file_format, ALERTS, filters.qs, criteria=criteria_of(filters.form))


@require_safe
def alert_detail(request, pk):
    rows = Alert.objects.select_related("lot__market", "territory", "company", "author", "answered_by", "closer")
    alert = get_visible(rows, request.user, pk=pk)
    context = {
        "alert": alert,
        "recipients": alert.recipients.order_by("last_name", "first_name"),
        "steps": steps_of(alert),
        "page_where_to_act": page_where_to_act(alert, request.user),
        "can": abilities(Alert.objects, request.user, pk, P.MANAGE_ALERTS, ANSWER),
        "breadcrumbs": trail(HOME, (alert.get_category_display(), None)),
    }
    return render(request, "markets/alert_detail.html", context)


@require_http_methods(["GET", "POST"])
def alert_create(request, pk):
    """An event on a lot."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_ALERTS, pk=pk)
    form = _form(request, Alert(lot=lot, territory_id=lot.territory_id), alerts.companies_of(lot=lot))
    if form.is_valid() and attempt(form, lambda: alerts.raise_alert(lot=lot, by=request.user, **form.choice())):
        messages.success(request, DONE)
        return redirect("markets:lot", pk=pk)
    return _answer(request, form, REPORT, str(lot), reverse("markets:lot", args=[pk]))


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_ALERTS)
def alert_new(request):
    """An event that no lot bounds: on a territory (?territory=), on one of its companies (?company=)."""
    back = reverse("markets:alerts")
    territories = territories_for(request.user, P.MANAGE_ALERTS)
    if "territory" not in request.GET:
        form = PlaceForm(territories=territories, initial={"company": request.GET.get("company", "")})
        context = {"title": REPORT, "cancel_url": back, "breadcrumbs": trail(HOME, (REPORT, None))}
        return answer_form(request, "markets/alert_place.html", form, context)
    territory = _territory(request)
    companies = alerts.companies_of(territory=territory)
    form = _form(request, Alert(territory=territory), companies, company=request.GET.get("company"))
    if form.is_valid() and attempt(
        form, lambda: alerts.raise_elsewhere(territory=territory, by=request.user, **form.choice())
    ):
        messages.success(request, DONE)
        return redirect("markets:alerts")
    return _answer(request, form, REPORT, f"Territoire : {territory}", back)


def _territory(request):
    """The territory asked: one out of sight looks like one that does not exist."""
    seen = territories_for(request.user, P.VIEW_ALERTS)
    territory = seen.filter(pk=row_number(request.GET["territory"])).first()
    if territory is None:
        raise Http404(NOT_FOUND)
    if not territories_for(request.user, P.MANAGE_ALERTS).filter(pk=territory.pk).exists():
        raise PermissionDenied(refusal(request.user, P.MANAGE_ALERTS))
    return territory


def _form(request, alert, companies, company=None):
    """The form of an alert, its usual recipients ticked."""
    return AlertForm(
        request.POST or None,
        instance=alert,
        companies=companies,
        people=possible_recipients(alert),
        initial={"recipients": usual_recipients(alert), "company": company},
    )


@require_http_methods(["GET", "POST"])
def alert_answer(request, pk):
    """The maître d’ouvrage says what he does of it."""
    alert = _alert(request, pk, ANSWER)
    form = AnswerAlertForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: alerts.answer_alert(alert=alert, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Votre réponse est enregistrée.")
        return redirect("markets:alert", pk=pk)
    return _answer(request, form, "Répondre à l’alerte", str(alert), reverse("markets:alert", args=[pk]))


@require_http_methods(["GET", "POST"])
def alert_close(request, pk):
    alert = _alert(request, pk, P.MANAGE_ALERTS)
    form = CloseAlertForm(request.POST or None, is_answered=bool(alert.answered_at))
    if form.is_valid() and attempt(form, lambda: alerts.close_alert(alert=alert, by=request.user, **form.cleaned_data)):
        messages.success(request, "L’alerte est close.")
        return redirect("markets:alert", pk=pk)
    return _answer(request, form, "Clore l’alerte", str(alert), reverse("markets:alert", args=[pk]))


def _alert(request, pk, permission):
    rows = Alert.objects.select_related("lot__market", "territory")
    return get_actionable(rows, request.user, permission, pk=pk)


def _answer(request, form, title, lede, back):
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
