"""What an account may see of the protected rows, said to the database (docs/adr/0024).

A second lock, coarser than the first: it knows places, not permissions one by one. `visible_to` decides what is shown.
"""

from clauses_portal.core.second_lock import NOTHING, Claims, acting
from clauses_portal.core.second_lock.claims import EVERYWHERE, take
from facilitators.enums import Permission
from facilitators.permissions import scope_of

P = Permission
PERSONS = (
    *(P.VIEW_PERSONS, P.MANAGE_PERSONS, P.VALIDATE_PERSONS, P.VIEW_HOURS, P.ENTER_HOURS, P.LIST_BENEFICIARIES),
    *(P.RECORD_DATA_REQUESTS, P.DECIDE_DATA_REQUESTS),
)
AMOUNTS = (P.VIEW_AMOUNTS, P.MANAGE_AMOUNTS)
METHOD = (P.VIEW_METHOD, P.PROPOSE_CALIBRATION)


def claims_of(user):
    """Return the Claims of this account today; an anonymous visitor has none."""
    if not getattr(user, "is_authenticated", False):
        return NOTHING
    scope = scope_of(user)
    return Claims(
        persons=_places(scope, PERSONS),
        amounts=_places(scope, AMOUNTS),
        method=_places(scope, METHOD),
        directorates=frozenset().union(*(scope.directorates.get(right, ()) for right in AMOUNTS)),
        actor=user.pk,
    )


def act_for(user):
    """From here to the end of the request, work for this account: who is known once her key is read."""
    take(claims_of(user))


def _places(scope, permissions):
    if any(right in scope.everywhere for right in permissions):
        return frozenset({EVERYWHERE})
    return frozenset().union(*(scope.territories.get(right, ()) for right in permissions))


class SecondLockMiddleware:
    """Each request works for the account that is signed in, and for nobody when there is none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting(claims_of(request.user)):
            return self.get_response(request)
