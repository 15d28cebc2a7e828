from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import answer_form, attempt, page_of, progress_line, tell, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires
from markets.forms.imports import ImportForm, WatchForm
from markets.models import DecpWatch, ImportRun
from markets.services import decp_watch, imports

HOME = ("Imports", "/imports/")


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_MARKETS)
def import_list(request):
    """Give a file: it is always tried first, nothing is written before « Importer »."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        runs = []
        if attempt(form, lambda: runs.append(imports.ask_import(by=request.user, **form.cleaned_data))):
            return redirect("markets:import", pk=runs[0].pk)
    rows = ImportRun.objects.visible_to(request.user).defer("content", "report")
    context = {
        "form": form,
        "page": page_of(request, rows),
        "watches": DecpWatch.objects.open().visible_to(request.user).select_related("started_by"),
        "source_is_on": decp_watch.is_on(),
        "breadcrumbs": trail(HOME),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "markets/import_list.html", context, status=status)


@require_safe
def import_detail(request, pk):
    run = read_progress(get_visible(with_scans(ImportRun.objects).defer("content"), request.user, pk=pk))
    lines = (run.report or {}).get("lines", [])
    outcome = request.GET.get("resultat", "")
    shown = [line for line in lines if not outcome or line["outcome"] == outcome]
    context = {
        "run": run,
        "progress": _progress(run),
        "page": page_of(request, shown, size=100),
        "outcome": outcome,
        "breadcrumbs": trail(HOME, (run.file_name, None)),
    }
    return render(request, "markets/import_detail.html", context)


@require_safe
def import_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    run = read_progress(get_visible(ImportRun.objects.defer("content", "report"), request.user, pk=pk))
    return render(request, "components/progress.html", _progress(run))


def _progress(run):
    """What the progress component shows of an import."""
    return progress_line(
        run,
        title="Essai à blanc" if run.dry_run else "Import",
        poll_url=reverse("markets:import_progress", args=[run.pk]),
        result_url=reverse("markets:import", args=[run.pk]),
        result_label="Voir le compte rendu",
        after_failure=False,
    )


@require_POST
def import_apply(request, pk):
    """Import for good the file that was tried."""
    run = get_actionable(ImportRun.objects, request.user, Permission.IMPORT_MARKETS, pk=pk)
    try:
        applied = imports.ask_import(
            by=request.user,
            file_name=run.file_name,
            content=bytes(run.content),
            buyer_siret=run.buyer_siret,
            dry_run=False,
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("markets:imports")
    messages.info(request, "L’import est lancé.")
    return redirect("markets:import", pk=applied.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_MARKETS)
def watch_create(request):
    form = WatchForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: decp_watch.start_watch(by=request.user, **form.cleaned_data)):
        messages.success(request, "Les données publiées de cet acheteur seront relues chaque nuit.")
        return redirect("markets:imports")
    title = "Relire chaque nuit un acheteur"
    context = {
        "title": title,
        "lede": "Quand ses données publiées ont changé, elles sont importées en votre nom.",
        "cancel_url": reverse("markets:imports"),
        "breadcrumbs": trail(HOME, (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def watch_stop(request, pk):
    watch = get_actionable(DecpWatch.objects, request.user, Permission.IMPORT_MARKETS, pk=pk)
    tell(request, lambda: decp_watch.stop_watch(watch=watch, by=request.user), "La relecture est arrêtée.")
    return redirect("markets:imports")
