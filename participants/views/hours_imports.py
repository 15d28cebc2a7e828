from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import answer_form, attempt, page_of, progress_line, ticked, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable, get_visible, requires, territories_for
from markets.models import Company
from participants.forms.hours_imports import AllotmentForm, StatementColumnsForm, StatementForm
from participants.hours_import.outcomes import CHOICES, WRITTEN, Outcome
from participants.models import HoursImport, ImportedLine
from participants.services.allotments import allot, contracts_for
from participants.services.hours_imports import ask_hours_import, ask_recording, choose, keep_grid

HOURS, HOME = ("Heures", "/heures/"), ("Importer un relevé", "/heures/imports/")
P = Permission


@require_http_methods(["GET", "POST"])
@requires(P.ENTER_HOURS)
def hours_import_list(request):
    """Give a statement: it is always tried first, nothing is written before « Enregistrer »."""
    form = StatementForm(
        request.POST or None,
        request.FILES or None,
        territories=territories_for(request.user, P.ENTER_HOURS),
        companies=Company.objects.actionable_by(request.user, P.ENTER_HOURS),
    )
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(ask_hours_import(by=request.user, **form.cleaned_data))):
            return redirect("participants:hours_import", pk=runs[0].pk)
    rows = HoursImport.objects.visible_to(request.user).select_related("company", "territory", "asked_by")
    context = {"page": page_of(request, rows.defer("content", "report")), "breadcrumbs": trail(HOURS, HOME)}
    return answer_form(request, "participants/import_list.html", form, context)


def _run(request, pk):
    rows = with_scans(HoursImport.objects).select_related("company", "territory", "asked_by").defer("content")
    return get_visible(rows, request.user, pk=pk)


@reads_names("participants.hoursimport")
@require_safe
def hours_import_detail(request, pk):
    run = read_progress(_run(request, pk))
    outcome = request.GET.get("resultat", "")
    lines = ImportedLine.objects.visible_to(request.user).filter(source=run)
    counts = dict(lines.order_by().values_list("outcome").annotate(Count("pk")))
    shown = lines.filter(outcome=outcome) if outcome in Outcome.values else lines
    shown = shown.select_related("contract__lot", "contract__market", "participant")
    context = {
        "run": run,
        "progress": _progress(run),
        "page": page_of(request, shown, size=100),
        "outcome": outcome,
        "tabs": [(value, Outcome(value).label, counts[value]) for value in Outcome.values if value in counts],
        "total": sum(counts.values()),
        "ready": sum(counts.get(value, 0) for value in WRITTEN),
        "forced": counts.get(Outcome.FORCED, 0),
        "choices": CHOICES,
        "may_act": run.dry_run and run.is_over and not run.error,
        "breadcrumbs": trail(HOURS, HOME, (run.file_name, None)),
    }
    return render(request, "participants/import_detail.html", context)


@require_safe
def hours_import_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    return render(request, "components/progress.html", _progress(read_progress(_run(request, pk))))


def _progress(run):
    """What the progress component shows of an import."""
    return progress_line(
        run,
        title="Essai à blanc" if run.dry_run else "Enregistrement",
        poll_url=reverse("participants:hours_import_progress", args=[run.pk]),
        result_url=reverse("participants:hours_import", args=[run.pk]),
        result_label="Voir le compte rendu",
        after_failure=False,
    )


@require_http_methods(["GET", "POST"])
def hours_import_columns(request, pk):
    """Say which column is what; the statement is then tried again, and these columns are remembered."""
    run = get_actionable(HoursImport.objects.select_related("company", "territory"), request.user, P.ENTER_HOURS, pk=pk)
    headers = (run.report or {}).get("headers", [])
    url = reverse("participants:hours_import", args=[pk])
    if not headers or not run.content:
        messages.info(request, "Les colonnes de ce fichier ne se précisent plus : donnez-le de nouveau.")
        return redirect(url)
    form = StatementColumnsForm(request.POST or None, headers=headers, initial=run.mapping.get("columns", {}))
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(_ask_again(request, run, form.mapping()))):
            return redirect("participants:hours_import", pk=runs[0].pk)
    context = {
        "run": run,
        "cancel_url": url,
        "breadcrumbs": trail(HOURS, HOME, (run.file_name, url), ("Colonnes", None)),
    }
    return answer_form(request, "participants/import_columns.html", form, context)


def _ask_again(request, run, columns):
    return ask_hours_import(
        by=request.user,
        territory=run.territory,
        company=run.company,
        file_name=run.file_name,
        content=bytes(run.content),
        month=run.mapping.get("month", ""),
        columns_given=columns,
    )


@require_POST
def hours_import_choose(request, pk):
    """Write the lines ticked though the grid differs, or take every choice back."""
    run = get_actionable(HoursImport.objects.defer("content"), request.user, P.ENTER_HOURS, pk=pk)
    try:
        if request.POST.get("act") == "keep":
            number = keep_grid(run=run, by=request.user)
            messages.info(request, f"{number} choix repris : la grille garde ses heures.")
        else:
            number = choose(run=run, lines=ticked(request), by=request.user)
            messages.success(request, f"{number} ligne{'s' if number > 1 else ''} à enregistrer, sur votre choix.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("participants:hours_import", pk=pk)


@require_POST
def hours_import_record(request, pk):
    """Record for good what is ready."""
    run = get_actionable(HoursImport.objects.defer("content"), request.user, P.ENTER_HOURS, pk=pk)
    try:
        ask_recording(run=run, by=request.user)
        messages.info(request, "L’enregistrement est lancé.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("participants:hours_import", pk=pk)


@reads_names("participants.importedline")
@require_http_methods(["GET", "POST"])
def hours_import_allot(request, pk):
    """Share the hours of one line out among the lots of the person."""
    rows = ImportedLine.objects.select_related("source__company", "source__territory", "participant")
    line = get_actionable(rows, request.user, P.ENTER_HOURS, pk=pk)
    url = reverse("participants:hours_import", args=[line.source_id])
    if line.outcome != Outcome.AMBIGUOUS:
        messages.info(request, "Cette ligne n’est pas à répartir.")
        return redirect(url)
    form = AllotmentForm(request.POST or None, contracts=contracts_for(line))
    if form.is_valid() and attempt(form, lambda: allot(line=line, shares=form.shares(), by=request.user)):
        messages.success(request, "Heures réparties.")
        return redirect(url)
    context = {
        "line": line,
        "cancel_url": url,
        "breadcrumbs": trail(HOURS, HOME, (line.source.file_name, url), ("Répartir", None)),
    }
    return answer_form(request, "participants/import_allot.html", form, context)
