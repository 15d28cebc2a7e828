"""Bringing the file of another program, step by step: the file, its columns, its values, its first lines, the trial."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import DomainError
from clauses_portal.core.web import answer_form, attempt, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import leaves, reads_names
from facilitators.permissions import get_actionable, requires, structures_for, territories_for
from reporting.exchange.foreign.fields import guess_columns
from reporting.exchange.foreign.preview import all_known, preview_of, to_match
from reporting.exchange.foreign.trying import months_in
from reporting.foreign_forms import ForeignColumnsForm, ForeignFileForm, ValuesForm
from reporting.models import DataImport
from reporting.services.foreign import ask_trial, known_sources, receive_file, set_columns, set_values, table_of

P = Permission
HOME = ("Échanges", "/echanges/")
FOREIGN = ("Fichier d’un autre logiciel", "/echanges/fichiers/")


@leaves(JournalAction.EXCHANGE)
@require_http_methods(["GET", "POST"])
@requires(P.EXCHANGE_DATA)
def foreign_file(request):
    """Give a file: nothing is written before the trial has been read."""
    structures = structures_for(request.user, P.EXCHANGE_DATA)
    territories = territories_for(request.user, P.EXCHANGE_DATA)
    form = ForeignFileForm(request.POST or None, request.FILES or None, structures=structures, territories=territories)
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(receive_file(by=request.user, **form.cleaned_data))):
            return _next_step(runs[0])
    context = {"known": known_sources(structures), "breadcrumbs": trail(HOME, FOREIGN)}
    return answer_form(request, "reporting/foreign_file.html", form, context)


def _next_step(run):
    """Where to go on: the columns of a file never met, the values not yet said, else what will be read."""
    if run.mapping is None:
        return redirect("reporting:foreign_columns", pk=run.pk)
    matched, markets = to_match(run, table_of(run))
    done = all_known(matched) and all(market.known for market in markets)
    return redirect("reporting:foreign_preview" if done else "reporting:foreign_values", pk=run.pk)


def _received(request, pk):
    """(run, table) of a file received; (run, None) when it is too late to match it."""
    rows = DataImport.objects.select_related("structure", "mapping", "asked_by")
    run = get_actionable(rows, request.user, P.EXCHANGE_DATA, pk=pk)
    try:
        return run, table_of(run)
    except DomainError as error:
        messages.info(request, error.message)
        return run, None


def _steps(run, *steps):
    return trail(HOME, FOREIGN, (run.file_name, None), *steps)


@require_http_methods(["GET", "POST"])
def foreign_columns(request, pk):
    """Say which column is what; remembered for the next file with the same titles."""
    run, table = _received(request, pk)
    if table is None:
        return redirect("reporting:foreign_file")
    kind, months = run.manifest["foreign"], months_in(run, table)
    known = run.mapping.columns if run.mapping else guess_columns(kind, table.headers, months)
    form = ForeignColumnsForm(request.POST or None, kind=kind, headers=table.headers, initial=known)
    if form.is_valid():
        runs = []
        columns = form.mapping()
        if attempt(form, lambda: runs.append(set_columns(run=run, columns=columns, by=request.user))):
            return redirect("reporting:foreign_values", pk=pk)
    context = {
        "run": run,
        "table": table,
        "months": list(months.values()),
        "cancel_url": FOREIGN[1],
        "breadcrumbs": _steps(run, ("Colonnes", None)),
    }
    return answer_form(request, "reporting/foreign_columns.html", form, context)


@require_http_methods(["GET", "POST"])
def foreign_values(request, pk):
    """Say what the values of the file mean; remembered too."""
    run, table = _received(request, pk)
    if table is None or run.mapping is None:
        return redirect(
            "reporting:foreign_columns" if table else "reporting:foreign_file", **({"pk": pk} if table else {})
        )
    url = reverse("reporting:foreign_columns", args=[pk])
    try:
        matched, markets = to_match(run, table)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(url)
    form = ValuesForm(request.POST or None, matched=matched, markets=markets)
    if form.is_valid() and attempt(form, lambda: set_values(run=run, values=form.values(), by=request.user)):
        return redirect("reporting:foreign_preview", pk=pk)
    context = {"run": run, "cancel_url": url, "breadcrumbs": _steps(run, ("Valeurs", None))}
    return answer_form(request, "reporting/foreign_values.html", form, context)


@reads_names("reporting.dataimport")
@require_safe
def foreign_preview(request, pk):
    """The first lines as they will be read."""
    run, table = _received(request, pk)
    if table is None:
        return redirect("reporting:foreign_file")
    if run.mapping is None:
        return redirect("reporting:foreign_columns", pk=pk)
    context = {
        "run": run,
        "total": len(table.rows),
        "notes": table.notes,
        "preview": preview_of(run, table),
        "breadcrumbs": _steps(run, ("Aperçu", None)),
    }
    return render(request, "reporting/foreign_preview.html", context)


@require_POST
def foreign_try(request, pk):
    """Ask for the trial; its report is that of every import."""
    run = get_actionable(DataImport.objects.defer("content"), request.user, P.EXCHANGE_DATA, pk=pk)
    done = tell(request, lambda: ask_trial(run=run, by=request.user), "L’essai est lancé.")
    return redirect("reporting:package_import" if done else "reporting:foreign_preview", pk=pk)
