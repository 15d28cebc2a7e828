"""What the database holds about accounts, rights, structures and conventions."""

from datetime import date

import pytest

from clauses_portal.accounts.models import FormDraft, User
from facilitators.enums import Role, StructureKind
from facilitators.models import Convention, Membership, OutgoingMail, Structure
from tests.facilitators import test_constraints_invitations, test_constraints_keys, test_constraints_webhooks
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db


def membership(world, **changes):
    fields = {"user": world.user, "role": Role.FACILITATOR, "territory": world.territory, "valid_from": DAY}
    return Membership(**fields | changes)


def structure(world, **changes):
    return Structure(**{"name": "Emploi 13", "kind": StructureKind.FACILITATION} | changes)


def convention(world, **changes):
    fields = {"structure": world.structure, "reference": "C-1", "signed_on": DAY, "duration_months": 36}
    return Convention(**fields | changes)


def account(world, **changes):
    fields = {"email": "ines@example.test", "first_name": "Inès", "last_name": "Bérenger", "password": "!"}
    return User(**fields | changes)


def draft(world, **changes):
    return FormDraft(**{"user": world.user, "key": "market-new", "data": {}} | changes)


def mail(world, **changes):
    return OutgoingMail(**{"recipient": "ines@example.test", "subject": "Réunion", "body": "Bonjour."} | changes)


DEPARTMENTAL = [Role.MISSION_OFFICER, Role.LEGAL_OFFICER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER]
NOWHERE = {"territory": None, "directorate": None}
HERE, THERE = {**NOWHERE, "territory": the("territory")}, {**NOWHERE, "directorate": the("directorate")}
BOTH = HERE | {"directorate": the("directorate")}
RULES = [
    Rule(
        "membership_place_fits_role",
        membership,
        accepted=[
            HERE,
            {"role": Role.DIRECTORATE_AGENT} | THERE,
            *({"role": role} | NOWHERE for role in DEPARTMENTAL),
        ],
        refused=[
            NOWHERE,
            THERE,
            BOTH,
            {"role": Role.DIRECTORATE_AGENT} | NOWHERE,
            {"role": Role.DIRECTORATE_AGENT} | HERE,
            {"role": Role.DIRECTOR} | HERE,
            {"role": Role.DIRECTOR} | THERE,
        ],
    ),
    Rule(
        "membership_dates_ordered",
        membership,
        accepted=[{"valid_until": None}, {"valid_until": DAY}],
        refused=[{"valid_until": date(2026, 9, 14)}],
    ),
    Rule("membership_granted_pair", membership, **pair("granted")),
    Rule("membership_revoked_pair", membership, **pair("revoked")),
    Rule(
        "membership_once",
        membership,
        existing={},
        accepted=[
            {"territory": the("elsewhere")},
            {"user": the("author")},
            {"role": Role.DIRECTOR} | NOWHERE,
            {"revoked_at": NOW, "revoked_by": the("author")},
        ],
        refused=[{}],
    ),
    Rule(
        "membership_once",
        membership,
        existing={"role": Role.DIRECTOR} | NOWHERE,
        accepted=[{"role": Role.ADMINISTRATOR} | NOWHERE],
        refused=[{"role": Role.DIRECTOR} | NOWHERE],
    ),
    Rule(
        "structure_siret_format",
        structure,
        accepted=[{"siret": ""}, {"siret": "22130001500247"}],
        refused=[{"siret": "2213000150024"}, {"siret": "2213000150024A"}],
        seen_by_forms=False,
    ),
    Rule(
        "convention_duration_positive",
        convention,
        accepted=[{"duration_months": 1}, {"duration_months": 120}],
        refused=[{"duration_months": 0}, {"duration_months": 121}],
    ),
    Rule(
        "convention_notice_after_signature",
        convention,
        accepted=[{"notice_given_on": None}, {"notice_given_on": DAY}],
        refused=[{"notice_given_on": date(2026, 9, 14)}],
    ),
    Rule(
        "account_email_case_insensitive",
        account,
        existing={},
        accepted=[{"email": "karim@example.test"}],
        refused=[{"email": "INES@example.test"}],
    ),
    Rule(
        "mail_sent_or_failed",
        mail,
        accepted=[{}, {"sent_on": NOW}, {"failed_on": NOW}],
        refused=[{"sent_on": NOW, "failed_on": NOW}],
    ),
    Rule(
        "draft_once",
        draft,
        existing={},
        accepted=[{"key": "lot-new"}, {"user": the("author")}],
        refused=[{"data": {"title": "Voirie"}}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_every_constraint_is_here():
    others = [test_constraints_invitations, test_constraints_keys, test_constraints_webhooks]
    known = [*RULES, *(rule for module in others for rule in module.RULES)]
    assert {rule.name for rule in known} == constraints_of("facilitators") | constraints_of("accounts")
