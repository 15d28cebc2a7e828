"""The legal hourly values that penalties refer to: the social security ceiling, the minimum wage."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core import french
from clauses_portal.core.web import attempt, page_of, trail
from facilitators.permissions import requires
from markets.forms.references import HourlyRateCorrectionForm, HourlyRateForm
from markets.models import HourlyRate
from markets.services import references
from markets.views.references import HOME, MANAGE, answer_reference

RATES = ("Valeurs horaires légales", "/referentiels/valeurs-horaires/")


@require_safe
@requires(MANAGE)
def hourly_rate_list(request):
    context = {
        "rates": HourlyRate.objects.all(),
        "page": page_of(request, HourlyRate.history.select_related("history_user"), size=10),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME, RATES),
    }
    return render(request, "markets/references/hourly_rate_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def hourly_rate_create(request):
    form = HourlyRateForm(request.POST or None, initial={"code": request.GET.get("reference")})
    if form.is_valid() and attempt(
        form, lambda: references.replace_from(form.save(commit=False), same=["code"], by=request.user)
    ):
        messages.success(request, f"La nouvelle valeur est enregistrée ({form.instance.get_code_display()}).")
        return redirect("markets:hourly_rates")
    return answer_reference(request, form, "Nouvelle valeur horaire", "markets:hourly_rates", RATES)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def hourly_rate_edit(request, pk):
    row = get_object_or_404(HourlyRate, pk=pk)
    form = HourlyRateCorrectionForm(request.POST or None, instance=row)
    if form.is_valid() and attempt(form, lambda: references.correct(form.save(commit=False), by=request.user)):
        messages.success(request, "La valeur horaire est corrigée.")
        return redirect("markets:hourly_rates")
    lede = f"{row.get_code_display()}, à compter du {french.date(row.valid_from)}"
    return answer_reference(request, form, "Corriger une valeur horaire", "markets:hourly_rates", RATES, lede)
