"""What the database holds about the links and the reminders of a company."""

from datetime import date, timedelta

import pytest

from markets.enums import LinkPurpose
from markets.models import CompanyLink, CompanyReminder
from tests.factories.links import PayrollContactFactory
from tests.factories.mail import OutgoingMailFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair, the

pytestmark = pytest.mark.django_db

MONTH, OTHER_DAY = date(2026, 8, 1), date(2026, 8, 2)
FAR = NOW + timedelta(days=4000)


def link(world, **changes):
    fields = {"company": world.company, "purpose": LinkPurpose.HOURS, "month": MONTH, "nonce": "n" * 43}
    return CompanyLink(**fields | {"expires_on": FAR} | changes)


def sent_link(world):
    world.__dict__.setdefault("link", link(world))
    if world.link.pk is None:
        world.link.save()
    return world.link


def reminder(world, **changes):
    contact = world.__dict__.setdefault("contact", PayrollContactFactory(company=world.company))
    fields = {"company": world.company, "contact": contact, "link": sent_link(world), "month": MONTH, "step": 1}
    return CompanyReminder(**fields | {"mail": OutgoingMailFactory()} | changes)


NO_MONTH = {"month": None}
POSTING = {"purpose": LinkPurpose.JOB_POSTING}
RULES = [
    Rule("companylink_revoked_pair", link, **pair("revoked"), seen_by_forms=False),
    Rule(
        "link_hours_of_a_month",
        link,
        accepted=[{}, POSTING | NO_MONTH | {"award": the("award")}],
        refused=[NO_MONTH, {"month": OTHER_DAY}, POSTING | {"award": the("award")}],
    ),
    Rule(
        "link_posting_of_an_award",
        link,
        accepted=[POSTING | NO_MONTH | {"award": the("award")}],
        refused=[POSTING | NO_MONTH],
    ),
    Rule("link_expires", link, refused=[{"expires_on": NOW - timedelta(days=4000), "created_on": NOW}]),
    Rule(
        "reminder_once",
        reminder,
        existing={},
        accepted=[{"step": 2}, {"month": date(2026, 7, 1)}],
        refused=[{}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
