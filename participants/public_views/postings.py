"""A company opens a post on its lot: a draft, which the facilitator reads before anybody is proposed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt
from markets.enums import LinkPurpose
from participants.commitments import commitments, facilitators_of
from participants.forms.company_pages import DepositForm
from participants.models import JobPosting
from participants.public_views.opening import by_link
from participants.services.postings import deposit

THANKS = "Merci : votre fiche de poste est reçue. Le facilitateur la relit avec vous, puis la publie."


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.JOB_POSTING)
def company_posting(request, link):
    form = DepositForm(request.POST or None, lot=link.award.lot)
    if form.is_valid() and attempt(form, lambda: deposit(link=link, posting=form.save(commit=False))):
        messages.success(request, THANKS)
        return redirect("participants:company_posting")
    context = {
        "link": link,
        "company": link.company,
        "postings": JobPosting.objects.filter(link=link),
        "commitments": commitments(link.company),
        "facilitators": facilitators_of(link.company),
    }
    return answer_form(request, "entreprise/posting.html", form, context)
