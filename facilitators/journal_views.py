"""« Journal »: who did what, when and on what, for the administrator and the data protection officer."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.accounts.models import JournalEntry
from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.text import row_number
from clauses_portal.core.web import trail
from facilitators.enums import Permission
from facilitators.journal_filters import JournalFilter
from facilitators.journal_page import JOURNAL, older_than, page_after, told
from facilitators.permissions import requires


def _listed(request):
    return JournalFilter(request.GET, queryset=JournalEntry.objects.select_related("actor"))


@require_safe
@requires(Permission.VIEW_JOURNAL)
def journal(request):
    """The lines, the last first; « ?apres= » goes on after one, so that no page is slow."""
    filters = _listed(request)
    asked = request.GET.get("apres", "")
    lines, following = page_after(filters.qs, row_number(asked))
    context = {
        "filters": filters,
        "lines": told(lines),
        "following": following,
        "is_first": not asked,
        "breadcrumbs": trail(("Journal", None)),
    }
    return render(request, "facilitators/journal.html", context)


@require_safe
@requires(Permission.VIEW_JOURNAL)
def journal_export(request, file_format):
    """The lines as a file; taking them away is a line itself."""
    filters = _listed(request)
    criteria = criteria_of(filters.form)
    return export(request, file_format, JOURNAL, older_than(filters.qs, None), criteria=criteria, present=told)
