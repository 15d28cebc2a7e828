"""An invitation accepted with ProConnect: no password is chosen, the address must be the one invited."""

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, User
from facilitators.invitation_views import OPENED
from facilitators.invitations import accept_invitation, open_invitation


def newcomer(request, email):
    """The account that the invitation opened in this session gives to this address; None without one."""
    pk, digest = request.session.get(OPENED, (0, ""))
    invitation = open_invitation(pk=pk, digest=digest)
    if invitation is None or invitation.email != User.objects.normalize_email(email):
        return None
    user = accept_invitation(invitation=invitation, password=None)
    request.session.pop(OPENED)
    note(request, JournalAction.INVITATION, of=invitation, actor=user)
    return user
