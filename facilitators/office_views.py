"""What the administrator keeps up to date beside the accounts: conventions and directions opérationnelles."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, trail
from facilitators import services
from facilitators.enums import Permission
from facilitators.forms import ConventionForm, DirectorateForm
from facilitators.models import Convention, Directorate
from facilitators.permissions import requires

HOME = ("Conventions et directions", "/conventions-et-directions/")


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def office(request):
    conventions = Convention.objects.select_related("structure").prefetch_related("territories")
    context = {
        "conventions": conventions,
        "directorates": Directorate.objects.order_by("name"),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "facilitators/office.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def convention_create(request):
    return _convention(request, Convention(), "Nouvelle convention")


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def convention_edit(request, pk):
    convention = get_object_or_404(Convention, pk=pk)
    return _convention(request, convention, f"Convention {convention.reference}")


def _convention(request, convention, title):
    form = ConventionForm(request.POST or None, instance=convention)
    if form.is_valid() and attempt(
        form,
        lambda: services.save_convention(
            convention=form.save(commit=False), territories=form.cleaned_data["territories"], by=request.user
        ),
    ):
        messages.success(request, f"La convention {convention.reference} est enregistrée.")
        return redirect("facilitators:office")
    return _answer(request, form, title)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def directorate_create(request):
    return _directorate(request, Directorate(), "Nouvelle direction")


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def directorate_edit(request, pk):
    directorate = get_object_or_404(Directorate, pk=pk)
    return _directorate(request, directorate, directorate.name)


def _directorate(request, directorate, title):
    form = DirectorateForm(request.POST or None, instance=directorate)
    if form.is_valid() and attempt(form, lambda: services.save_directorate(directorate=form.save(commit=False))):
        messages.success(request, f"La direction {directorate.name} est enregistrée.")
        return redirect("facilitators:office")
    return _answer(request, form, title)


def _answer(request, form, title):
    context = {
        "title": title,
        "cancel_url": reverse("facilitators:office"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
