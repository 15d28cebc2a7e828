"""A company answers for the persons it was proposed: name and post, nothing of why the clause is for them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from clauses_portal.core.web import answer_form, attempt
from facilitators.journal_marks import note_names_by_link
from markets.enums import LinkPurpose
from participants.commitments import facilitators_of
from participants.forms.company_pages import ReferralAnswerForm
from participants.models import Referral
from participants.public_views.opening import by_link, closed_door
from participants.services.referrals import answer

THANKS = "Merci : votre réponse est transmise au facilitateur."


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.ANSWER_REFERRAL)
def company_referrals(request, link):
    referrals = list(Referral.objects.filter(link=link).select_related("participant", "posting").order_by("pk"))
    answered = next((row for row in referrals if str(row.pk) == request.POST.get("referral")), None)
    if request.method == "POST" and answered is None:
        return closed_door(request)
    forms = {row.pk: _form(request, row, answered) for row in referrals if row.is_waiting}
    form = forms.get(answered.pk) if answered else None
    if (
        form is not None
        and form.is_valid()
        and attempt(form, lambda: answer(referral=answered, link=link, **form.answered()))
    ):
        messages.success(request, THANKS)
        return redirect("participants:company_referrals")
    note_names_by_link(request, link, len(referrals))
    context = {
        "link": link,
        "company": link.company,
        "rows": [(row, forms.get(row.pk)) for row in referrals],
        "facilitators": facilitators_of(link.company),
    }
    return answer_form(request, "entreprise/referrals.html", form or ReferralAnswerForm(), context)


def _form(request, row, answered):
    """The form of one proposal: bound when it is the one that was sent."""
    return ReferralAnswerForm(request.POST if row == answered else None, prefix=f"p{row.pk}")
