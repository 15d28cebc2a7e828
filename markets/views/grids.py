"""The criteria grid: its versions, and the draft the administrator works on before putting it in force."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from markets.forms.grids import ArrangeForm, CriterionForm, GridForm
from markets.models import CriteriaGrid, Criterion
from markets.services import grids
from markets.views.references import HOME

GRIDS = ("Grille de critères", "/referentiels/grilles/")
MANAGE = Permission.MANAGE_REFERENCES


@require_safe
@requires(MANAGE)
def grid_list(request):
    context = {
        "grids": CriteriaGrid.objects.select_related("published_by").with_size().order_by("-version"),
        "in_force": CriteriaGrid.objects.in_force(),
        "draft": CriteriaGrid.objects.drafts().first(),
        "breadcrumbs": trail(HOME, GRIDS),
    }
    return render(request, "markets/references/grid_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def grid_create(request):
    form = GridForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: _prepare(form, request.user)):
        messages.success(request, "La nouvelle version reprend la grille en vigueur. Modifiez ses critères.")
        return redirect("markets:grid", pk=form.instance.pk)
    title = "Préparer une nouvelle version"
    context = {"title": title, "cancel_url": GRIDS[1], "breadcrumbs": trail(HOME, GRIDS, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)


def _prepare(form, by):
    form.instance = grids.prepare(note=form.cleaned_data["note"], by=by)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def grid_detail(request, pk):
    """A version and its criteria; on the draft, the order and the weights of its lines are typed here."""
    grid = get_object_or_404(CriteriaGrid.objects.select_related("published_by"), pk=pk)
    criteria = list(grid.criteria.all())
    form = ArrangeForm(request.POST if request.method == "POST" else None, criteria=criteria)
    if form.is_bound and form.is_valid() and attempt(form, lambda: _arrange(form, grid, request.user)):
        messages.success(request, "L’ordre et les poids sont enregistrés.")
        return redirect("markets:grid", pk=pk)
    context = {
        "grid": grid,
        "form": form,
        "rows": form.rows(),
        "total": grids.total_weight(criteria),
        "obstacles": grids.obstacles(criteria),
        "in_force": CriteriaGrid.objects.in_force(),
        "breadcrumbs": trail(HOME, GRIDS, (str(grid), None)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "markets/references/grid_detail.html", context, status=status)


def _arrange(form, grid, by):
    grids.arrange(grid=grid, ranks=form.numbers("rank"), weights=form.numbers("weight"), by=by)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def criterion_create(request, pk):
    grid = get_object_or_404(CriteriaGrid, pk=pk)
    form = CriterionForm(request.POST or None, instance=Criterion(grid=grid))
    if form.is_valid() and attempt(
        form, lambda: grids.add_criterion(criterion=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "Le critère est ajouté.")
        return redirect("markets:grid", pk=pk)
    return _criterion_form(request, grid, form, "Ajouter un critère")


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def criterion_edit(request, pk):
    criterion = get_object_or_404(Criterion.objects.select_related("grid"), pk=pk)
    form = CriterionForm(request.POST or None, instance=criterion)
    if form.is_valid() and attempt(
        form, lambda: grids.change_criterion(criterion=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "Le critère est enregistré.")
        return redirect("markets:grid", pk=criterion.grid_id)
    return _criterion_form(request, criterion.grid, form, "Modifier un critère")


def _criterion_form(request, grid, form, title):
    url = reverse("markets:grid", args=[grid.pk])
    crumbs = trail(HOME, GRIDS, (str(grid), url), (title, None))
    context = {"title": title, "cancel_url": url, "breadcrumbs": crumbs}
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
@requires(MANAGE)
def criterion_remove(request, pk):
    criterion = get_object_or_404(Criterion, pk=pk)
    _act(request, lambda: grids.remove_criterion(criterion=criterion), "Le critère est retiré.")
    return redirect("markets:grid", pk=criterion.grid_id)


@require_POST
@requires(MANAGE)
def grid_publish(request, pk):
    grid = get_object_or_404(CriteriaGrid, pk=pk)
    sentence = f"La grille n° {grid.version} est en vigueur : les prochaines instructions l’appliquent."
    _act(request, lambda: grids.put_in_force(grid=grid, by=request.user), sentence)
    return redirect("markets:grid", pk=pk)


@require_POST
@requires(MANAGE)
def grid_discard(request, pk):
    grid = get_object_or_404(CriteriaGrid, pk=pk)
    done = _act(request, lambda: grids.discard(grid=grid), "La version en préparation est abandonnée.")
    return redirect("markets:grids") if done else redirect("markets:grid", pk=pk)


def _act(request, action, sentence):
    """Run an action that has no form and say how it went; True when it was done."""
    try:
        action()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, sentence)
    return True
