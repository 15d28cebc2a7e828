"""What the Département says of a draft before it is published, and what its author answers (C19)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import checked_save, lock
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.models import Lot
from reporting.enums import StatementState
from reporting.models import Statement, StatementComment
from reporting.services.statements import SIGNED


def publishers_of(statement):
    """Who prepares this paper: the facilitators of its territories, or the chargées de mission (accounts)."""
    if statement.territory_id:
        return members(Role.FACILITATOR, territory=statement.territory_id)
    if statement.market_id:
        lots = Lot.objects.filter(market=statement.market_id)
        return members(Role.FACILITATOR, territory__in=lots.values("territory"))
    return members(Role.MISSION_OFFICER)


@transaction.atomic
def comment(*, statement, text, by):
    """Write on a draft; the other side is told. Returns the StatementComment. Raises Conflict once it is published.

    Told: those who prepare the paper, and whoever wrote on it already.
    """
    statement = lock(Statement.objects, statement.pk)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    written = StatementComment(statement=statement, text=text, written_at=timezone.now(), written_by=by)
    checked_save(written)
    earlier = User.objects.filter(pk__in=statement.remarks.values("written_by"), is_active=True)
    notify(
        [*publishers_of(statement), *earlier],
        f"Nouveau commentaire sur le brouillon {statement.number}.",
        reverse("reporting:statement", args=[statement.pk]),
        except_for=by,
    )
    return written
