from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible
from markets.forms.companies import CountingRuleForm
from markets.models import Market
from markets.presenters import abilities
from markets.services import counting_rules


@require_http_methods(["GET", "POST"])
def counting_rule(request, pk):
    """All who see the market read what counts there; the Département decides it (C23)."""
    decide = Permission.DECIDE_OBJECTIVES
    if request.method == "POST":
        market = get_actionable(Market.objects, request.user, decide, pk=pk)
    else:
        market = get_visible(Market.objects, request.user, pk=pk)
    rule = counting_rules.rule_of(market)
    form = CountingRuleForm(request.POST or None, instance=rule, seen=version_of(rule))
    if form.is_valid() and attempt(form, lambda: _save(form, request.user)):
        messages.success(request, "La règle de comptage du marché est enregistrée.")
        return redirect("markets:counting_rule", pk=pk)
    url = reverse("markets:detail", args=[pk])
    context = {
        "market": market,
        "rule": counting_rules.rule_of(market),
        "can": abilities(Market.objects, request.user, pk, decide),
        "breadcrumbs": trail(("Marchés", "/marches/"), (market.number, url), ("Règle de comptage", None)),
    }
    return answer_form(request, "markets/counting_rule.html", form, context)


def _save(form, by):
    counting_rules.set_rule(rule=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)
