"""« Accords de communication »: given by each party, seen by both (C30)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import refusal, requires
from reporting.consolidation.forms import YEARS
from reporting.enums import Dataset, Party
from reporting.models import PublicationAgreement
from reporting.services.agreements import give_agreement, parties_of
from reporting.views.consolidation import HOME
from reporting.views.tabs import tabs_of


class AgreementForm(forms.Form):
    """An agreement, for a party this account speaks for."""

    dataset = forms.ChoiceField(label="Ce qui est communiqué", choices=Dataset)
    year = forms.TypedChoiceField(label="Année", coerce=int)
    party = forms.ChoiceField(label="Au nom de")
    note = forms.CharField(
        label="Référence de l’accord",
        required=False,
        max_length=300,
        help_text="Facultatif : courrier, réunion, délibération.",
    )

    def __init__(self, *args, parties, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(party.value, party.label) for party in parties]
        years = range(today.year - 1, today.year - 1 - YEARS, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_STATEMENTS)
def agreement_list(request):
    """Agreements given so far, and the form of those who speak for a party."""
    parties = parties_of(request.user)
    if request.method == "POST" and not parties:
        raise PermissionDenied(refusal(request.user, Permission.PUBLISH_STATEMENTS))
    form = AgreementForm(request.POST or None, parties=parties, today=timezone.localdate()) if parties else None
    if form is not None and form.is_valid() and attempt(form, lambda: _give(form, request.user)):
        messages.success(request, "L’accord est enregistré.")
        return redirect("reporting:agreements")
    context = {
        "agreements": PublicationAgreement.objects.visible_to(request.user).select_related("agreed_by"),
        "tabs": tabs_of(request, "reporting:agreements"),
        "breadcrumbs": trail(HOME, ("Accords de communication", None)),
    }
    if form is None:
        return render(request, "reporting/agreement_list.html", {**context, "form": None})
    return answer_form(request, "reporting/agreement_list.html", form, context)


def _give(form, by):
    data = form.cleaned_data
    give_agreement(
        dataset=Dataset(data["dataset"]), year=data["year"], party=Party(data["party"]), note=data["note"], by=by
    )
