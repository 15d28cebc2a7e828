"""What the database holds about statements, productions and logos."""

from datetime import date

import pytest

from clauses_portal.core.jobs import JobState
from reporting.enums import LogoOwner, StatementState
from reporting.models import BrandingLogo, ExportJob, Statement
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db


def statement(world, **changes):
    fields = {"territory": world.territory, "period_code": "2026-T2", "verification_code": "7K3M-Q9XD-2TBW"}
    return Statement(**fields | changes)


def job(world, **changes):
    asked = {"asked_at": NOW, "asked_by": world.author}
    return ExportJob(**{"statement": world.statement} | asked | changes)


def logo(world, **changes):
    fields = {
        "owner": LogoOwner.METROPOLIS,
        "image": b"png",
        "mime": "image/png",
        "alt": "Métropole",
        "valid_from": DAY,
    }
    return BrandingLogo(**fields | changes)


PUBLISHED = {
    "state": StatementState.PUBLISHED,
    "published_at": NOW,
    "published_by": the("author"),
    "snapshot": lambda world: {"schema": 1},
    "pdf": "statements/2026/etat.pdf",
    "sha256": "0" * 64,
}
OF_MARKET = {"territory": None, "market": the("market")}
OTHER = {"verification_code": "AAAA-AAAA-AAAA"}
RULES = [
    Rule(
        "statement_has_one_scope",
        statement,
        accepted=[{}, OF_MARKET],
        refused=[{"territory": None, "market": None}, {"market": the("market")}],
    ),
    Rule(
        "statement_once",
        statement,
        existing={},
        accepted=[
            OTHER | {"period_code": "2026-T1"},
            OTHER | {"territory": the("elsewhere")},
            OTHER | OF_MARKET,
        ],
        refused=[OTHER],
    ),
    Rule("statement_once", statement, existing=OF_MARKET, accepted=[OTHER], refused=[OTHER | OF_MARKET]),
    Rule(
        "statement_quarter_format",
        statement,
        accepted=[{"quarter": f"2026-T{number}"} for number in (1, 4)],
        refused=[{"quarter": text} for text in ("2026-T5", "2026-T0", "2026T1", "26-T1", "")],
        seen_by_forms=False,
    ),
    Rule("statement_published_pair", statement, **pair("published", required=PUBLISHED), seen_by_forms=False),
    Rule(
        "statement_published_is_whole",
        statement,
        accepted=[PUBLISHED, {"state": StatementState.DRAFT}],
        refused=[
            PUBLISHED | {"published_at": None, "published_by": None},
            PUBLISHED | {"snapshot": None},
            PUBLISHED | {"pdf": ""},
            PUBLISHED | {"sha256": ""},
            PUBLISHED | {"state": StatementState.DRAFT},
        ],
    ),
    Rule("exportjob_asked_pair", job, **pair("asked"), seen_by_forms=False),
    Rule(
        "one_job_at_a_time",
        job,
        existing={"state": JobState.RUNNING},
        accepted=[{"state": state} for state in (JobState.DONE, JobState.REFUSED, JobState.FAILED)],
        refused=[{"state": JobState.ASKED}, {"state": JobState.RUNNING}],
    ),
    Rule(
        "logo_dates_ordered",
        logo,
        accepted=[{"valid_until": None}, {"valid_until": DAY}],
        refused=[{"valid_until": date(2026, 9, 14)}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_every_constraint_is_here():
    assert {rule.name for rule in RULES} == constraints_of("reporting")
