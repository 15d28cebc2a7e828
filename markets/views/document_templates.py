"""Templates of the contract documents: their versions, a new one, a preview, the fields they may hold."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.downloads import answer_deposit
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import DOCX, PDF, as_download
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import answer_form, attempt, trail
from facilitators.enums import Permission
from facilitators.permissions import get_visible, requires
from markets.enums import DocumentKind, LegalBasis
from markets.forms.documents import PreviewForm, TemplateForm
from markets.models import DocumentTemplate
from markets.services import document_templates
from markets.template_help import field_helps

HOME = ("Modèles de pièces", "/modeles/")
MANAGE = Permission.MANAGE_TEMPLATES


@require_safe
@requires(MANAGE)
def template_list(request):
    """The versions of each template, the last one first."""
    rows = with_scans(DocumentTemplate.objects.visible_to(request.user)).defer("content")
    rows = list(rows.select_related("uploaded_by", "withdrawn_by").order_by("-version"))
    kinds = []
    for kind in DocumentKind:
        versions = [row for row in rows if row.kind == kind]
        kinds.append((kind, versions, next((row for row in versions if not row.withdrawn_at), None)))
    return render(request, "markets/template_list.html", {"kinds": kinds, "breadcrumbs": trail(HOME)})


@require_safe
@requires(MANAGE)
def template_fields(request):
    context = {"fields": field_helps(), "breadcrumbs": trail(HOME, ("Champs des modèles", None))}
    return render(request, "markets/template_fields.html", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def template_create(request):
    """Give a new version: it is checked, then in use at once."""
    form = TemplateForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("piece")})
    made = []
    if form.is_valid() and attempt(form, lambda: made.append(_upload(form.cleaned_data, request.user))):
        messages.success(request, f"Le modèle est en vigueur : {made[0]}.")
        return redirect("markets:template", pk=made[0].pk)
    title = "Déposer un modèle"
    context = {"title": title, "cancel_url": HOME[1], "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "markets/template_form.html", form, context)


def _upload(data, by):
    file = data["file"]
    return document_templates.upload_template(
        kind=data["kind"], file_name=file.name, content=file.read(), note=data["note"], by=by
    )


@require_safe
@requires(MANAGE)
def template_detail(request, pk):
    template = _template(request, pk)
    context = {
        "template": template,
        "current": DocumentTemplate.objects.visible_to(request.user).defer("content").current(template.kind),
        "form": PreviewForm(initial={"fondement": LegalBasis.EXECUTION}),
        "breadcrumbs": trail(HOME, (str(template), None)),
    }
    return render(request, "markets/template_detail.html", context)


def _template(request, pk):
    rows = with_scans(DocumentTemplate.objects).select_related("uploaded_by", "withdrawn_by")
    return get_visible(rows, request.user, pk=pk)


@require_safe
@requires(MANAGE)
def template_download(request, pk):
    """The template itself, to be edited in Word."""
    template = _template(request, pk)
    return answer_deposit(request, template, name=f"{document_templates.stem_of(template)}.docx", mime=DOCX.mime)


@require_safe
@requires(MANAGE)
def template_preview_docx(request, pk):
    return _preview(request, pk, document_templates.preview_docx, "docx", DOCX.mime)


@require_safe
@requires(MANAGE)
def template_preview_pdf(request, pk):
    return _preview(request, pk, document_templates.preview_pdf, "pdf", PDF.mime)


def _preview(request, pk, make, extension, mime):
    """A template filled for an invented lot, on the legal basis asked: it takes a second or two."""
    template = _template(request, pk)
    form = PreviewForm(request.GET)
    basis = (form.cleaned_data["fondement"] if form.is_valid() else "") or LegalBasis.EXECUTION
    try:
        content = make(template, basis)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("markets:template", pk=pk)
    return as_download(f"{document_templates.preview_stem(template)}-{basis}.{extension}", mime, content)


@require_POST
@requires(MANAGE)
def template_withdraw(request, pk):
    template = _template(request, pk)
    try:
        document_templates.withdraw_template(template=template, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("markets:template", pk=pk)
    current = DocumentTemplate.objects.visible_to(request.user).defer("content").current(template.kind)
    messages.success(request, f"Le modèle est retiré. Est en vigueur : {current}.")
    return redirect("markets:templates")
