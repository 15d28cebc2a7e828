"""What everybody may read about personal data: the register, the notice; and the time things are kept."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.branding import logos_on
from clauses_portal.core.files import PDF, as_download
from clauses_portal.core.pdf import letterhead, render_pdf
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import requires, scope_of
from participants.enums import RetentionStep
from participants.privacy import register
from participants.services.privacy.retention import apply_retention, persons_by_step, silent_accounts

P = Permission
HOME = ("Données personnelles", "/donnees-personnelles/registre/")
NOTICE_TITLE = "Vos données et vos droits"


@require_safe
def processing_register(request):
    """The register of processing: every agent may read what the portal does, and answer the persons."""
    context = {
        "register": register.REGISTER,
        "recipients": register.RECIPIENTS,
        "controllers": register.CONTROLLERS,
        "security": register.SECURITY,
        "may_record": scope_of(request.user).allows(P.RECORD_DATA_REQUESTS),
        "may_decide": scope_of(request.user).allows(P.DECIDE_DATA_REQUESTS),
        "breadcrumbs": trail((HOME[0], None)),
    }
    return render(request, "participants/privacy/register.html", context)


@require_safe
def privacy_notice(request):
    """What is said to a person when her file is opened (RGPD art. 13)."""
    context = {"recipients": register.RECIPIENTS, "breadcrumbs": trail(HOME, ("Notice d’information", None))}
    return render(request, "participants/privacy/notice.html", context)


@require_safe
def privacy_notice_pdf(request):
    """The same on paper, to hand over."""
    now = timezone.now()
    context = {"letterhead": letterhead(logos_on(timezone.localdate(now))[:2], "none")}
    identifier = f"NOTICE-{timezone.localdate(now):%Y%m%d}"
    content = render_pdf("pdf/privacy_notice.html", context, title=NOTICE_TITLE, identifier=identifier, created_at=now)
    return as_download("notice-information.pdf", PDF.mime, content)


@reads_names()
@require_safe
@requires(P.DECIDE_DATA_REQUESTS)
def retention(request):
    """What the rule of conservation asks today, by step, and who is concerned."""
    today = timezone.localdate()
    chosen = request.GET.get("etape", "")
    step = RetentionStep(chosen) if chosen in RetentionStep.values else RetentionStep.ARCHIVE
    rows = persons_by_step(today)[step].select_related("territory")
    report = apply_retention()
    context = {
        "steps": [(item, report.persons[item], item == step) for item in RetentionStep],
        "step": step,
        "page": page_of(request, rows),
        "purged": report.purged,
        "accounts": silent_accounts(today)[:50],
        "breadcrumbs": trail(HOME, ("Conservation", None)),
    }
    return render(request, "participants/privacy/retention.html", context)
