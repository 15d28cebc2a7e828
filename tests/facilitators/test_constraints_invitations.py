"""What the database holds about invitations, the charter and the identities ProConnect vouches for."""

from datetime import timedelta

import pytest

from clauses_portal.accounts.models import CharterAcceptance, ProConnectIdentity
from facilitators.enums import Role
from facilitators.models import Invitation
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair, the

pytestmark = pytest.mark.django_db

NOWHERE = {"territory": None, "directorate": None}
ACCEPTED = {"accepted_on": NOW, "account": the("user")}


def invitation(world, **changes):
    fields = {
        "email": "ines@example.test",
        "first_name": "Inès",
        "last_name": "Bérenger",
        "role": Role.FACILITATOR,
        "territory": world.territory,
        "digest": f"{Invitation.objects.count():064d}",
        "invited_at": NOW,
        "invited_by": world.author,
        "expires_on": NOW + timedelta(days=7),
    }
    return Invitation(**fields | changes)


def charter(world, **changes):
    return CharterAcceptance(**{"user": world.user, "version": "1"} | changes)


def identity(world, **changes):
    return ProConnectIdentity(**{"user": world.user, "issuer": "https://pc.example", "subject": "a"} | changes)


RULES = [
    Rule(
        "invitation_place_fits_role",
        invitation,
        accepted=[
            {},
            {"role": Role.DIRECTORATE_AGENT} | NOWHERE | {"directorate": the("directorate")},
            {"role": Role.PRIVACY_OFFICER} | NOWHERE,
        ],
        refused=[NOWHERE, {"role": Role.DIRECTOR}, {"directorate": the("directorate")}],
    ),
    Rule(
        "invitation_invited_pair",
        invitation,
        accepted=[{}],
        refused=[{"invited_by": None}, {"invited_at": None}],
        seen_by_forms=False,
    ),
    Rule("invitation_revoked_pair", invitation, **pair("revoked")),
    Rule(
        "invitation_expires_after",
        invitation,
        accepted=[{"expires_on": NOW + timedelta(seconds=1)}],
        refused=[{"expires_on": NOW}],
    ),
    Rule(
        "invitation_accepted_whole",
        invitation,
        accepted=[{}, ACCEPTED],
        refused=[
            {"accepted_on": NOW},
            {"account": the("user")},
            ACCEPTED | {"revoked_at": NOW, "revoked_by": the("author")},
        ],
    ),
    Rule(
        "charter_accepted_once",
        charter,
        existing={},
        accepted=[{"version": "2"}, {"user": the("author")}],
        refused=[{}],
    ),
    Rule(
        "proconnect_identity_once",
        identity,
        existing={},
        accepted=[{"user": the("author"), "subject": "b"}],
        refused=[{"user": the("author")}],
    ),
    Rule(
        "proconnect_one_per_account",
        identity,
        existing={},
        accepted=[{"issuer": "https://other.example"}],
        refused=[{"subject": "b"}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
