from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import XLSX, as_download
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.tables import Sheet, write_xlsx
from clauses_portal.core.web import answer_form, attempt, page_of, progress_line, trail
from facilitators.enums import Permission
from facilitators.permissions import directorates_for, get_actionable, get_visible, requires
from markets.forms.programme import MappingForm, ProgrammeFileForm
from markets.models import ProgrammeImport
from markets.programme.columns import LABELS
from markets.services.programme import ask_programme_import
from markets.views.programme import HOME

IMPORTS = ("Importer un programme", "/marches/programme/importer/")
P = Permission


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_MARKETS)
def programme_import(request):
    """Give a file: it is always tried first, nothing is written before « Importer pour de bon »."""
    directorates = directorates_for(request.user, P.MANAGE_MARKETS).filter(is_open=True)
    form = ProgrammeFileForm(request.POST or None, request.FILES or None, directorates=directorates)
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(ask_programme_import(by=request.user, **form.cleaned_data))):
            return redirect("markets:programme_import_detail", pk=runs[0].pk)
    rows = ProgrammeImport.objects.visible_to(request.user).select_related("directorate", "asked_by")
    context = {"page": page_of(request, rows.defer("content", "report")), "breadcrumbs": trail(HOME, IMPORTS)}
    return answer_form(request, "markets/programme_import.html", form, context)


@require_safe
@requires(P.MANAGE_MARKETS)
def programme_template(request):
    """An empty spreadsheet with every column the import knows."""
    return as_download("modele-programme.xlsx", XLSX.mime, write_xlsx([Sheet("Programme", list(LABELS.values()), [])]))


@require_safe
def programme_import_detail(request, pk):
    run = read_progress(_run(request, pk, "content"))
    outcome = request.GET.get("resultat", "")
    lines = (run.report or {}).get("lines", [])
    shown = [line for line in lines if not outcome or line["outcome"] == outcome]
    context = {
        "run": run,
        "progress": _progress(run),
        "page": page_of(request, shown, size=100),
        "outcome": outcome,
        "breadcrumbs": trail(HOME, IMPORTS, (run.file_name, None)),
    }
    return render(request, "markets/programme_import_detail.html", context)


def _run(request, pk, *deferred):
    rows = with_scans(ProgrammeImport.objects).select_related("directorate", "asked_by").defer(*deferred)
    return get_visible(rows, request.user, pk=pk)


@require_safe
def programme_import_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    run = read_progress(_run(request, pk, "content", "report"))
    return render(request, "components/progress.html", _progress(run))


def _progress(run):
    """What the progress component shows of an import."""
    return progress_line(
        run,
        title="Essai à blanc" if run.dry_run else "Import",
        poll_url=reverse("markets:programme_import_progress", args=[run.pk]),
        result_url=reverse("markets:programme_import_detail", args=[run.pk]),
        result_label="Voir le compte rendu",
        after_failure=False,
    )


@require_POST
def programme_import_apply(request, pk):
    """Import for good the file that was tried, with the same columns."""
    run = get_actionable(ProgrammeImport.objects, request.user, P.MANAGE_MARKETS, pk=pk)
    try:
        applied = _ask_again(request, run, mapping=run.mapping, dry_run=False)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("markets:programme_import_detail", pk=pk)
    messages.info(request, "L’import est lancé.")
    return redirect("markets:programme_import_detail", pk=applied.pk)


def _ask_again(request, run, **options):
    return ask_programme_import(
        by=request.user,
        directorate=run.directorate,
        file_name=run.file_name,
        content=bytes(run.content),
        **options,
    )


@require_http_methods(["GET", "POST"])
def programme_mapping(request, pk):
    """Say which column is what; the file is then tried again, and these columns are remembered."""
    run = get_actionable(ProgrammeImport.objects.select_related("directorate"), request.user, P.MANAGE_MARKETS, pk=pk)
    headers = (run.report or {}).get("headers", [])
    if not headers:
        messages.info(request, "Les colonnes de ce fichier n’ont pas été lues.")
        return redirect("markets:programme_import_detail", pk=pk)
    form = MappingForm(request.POST or None, headers=headers, initial=run.mapping)
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(_ask_again(request, run, mapping=form.mapping()))):
            return redirect("markets:programme_import_detail", pk=runs[0].pk)
    url = reverse("markets:programme_import_detail", args=[pk])
    context = {
        "run": run,
        "cancel_url": url,
        "breadcrumbs": trail(HOME, (run.file_name, url), ("Colonnes", None)),
    }
    return answer_form(request, "markets/programme_mapping.html", form, context)
