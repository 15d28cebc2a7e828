"""Pages that are the same for everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clauses_portal.core.web import trail
from clauses_portal.help_sheets import SHEETS, sheet_with_neighbours
from markets import task_examples
from markets.forms.task_examples import TaskSearchForm


def _page(template):
    @login_not_required
    @require_safe
    def page(request):
        return render(request, template)

    return page


accessibility = _page("pages/accessibility.html")
legal_notice = _page("pages/legal_notice.html")


@login_not_required
@require_safe
def help_index(request):
    return render(request, "help/index.html", {"sheets": SHEETS})


@login_not_required
@require_safe
def help_sheet(request, slug):
    try:
        before, sheet, after = sheet_with_neighbours(slug)
    except LookupError:
        raise Http404 from None
    context = {"before": before, "sheet": sheet, "after": after, "breadcrumbs": _help_trail(request, sheet.title)}
    return render(request, sheet.template, context)


@login_not_required
@require_safe
def help_tasks(request):
    form = TaskSearchForm(request.GET)
    wanted = form.wanted()
    trades = task_examples.search(wanted)
    context = {
        "form": form,
        "searching": bool(wanted),
        "trades": trades,
        "count": sum(len(trade.tasks) for trade in trades),
        "breadcrumbs": _help_trail(request, "Exemples de tâches par métier"),
    }
    return render(request, "help/tasks.html", context)


def _help_trail(request, title):
    """Breadcrumbs of a page of the help: a visitor has no home page to start from."""
    steps = [("Aide", reverse("help")), (title, "")]
    return trail(*steps) if request.user.is_authenticated else steps
