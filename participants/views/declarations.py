from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core import errors
from clauses_portal.core.downloads import answer_deposit
from clauses_portal.core.errors import DomainError
from clauses_portal.core.exports import export
from clauses_portal.core.scanning import with_scans
from clauses_portal.core.web import UNREADABLE, answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable, requires
from markets.models import Company, CompanyLink
from markets.services.company_links import address_of, is_live, revoke_link
from participants import grid
from participants.declaration_queue import company_months
from participants.declared_lines import lines_to_check, month_of
from participants.exports import DECLARATIONS
from participants.forms.declarations import PhoneDeclarationForm
from participants.models import DeclarationLine, EmploymentContract, MonthlyDeclaration
from participants.services.declarations import ACCEPT, CORRECT, REFUSE, check_lines, declare
from participants.services.reminders import send_request

HOURS, HOME = ("Heures", "/heures/"), ("Relevés à vérifier", "/heures/releves/")
ACTS = {ACCEPT: "Accepter", CORRECT: "Corriger", REFUSE: "Refuser"}
P = Permission


@require_safe
@requires(P.ENTER_HOURS)
def declaration_list(request):
    """Who has answered for a month, what is to be checked, who is silent."""
    month = _month(request.GET.get("mois", ""))
    rows = company_months(request.user, month)
    context = {
        "month": month,
        "earlier": f"{grid.months_shown(month, 2)[0]:%Y-%m}",
        "later": f"{grid.month_after(month):%Y-%m}",
        "page": page_of(request, rows),
        "silent": sum(row.state == "silent" for row in rows),
        "waiting": sum(row.state == "to_check" for row in rows),
        "breadcrumbs": trail(HOURS, HOME),
    }
    return render(request, "participants/declaration_list.html", context)


@require_safe
@requires(P.ENTER_HOURS)
def declaration_export(request, file_format):
    month = _month(request.GET.get("mois", ""))
    criteria = [("Mois", f"{month:%m/%Y}")]
    return export(request, file_format, DECLARATIONS, company_months(request.user, month), criteria=criteria)


def _month(text):
    """The month asked (« 2026-08 »), the last one over when there is none or it makes no sense."""
    try:
        return grid.parse_month(text)
    except ValueError:
        return grid.months_shown(timezone.localdate(), 2)[0]


def _company(request, pk):
    return get_actionable(Company.objects, request.user, P.ENTER_HOURS, pk=pk)


@reads_names("markets.company")
@require_http_methods(["GET", "POST"])
def declaration_check(request, pk):
    """The month of a company: its lines beside the grid, each accepted, corrected or refused."""
    company = _company(request, pk)
    month = _month(request.POST.get("mois") or request.GET.get("mois", ""))
    rows = lines_to_check(_lines(request.user, company, month))
    if request.method == "POST":
        if _decide(request, rows):
            return redirect(f"{reverse('participants:declaration', args=[pk])}?mois={month:%Y-%m}")
        rows = [row for row in rows if row.error or row.act == ""]
    context = _context(request, company, month, rows)
    count_shown(request, len(rows) + len(context["done"]))
    status = 422 if any(row.error for row in rows) else 200
    return render(request, "participants/declaration_check.html", context, status=status)


def _lines(user, company, month):
    lines = DeclarationLine.objects.actionable_by(user, P.ENTER_HOURS).to_check()
    return lines.filter(declaration__company=company, declaration__month=month)


def _context(request, company, month, rows):
    return {
        "company": company,
        "month": month,
        "rows": rows,
        "acts": ACTS.items(),
        "done": _done_lines(request.user, company, month),
        "declarations": with_scans(_declarations(request.user).filter(company=company, month=month)),
        "links": _links(request.user).filter(company=company, month=month),
        "now": timezone.now(),
        "breadcrumbs": trail(HOURS, HOME, (f"{company}, {month:%m/%Y}", None)),
    }


def _done_lines(user, company, month):
    lines = DeclarationLine.objects.visible_to(user).filter(declaration__company=company, declaration__month=month)
    lines = lines.exclude(checked_at=None).select_related("contract__participant", "checked_by")
    return lines.order_by("-checked_at", "pk")


def _declarations(user):
    """Declarations this account may read: with a line of its territories, or with none at all."""
    mine = DeclarationLine.objects.visible_to(user).values("declaration")
    rows = MonthlyDeclaration.objects.actionable_by(user, P.ENTER_HOURS).defer("content").select_related("link")
    return (rows.filter(pk__in=mine) | rows.filter(lines=None)).distinct()


def _links(user):
    return CompanyLink.objects.actionable_by(user, P.ENTER_HOURS).select_related("contact", "revoked_by")


