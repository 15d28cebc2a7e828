"""What the database holds about papers, their productions and the logos."""

from datetime import date

import pytest

from clauses_portal.core.jobs import JobState
from reporting.enums import LogoOwner, StatementState
from reporting.models import BrandingLogo, ExportJob, ProductionBatch, Statement
from tests.reporting import test_constraints_exchange, test_constraints_papers
from tests.support.constraints import Rule, assert_accepted, assert_refused, constraints_of, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db


def statement(world, **changes):
    fields = {"territory": world.territory, "period_code": "2026-T2", "verification_code": "7K3M-Q9XD-2TBW"}
    return Statement(**fields | changes)


def job(world, **changes):
    asked = {"asked_at": NOW, "asked_by": world.author}
    return ExportJob(**{"statement": world.statement} | asked | changes)


def batch(world, **changes):
    return ProductionBatch(**{"period_code": "2026-T2", "asked_at": NOW, "asked_by": world.author} | changes)


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
NOWHERE = {"territory": None}
OF_MARKET = {"territory": None, "market": the("market")}
OF_DIRECTORATE = {"territory": None, "directorate": the("directorate")}
OTHER = {"verification_code": "AAAA-AAAA-AAAA"}
YEAR = {"kind": "annual", "period_code": "2026"}
CLOSING = {"kind": "closing", "period_code": "solde", "starts_on": date(2026, 1, 1), "ends_on": DAY}
SECOND = {"version": 2, "version_reason": "Relevé arrivé tard.", "replaces": the("statement")}
STATEMENTS = [
    Rule(
        "statement_scope_of_its_kind",
        statement,
        accepted=[{}, OF_MARKET, OF_DIRECTORATE, YEAR, YEAR | NOWHERE, YEAR | OF_DIRECTORATE, CLOSING | OF_MARKET],
        refused=[
            NOWHERE,
            {"market": the("market")},
            {"directorate": the("directorate")},
            OF_MARKET | {"directorate": the("directorate")},
            YEAR | OF_MARKET,
            CLOSING,
            CLOSING | OF_DIRECTORATE,
            CLOSING | NOWHERE,
        ],
    ),
    Rule(
        "statement_once",
        statement,
        existing={},
        accepted=[
            OTHER | {"period_code": "2026-T1"},
            OTHER | {"territory": the("elsewhere")},
            OTHER | OF_MARKET,
            OTHER | YEAR,
        ],
        refused=[OTHER],
    ),
    Rule("statement_once", statement, existing=OF_MARKET, accepted=[OTHER], refused=[OTHER | OF_MARKET]),
    Rule("statement_once", statement, existing=YEAR | NOWHERE, accepted=[OTHER], refused=[OTHER | YEAR | NOWHERE]),
    Rule(
        "statement_period_of_its_kind",
        statement,
        accepted=[
            {"period_code": "2026-T1"},
            {"period_code": "2026-T4"},
            YEAR,
            YEAR | {"period_code": "2026-03_2027-02"},
            CLOSING | OF_MARKET,
        ],
        refused=[{"period_code": "2026"}, YEAR | {"period_code": "2026-T1"}, {"kind": "other"}],
        seen_by_forms=False,
    ),
    Rule(
        "statement_period_ordered",
        statement,
        accepted=[CLOSING | OF_MARKET, CLOSING | OF_MARKET | {"starts_on": DAY}],
        refused=[CLOSING | OF_MARKET | {"starts_on": date(2026, 9, 16)}],
    ),
    Rule(
        "statement_version_explained",
        statement,
        accepted=[{}, SECOND],
        refused=[
            SECOND | {"version_reason": ""},
            SECOND | {"replaces": None},
            {"version_reason": "Sans objet."},
            SECOND | {"version": 1, "period_code": "2026-T1"},
        ],
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
]
RULES = [
    *STATEMENTS,
    Rule("exportjob_asked_pair", job, **pair("asked"), seen_by_forms=False),
    Rule(
        "one_job_at_a_time",
        job,
        existing={"state": JobState.RUNNING},
        accepted=[{"state": state} for state in (JobState.DONE, JobState.REFUSED, JobState.FAILED)],
        refused=[{"state": JobState.ASKED}, {"state": JobState.RUNNING}],
    ),
    Rule("productionbatch_asked_pair", batch, **pair("asked"), seen_by_forms=False),
    Rule(
        "one_batch_at_a_time",
        batch,
        existing={"state": JobState.RUNNING},
        accepted=[
            {"state": JobState.DONE},
            {"state": JobState.FAILED},
            {"period_code": "2026-T1"},
            {"asked_by": the("user")},
        ],
        refused=[{}, {"state": JobState.RUNNING}],
    ),
    Rule(
        "logo_dates_ordered",
        logo,
        accepted=[{"valid_until": None}, {"valid_until": DAY}],
        refused=[{"valid_until": date(2026, 9, 14)}],
    ),
    Rule(
        "logo_of_a_structure",
        logo,
        accepted=[{}, {"owner": LogoOwner.STRUCTURE, "structure": the("structure")}],
        refused=[{"owner": LogoOwner.STRUCTURE}, {"structure": the("structure")}],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_every_constraint_is_here():
    known = [*RULES, *test_constraints_papers.RULES, *test_constraints_exchange.RULES]
    assert {rule.name for rule in known} == constraints_of("reporting")
