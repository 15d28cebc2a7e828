"""« Consolidation annuelle » and the indicators of the FSE+: figures with their definitions, taken away as files."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.errors import too_many_requests
from clauses_portal.core.exports import answers
from clauses_portal.core.files import CSV, XLSX, as_download
from clauses_portal.core.periods import Lifetime, Year
from clauses_portal.core.throttle import is_one_too_many
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires, scope_of, territories_for
from operations.models import Operation
from reporting.consolidation import european, files, national
from reporting.consolidation.forms import YearForm
from reporting.indicators.scope import Scope
from reporting.statements.figures import told
from reporting.views.tabs import tabs_of

P = Permission
HOME = ("États et bilans", "/etats/")
NATIONAL, EUROPEAN = ("Consolidation annuelle", "/consolidation/"), ("FSE+", "/fse/")
EVERYWHERE = "Ensemble du Département"


def _national(request):
    """(form, year, name of the place, computed headings) that the address asks for."""
    territories = territories_for(request.user, P.VIEW_HOURS)
    form = YearForm(request.GET, today=timezone.localdate(), territories=territories)
    territory, year = form.territory(), form.year()
    if territory is not None:
        scope, place = Scope(territory_id=territory.pk), territory.name
    else:
        scope, place = _whole_scope(request.user, territories)
    return form, year, place, told(national.PARTS, scope, Year(year))


def _whole_scope(user, territories):
    """Everything for who may see hours everywhere, else the territories she follows."""
    if P.VIEW_HOURS in scope_of(user).everywhere:
        return Scope(), EVERYWHERE
    followed = list(territories)
    return Scope(territory_ids=frozenset(place.pk for place in followed)), ", ".join(place.name for place in followed)


@require_safe
@requires(P.VIEW_HOURS)
def consolidation(request):
    """What the national network asks of a civil year, with its definitions."""
    form, year, place, parts = _national(request)
    context = {
        "form": form,
        "year": str(year),
        "place": place,
        "parts": parts,
        "not_held": national.NOT_HELD,
        "apart": national.APART,
        "tabs": tabs_of(request, "reporting:consolidation"),
        "breadcrumbs": trail(HOME, NATIONAL),
    }
    return render(request, "reporting/consolidation.html", context)


@require_safe
@requires(P.VIEW_HOURS)
def consolidation_xlsx(request):
    return _sent(request, _national_file, XLSX)


@require_safe
@requires(P.VIEW_HOURS)
def consolidation_csv(request):
    return _sent(request, _national_file, CSV)


def _national_file(request, kind):
    _, year, place, parts = _national(request)
    facts = [("Année", str(year)), ("Périmètre", place), ("À savoir", national.APART), ("À savoir", national.NOT_HELD)]
    return f"consolidation-{year}", parts, facts


def _sent(request, prepare, kind):
    """The file a page gives; 429 after too many of them in a minute (A28)."""
    if is_one_too_many(request.user, "exports", most=answers.MOST_A_MINUTE):
        return too_many_requests(request)
    name, parts, facts = prepare(request, kind)
    content = files.workbook(parts, facts) if kind is XLSX else files.as_csv(parts)
    return as_download(f"{name}{kind.extensions[0]}", kind.mime, content)


@require_safe
@requires(P.VIEW_HOURS)
def european_list(request):
    """Operations that declare participants to the FSE+."""
    rows = Operation.objects.actionable_by(request.user, P.VIEW_HOURS).filter(declares_participants=True)
    context = {
        "page": page_of(request, rows.select_related("directorate")),
        "tabs": tabs_of(request, "reporting:european_list"),
        "breadcrumbs": trail(HOME, EUROPEAN),
    }
    return render(request, "reporting/european_list.html", context)


def _european(request, pk):
    """(operation, form, label of the period, computed headings): her own territories for a facilitator."""
    operation = get_actionable(Operation.objects, request.user, P.VIEW_HOURS, pk=pk)
    today = timezone.localdate()
    form = YearForm(request.GET, today=today, first_label="Depuis le début")
    period = Year(form.year()) if form.year() else Lifetime(Year(1990).start, today)
    whole, _ = _whole_scope(request.user, territories_for(request.user, P.VIEW_HOURS))
    scope = Scope(operation_id=operation.pk, territory_ids=whole.territory_ids)
    label = period.label if form.year() else f"jusqu’au {today:%d/%m/%Y}"
    return operation, form, label, told(european.PARTS, scope, period)


@require_safe
def european_operation(request, pk):
    """The indicators of one operation, or that it declares none."""
    operation, form, label, parts = _european(request, pk)
    context = {
        "operation": operation,
        "form": form,
        "label": label,
        "parts": parts if operation.declares_participants else [],
        "tabs": tabs_of(request, "reporting:european_list"),
        "breadcrumbs": trail(HOME, EUROPEAN, (operation.reference, None)),
    }
    return render(request, "reporting/european_operation.html", context)


@require_safe
def european_xlsx(request, pk):
    def prepare(request, kind):
        operation, _, label, parts = _european(request, pk)
        return f"fse-{operation.pk}", parts, [("Opération", str(operation)), ("Période", label)]

    return _sent(request, prepare, XLSX)
