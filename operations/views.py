from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clauses_portal.accounts.draft_views import offer_draft
from clauses_portal.accounts.drafts import drop_draft
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import directorates_for, get_actionable, get_visible, requires, scope_of
from operations import services
from operations.filters import OperationFilter
from operations.forms import MilestoneForm, OperationForm
from operations.models import Operation

HOME = ("Opérations", "/operations/")


@require_safe
@requires(Permission.VIEW_MARKETS)
def operation_list(request):
    rows = Operation.objects.visible_to(request.user).select_related("directorate").prefetch_related("communes")
    filters = OperationFilter(
        request.GET, queryset=rows, directorates=directorates_for(request.user, Permission.VIEW_MARKETS)
    )
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "may_create": scope_of(request.user).allows(Permission.MANAGE_MARKETS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "operations/operation_list.html", context)


@require_safe
def operation_detail(request, pk):
    rows = Operation.objects.select_related("directorate").prefetch_related("communes", "milestones")
    operation = get_visible(rows, request.user, pk=pk)
    may_change = Operation.objects.actionable_by(request.user, Permission.MANAGE_MARKETS).filter(pk=pk).exists()
    context = {
        "operation": operation,
        "markets": operation.markets.visible_to(request.user).prefetch_related("lots"),
        "may_change": may_change,
        "milestone_form": MilestoneForm() if may_change else None,
        "breadcrumbs": trail(HOME, (operation.reference, None)),
    }
    return render(request, "operations/operation_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_MARKETS)
def operation_create(request):
    return _edit(request, Operation(), "Nouvelle opération")


@require_http_methods(["GET", "POST"])
def operation_edit(request, pk):
    operation = get_actionable(Operation.objects, request.user, Permission.MANAGE_MARKETS, pk=pk)
    return _edit(request, operation, f"Modifier {operation.reference}")


def _edit(request, operation, title):
    directorates = directorates_for(request.user, Permission.MANAGE_MARKETS)
    key = f"operation-{operation.pk or 'new'}"
    seen = version_of(operation)
    form = OperationForm(request.POST or None, instance=operation, directorates=directorates, seen=seen)
    if form.is_valid() and attempt(form, lambda: _save(form, request.user)):
        drop_draft(user=request.user, key=key)
        messages.success(request, f"L’opération {operation.reference} est enregistrée.")
        return redirect("operations:detail", pk=operation.pk)
    back = reverse("operations:detail", args=[operation.pk]) if operation.pk else reverse("operations:list")
    context = {"title": title, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    context["draft"] = offer_draft(request, form, key)
    return answer_form(request, "components/form_page.html", form, context)


def _save(form, by):
    operation = form.save(commit=False)
    data = form.cleaned_data
    services.save_operation(operation=operation, communes=data["communes"], seen=data["seen"], by=by)


@require_http_methods(["POST"])
def milestone_plan(request, pk):
    operation = get_actionable(Operation.objects, request.user, Permission.MANAGE_MARKETS, pk=pk)
    form = MilestoneForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: services.plan(operation=operation, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Le calendrier est à jour.")
        return redirect("operations:detail", pk=pk)
    title = f"Calendrier de {operation.reference}"
    context = {
        "title": title,
        "cancel_url": reverse("operations:detail", args=[pk]),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
