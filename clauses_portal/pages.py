"""Pages that are the same for everyone."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe


def _page(template):
    @login_not_required
    @require_safe
    def page(request):
        return render(request, template)

    return page


help_page = _page("pages/help.html")
accessibility = _page("pages/accessibility.html")
legal_notice = _page("pages/legal_notice.html")
