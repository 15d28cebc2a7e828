"""The month of a company: its own people, their hours, « aucune heure », and what it has promised."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt
from facilitators.journal_marks import note_names_by_link
from markets.enums import LinkPurpose
from participants.commitments import commitments, facilitators_of
from participants.declared_lines import month_of
from participants.forms.declarations import DeclarationForm
from participants.public_views.opening import by_link, is_same_link
from participants.services.declarations import declare

OTHER_LINK = "Vous avez ouvert un autre lien entre-temps : ce relevé est celui du dernier lien ouvert."
THANKS = "Merci : votre relevé est reçu. Vous pouvez le corriger tant que le facilitateur ne l’a pas vérifié."
NO_HOURS = "Merci : c’est noté, aucune heure ce mois-ci. Les rappels s’arrêtent."


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.HOURS)
def company_hours(request, link):
    if request.method == "POST" and not is_same_link(request, link):
        messages.warning(request, OTHER_LINK)
        return redirect("participants:company_hours")
    sheet = month_of(link.company, link.month)
    no_hours = request.POST.get("act") == "none"
    form = DeclarationForm(
        request.POST or None,
        request.FILES or None,
        contracts=sheet.open,
        lines=sheet.lines,
        no_hours=no_hours,
        initial=_who_signs(link, sheet),
    )
    if form.is_valid() and attempt(form, lambda: _declare(link, form)):
        messages.success(request, NO_HOURS if no_hours else THANKS)
        return redirect("participants:company_hours")
    note_names_by_link(request, link, len(sheet.open))
    context = {
        "link": link,
        "company": link.company,
        "sheet": sheet,
        "commitments": commitments(link.company),
        "facilitators": facilitators_of(link.company),
    }
    return answer_form(request, "entreprise/hours.html", form, context)


def _who_signs(link, sheet):
    """Whoever signed last, or else whom the link was sent to: one answers in one click."""
    if sheet.last is not None:
        return {"signatory": sheet.last.signatory, "job_title": sheet.last.job_title}
    contact = link.contact
    return {"signatory": contact.name, "job_title": contact.job_title} if contact else {}


def _declare(link, form):
    return declare(company=link.company, month=link.month, link=link, **form.declared())
