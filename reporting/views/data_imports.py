"""Packages received: the trial line by line, what is to settle, the recording (C22)."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import answer_form, attempt, page_of, progress_line, tell, ticked, trail
from facilitators.enums import Permission
from facilitators.journal_marks import leaves
from facilitators.permissions import get_visible, requires, structures_for
from reporting.enums import ExchangeOutcome as O
from reporting.enums import ExchangeTable
from reporting.exchange.comparing import conflicts_of
from reporting.exchange.recording import WRITTEN
from reporting.exchange_forms import PackageImportForm
from reporting.models import DataImport
from reporting.services import data_imports

EXCHANGES, HOME = ("Échanges", "/echanges/"), ("Imports de données", "/echanges/imports/")
LINES_ON_A_PAGE, CONFLICTS_ON_A_PAGE = 100, 20


@leaves(JournalAction.EXCHANGE)
@require_http_methods(["GET", "POST"])
@requires(Permission.EXCHANGE_DATA)
def package_imports(request):
    """Give a package: it is always tried first, nothing is written before « Enregistrer »."""
    structures = structures_for(request.user, Permission.EXCHANGE_DATA)
    form = PackageImportForm(request.POST or None, request.FILES or None, structures=structures)
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(data_imports.ask_package_import(by=request.user, **form.cleaned_data))):
            return redirect("reporting:package_import", pk=runs[0].pk)
    rows = DataImport.objects.visible_to(request.user).select_related("structure").defer("content", "manifest")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(EXCHANGES, HOME)}
    return answer_form(request, "reporting/package_imports.html", form, context)


@require_safe
def package_import(request, pk):
    """The report of an import, by file and by outcome."""
    run = read_progress(_mine(request, pk))
    if run.waits_for_matching:
        return redirect("reporting:foreign_columns", pk=pk)
    counts = data_imports.counts_of(run)
    table, outcome = _filter(request)
    lines = run.lines.filter(**{name: value for name, value in (("table", table), ("outcome", outcome)) if value})
    totals = {value: sum(by.get(value, 0) for by in counts.values()) for value in O.values}
    context = {
        "run": run,
        "progress": _progress(run),
        "page": page_of(request, lines.order_by("pk"), size=LINES_ON_A_PAGE),
        "tables": [
            (kind, ExchangeTable(kind).label, sum(counts[kind].values()))
            for kind in ExchangeTable.values
            if kind in counts
        ],
        "outcomes": [(value, O(value).label, totals[value]) for value in O.values if totals[value]],
        "table": table,
        "outcome": outcome,
        "total": sum(totals.values()),
        "ready": sum(totals[value] for value in WRITTEN),
        "conflicts": totals[O.CONFLICT],
        "may_act": run.dry_run and run.is_over and not run.error,
        "breadcrumbs": trail(EXCHANGES, HOME, (run.file_name, None)),
    }
    return render(request, "reporting/package_import.html", context)


def _filter(request):
    """(table, outcome) asked for, each « » unless it exists."""
    table, outcome = request.GET.get("fichier", ""), request.GET.get("suite", "")
    return table if table in ExchangeTable.values else "", outcome if outcome in O.values else ""


@require_safe
def package_import_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    return render(request, "components/progress.html", _progress(read_progress(_mine(request, pk))))


@require_safe
def package_import_conflicts(request, pk):
    """What the file and the portal say of the same thing, side by side."""
    run = _mine(request, pk)
    url = reverse("reporting:package_import", args=[pk])
    lines = run.lines.filter(outcome__in=[O.CONFLICT, *data_imports.CHOICES]).order_by("pk")
    page = page_of(request, lines, size=CONFLICTS_ON_A_PAGE)
    context = {
        "run": run,
        "page": page,
        "conflicts": conflicts_of(run, request.user, page.object_list),
        "may_act": run.dry_run and run.is_over and not run.error,
        "back_url": url,
        "breadcrumbs": trail(EXCHANGES, HOME, (run.file_name, url), ("À trancher", None)),
    }
    return render(request, "reporting/package_conflicts.html", context)


@require_POST
def package_import_choose(request, pk):
    """Replace what the portal has by the lines ticked, or keep it; all of them with « all »."""
    run = _mine(request, pk)
    choice = request.POST.get("choice", "")
    lines = None if request.POST.get("all") else ticked(request)
    tell(
        request, lambda: data_imports.choose(run=run, choice=choice, lines=lines, by=request.user), "Choix enregistré."
    )
    return redirect("reporting:package_import_conflicts", pk=pk)


@leaves(JournalAction.EXCHANGE, of="reporting.dataimport")
@require_POST
def package_import_record(request, pk):
    """Record for good what is ready."""
    run = _mine(request, pk)
    tell(request, lambda: data_imports.ask_recording(run=run, by=request.user), "L’enregistrement est lancé.")
    return redirect("reporting:package_import", pk=pk)


def _mine(request, pk):
    rows = with_scans(DataImport.objects).select_related("structure", "asked_by").defer("content")
    return get_visible(rows, request.user, pk=pk)


def _progress(run):
    return progress_line(
        run,
        title="Essai à blanc" if run.dry_run else "Enregistrement",
        poll_url=reverse("reporting:package_import_progress", args=[run.pk]),
        result_url=reverse("reporting:package_import", args=[run.pk]),
        result_label="Voir le compte rendu",
        after_failure=False,
    )