def _decide(request, rows):
    """Apply what was typed to the lines; True when nothing was refused."""
    typed = [row for row in rows if _read(request.POST, row)]
    outcomes = check_lines(
        decisions=[(row.line, row.act, row.hours, row.answer, row.version) for row in typed], by=request.user
    )
    for row, outcome in zip(typed, outcomes, strict=True):
        row.error = "" if outcome.done else outcome.message
        if outcome.done and outcome.message:
            messages.warning(request, f"{row.line.contract.participant} : {outcome.message}")
    done = sum(outcome.done for outcome in outcomes)
    if done:
        messages.success(request, f"{done} ligne{'s' if done > 1 else ''} vérifiée{'s' if done > 1 else ''}.")
    if not typed:
        messages.info(request, "Aucune décision : choisissez « Accepter », « Corriger » ou « Refuser ».")
    return all(outcome.done for outcome in outcomes)


def _read(fields, row):
    """Put in the row what was typed for it; False when nothing was. Raises BadRequest on an unknown act."""
    key = row.line.pk
    row.act = ACCEPT if fields.get("all") == ACCEPT else fields.get(f"act-{key}", "")
    if row.act and row.act not in ACTS:
        raise BadRequest(UNREADABLE)
    row.hours, row.answer = fields.get(f"hours-{key}", "")[:12], fields.get(f"answer-{key}", "")[:300]
    version = fields.get(f"version-{key}", str(row.version))
    row.version = int(version) if version.isdecimal() and len(version) < 10 else -1
    return bool(row.act)


@reads_names("markets.company")
@require_http_methods(["GET", "POST"])
def declaration_type(request, pk):
    """What a company says by telephone or on paper, written for it (domain.md §12, n° 31)."""
    company = _company(request, pk)
    month = _month(request.GET.get("mois", ""))
    mine = EmploymentContract.objects.actionable_by(request.user, P.ENTER_HOURS)
    sheet = month_of(company, month, within=mine.values("pk"))
    no_hours = request.POST.get("act") == "none"
    form = PhoneDeclarationForm(
        request.POST or None,
        request.FILES or None,
        contracts=sheet.open,
        lines=sheet.lines,
        no_hours=no_hours,
    )
    url = f"{reverse('participants:declaration', args=[pk])}?mois={month:%Y-%m}"
    within = [contract.pk for contract in sheet.open]
    if form.is_valid() and attempt(
        form, lambda: declare(company=company, month=month, within=within, **form.declared())
    ):
        messages.success(request, "Relevé noté : il vous reste à l’accepter.")
        return redirect(url)
    count_shown(request, len(sheet.open))
    context = {
        "company": company,
        "month": month,
        "sheet": sheet,
        "cancel_url": url,
        "breadcrumbs": trail(HOURS, HOME, (f"{company}, {month:%m/%Y}", url), ("Saisir", None)),
    }
    return answer_form(request, "participants/declaration_type.html", form, context)


@reads_names("participants.monthlydeclaration")
@require_safe
def declaration_file(request, pk):
    """The sheet a company attached: always a download, in a sandbox."""
    declaration = get_actionable(MonthlyDeclaration.objects, request.user, P.ENTER_HOURS, pk=pk)
    if not declaration.file_name or not _declarations(request.user).filter(pk=pk).exists():
        raise Http404(errors.NOT_FOUND)
    return answer_deposit(request, declaration, name=declaration.file_name, mime="application/octet-stream")


@require_POST
def link_send(request, pk):
    """Send, or send again, the link of a month to the contacts of a company."""
    company = _company(request, pk)
    month = _month(request.POST.get("mois", ""))
    try:
        addresses = send_request(company=company, month=month)
        messages.success(request, f"Lien envoyé à {', '.join(addresses)}.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('participants:declaration', args=[pk])}?mois={month:%Y-%m}")


@require_safe
def link_detail(request, pk):
    """The address of a link, to copy in a message of one's own."""
    link = get_actionable(CompanyLink.objects.select_related("company", "contact"), request.user, P.ENTER_HOURS, pk=pk)
    context = {
        "link": link,
        "address": address_of(link) if is_live(link) else "",
        "breadcrumbs": trail(HOURS, HOME, (str(link), None)),
    }
    return render(request, "participants/declaration_link.html", context)


@require_POST
def link_revoke(request, pk):
    link = get_actionable(CompanyLink.objects, request.user, P.ENTER_HOURS, pk=pk)
    tell(request, lambda: revoke_link(link=link, by=request.user), "Lien fermé : il n’ouvre plus rien.")
    return redirect("participants:link", pk=pk)
