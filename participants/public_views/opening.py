"""Opening a link: the address is read once, then the pages of the company have none of its secret."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clauses_portal.core import errors, throttle
from clauses_portal.core.second_lock import acting
from clauses_portal.core.web import discreet
from markets.enums import LinkPurpose
from markets.services.company_links import is_live, live_link, mark_opened, read_token
from participants.commitments import facilitators_of
from participants.second_lock import claims_of_company

KEY = "company_link"
ACTION = "company-link"
PAGES = {
    LinkPurpose.HOURS: "participants:company_hours",
    LinkPurpose.JOB_POSTING: "participants:company_posting",
    LinkPurpose.ANSWER_REFERRAL: "participants:company_referrals",
}


@login_not_required
@require_safe
def company_link(request, token):
    """Check the signature, the row and its term, keep the row's number in the session, and leave the address."""
    if throttle.is_over(request, ACTION, settings.COMPANY_LINK_ATTEMPTS):
        return discreet(errors.too_many_requests(request))
    link = read_token(token)
    if link is None:
        throttle.note_failure(request, ACTION)
        return discreet(closed_door(request))
    if not is_live(link):
        return discreet(closed_door(request, link))
    mark_opened(link)
    request.session[KEY] = link.pk
    return discreet(redirect(PAGES[LinkPurpose(link.purpose)]))


def closed_door(request, link=None):
    """The page of a link that opens nothing: 410 when it once did, 404 when it never was. It says whom to call."""
    people = facilitators_of(link.company) if link else []
    return render(request, "entreprise/closed_door.html", {"facilitators": people}, status=410 if link else 404)


def by_link(purpose):
    """Decorate `view(request, link)`: only for who opened a live link of this purpose, checked at each request."""

    def decorator(view):
        @login_not_required
        @wraps(view)
        def wrapper(request):
            link = live_link(request.session.get(KEY), purpose)
            if link is None:
                return discreet(closed_door(request))
            with acting(claims_of_company(link.company)):
                return discreet(view(request, link))

        return wrapper

    return decorator


def is_same_link(request, link):
    """Was this page made from the link that is open now? Two links may have been opened, one after the other."""
    return request.POST.get("link") == str(link.pk)
