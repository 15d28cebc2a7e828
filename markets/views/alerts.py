from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires
from markets.filters import AlertFilter
from markets.forms.clause import AlertForm, CloseAlertForm
from markets.models import Alert, Lot
from markets.services import alerts

HOME = ("Alertes", "/alertes/")


@require_safe
@requires(Permission.VIEW_ALERTS)
def alert_list(request):
    rows = Alert.objects.visible_to(request.user).select_related("lot__market", "lot__territory", "author")
    filters = AlertFilter(request.GET, queryset=rows)
    closable = Alert.objects.actionable_by(request.user, Permission.MANAGE_ALERTS).open()
    page = page_of(request, filters.qs)
    context = {
        "filters": filters,
        "page": page,
        "closable": set(closable.filter(pk__in=[alert.pk for alert in page.object_list]).values_list("pk", flat=True)),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/alert_list.html", context)


@require_http_methods(["GET", "POST"])
def alert_create(request, pk):
    lot = get_actionable(Lot.objects.select_related("market"), request.user, Permission.MANAGE_ALERTS, pk=pk)
    form = AlertForm(request.POST or None, instance=Alert(lot=lot, territory_id=lot.territory_id))
    if form.is_valid() and attempt(form, lambda: alerts.raise_alert(lot=lot, by=request.user, **form.cleaned_data)):
        messages.success(request, "L’alerte est transmise au maître d’ouvrage.")
        return redirect("markets:lot", pk=pk)
    return _answer(request, form, "Signaler un événement", str(lot), reverse("markets:lot", args=[pk]))


@require_http_methods(["GET", "POST"])
def alert_close(request, pk):
    rows = Alert.objects.select_related("lot__market")
    alert = get_actionable(rows, request.user, Permission.MANAGE_ALERTS, pk=pk)
    form = CloseAlertForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: alerts.close_alert(alert=alert, by=request.user, **form.cleaned_data)):
        messages.success(request, "L’alerte est close.")
        return redirect("markets:alerts")
    return _answer(request, form, "Clore l’alerte", str(alert), reverse("markets:alerts"))


def _answer(request, form, title, lede, back):
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)
