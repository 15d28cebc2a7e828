"""The categories of public, which the administrator keeps up to date."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from participants.forms import CategoryCorrectionForm, CategoryEndForm, CategoryForm, CategoryVersionForm
from participants.models import EligibilityCategory
from participants.services import categories

HOME = ("Référentiels", "/referentiels/")
CATEGORIES = ("Catégories de public", "/referentiels/publics/")
MANAGE = Permission.MANAGE_REFERENCES


@require_safe
@requires(MANAGE)
def category_list(request):
    context = {
        "categories": EligibilityCategory.objects.order_by("code", "-valid_from"),
        "page": page_of(request, EligibilityCategory.history.select_related("history_user"), size=10),
        "today": timezone.localdate(),
        "breadcrumbs": trail(HOME, CATEGORIES),
    }
    return render(request, "participants/category_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def category_create(request):
    form = CategoryForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: categories.add_category(category=form.save(commit=False), by=request.user)
    ):
        return _done(request, "La catégorie est enregistrée.")
    return _answer(request, form, "Nouvelle catégorie de public")


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def category_renew(request, pk):
    """What the category asks from a day on; requests already made keep the former version."""
    row = get_object_or_404(EligibilityCategory, pk=pk)
    known = {name: getattr(row, name) for name in CategoryCorrectionForm.Meta.fields}
    form = CategoryVersionForm(request.POST or None, instance=EligibilityCategory(code=row.code), initial=known)
    if form.is_valid() and attempt(
        form, lambda: categories.renew_category(category=form.save(commit=False), by=request.user)
    ):
        return _done(request, f"La nouvelle version est enregistrée ({row}).")
    return _answer(request, form, "Nouvelle version d’une catégorie", str(row))


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def category_edit(request, pk):
    row = get_object_or_404(EligibilityCategory, pk=pk)
    form = CategoryCorrectionForm(request.POST or None, instance=row)
    if form.is_valid() and attempt(form, lambda: categories.correct(form.save(commit=False), by=request.user)):
        return _done(request, "La catégorie est corrigée.")
    return _answer(request, form, "Corriger une catégorie", str(row))


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def category_end(request, pk):
    """Stop offering a category; validations already granted for it go on (domain.md §4.3)."""
    row = get_object_or_404(EligibilityCategory, pk=pk)
    form = CategoryEndForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: categories.end_on(row, by=request.user, **form.cleaned_data)):
        return _done(request, f"Cette catégorie ne sera plus proposée ({row}).")
    return _answer(request, form, "Ne plus proposer une catégorie", str(row))


def _done(request, sentence):
    messages.success(request, sentence)
    return redirect("participants:categories")


def _answer(request, form, title, lede=""):
    context = {"title": title, "lede": lede, "cancel_url": reverse("participants:categories")}
    context["breadcrumbs"] = trail(HOME, CATEGORIES, (title, None))
    return answer_form(request, "components/form_page.html", form, context)
