from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import attempt, trail
from facilitators.enums import Permission, StructureKind
from facilitators.models import Structure
from facilitators.permissions import requires
from reporting.forms import LogoForm
from reporting.models import BrandingLogo
from reporting.services import branding


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def logo_list(request):
    """Logos given so far, and the form to give one."""
    initial = {"valid_from": timezone.localdate()}
    form = LogoForm(request.POST or None, request.FILES or None, structures=structures(), initial=initial)
    if form.is_valid() and attempt(form, lambda: _add(form, request.user)):
        messages.success(request, "Le logo est enregistré : les documents datés de sa validité le porteront.")
        return redirect("reporting:logos")
    context = {
        "form": form,
        "logos": with_scans(BrandingLogo.objects.select_related("structure")).defer("image"),
        "breadcrumbs": trail(("Logos", None)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reporting/logo_list.html", context, status=status)


def structures():
    """Those that have a logo beside the two institutions."""
    return Structure.objects.filter(kind=StructureKind.FACILITATION)


def _add(form, by):
    data = form.cleaned_data
    branding.add_logo(**form.whose(), content=data["image"], alt=data["alt"], valid_from=data["valid_from"], by=by)
