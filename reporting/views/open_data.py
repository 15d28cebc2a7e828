"""« Données ouvertes »: the annual aggregate, seen before it is agreed by those who agree, taken away by all after."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.files import CSV, ZIP, as_download
from clauses_portal.core.web import trail
from facilitators.enums import Permission
from facilitators.permissions import requires
from reporting import open_data as aggregate
from reporting.consolidation.forms import YearForm
from reporting.enums import Dataset, Party
from reporting.models import PublicationAgreement
from reporting.services.agreements import parties_of
from reporting.views.consolidation import HOME
from reporting.views.tabs import tabs_of

P = Permission


def _asked(request):
    """(form, year, is it agreed)."""
    form = YearForm(request.GET, today=timezone.localdate())
    year = form.year()
    return form, year, PublicationAgreement.objects.visible_to(request.user).allow(Dataset.OPEN_DATA, year)


@require_safe
@requires(P.VIEW_STATEMENTS)
def open_data(request):
    """The table of a year; before both parties agreed, for those who speak for one of them only."""
    form, year, is_agreed = _asked(request)
    may_see = is_agreed or bool(parties_of(request.user))
    given = PublicationAgreement.objects.visible_to(request.user).filter(dataset=Dataset.OPEN_DATA, year=year)
    missing = set(Party.values) - set(given.values_list("party", flat=True))
    context = {
        "form": form,
        "year": str(year),
        "is_agreed": is_agreed,
        "missing": [party.label for party in Party if party.value in missing],
        "may_see": may_see,
        "lines": aggregate.lines_of(year) if may_see else [],
        "tabs": tabs_of(request, "reporting:open_data"),
        "breadcrumbs": trail(HOME, ("Données ouvertes", None)),
    }
    return render(request, "reporting/open_data.html", context)


@require_safe
@requires(P.VIEW_STATEMENTS)
def open_data_csv(request):
    return _sent(request, CSV, lambda year, lines: aggregate.as_csv(lines))


@require_safe
@requires(P.VIEW_STATEMENTS)
def open_data_bundle(request):
    """The data set, the description of its columns and how to read it."""
    return _sent(request, ZIP, aggregate.bundle)


def _sent(request, kind, make):
    """The file of the year asked for; without both agreements it does not exist (C30)."""
    _, year, is_agreed = _asked(request)
    if not is_agreed:
        raise Http404
    content = make(year, aggregate.lines_of(year))
    return as_download(f"clauses-sociales-{year}{kind.extensions[0]}", kind.mime, content)
