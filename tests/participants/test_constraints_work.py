"""What the database holds about postings, proposals, exits, attestations and the terms of contracts."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from participants.models import (
    EmploymentContract,
    ExitSituation,
    JobPosting,
    Referral,
    WorkCertificate,
)
from tests.factories.participants import ParticipantFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import WorkCertificateFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, the

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2026, 9, 14), date(2026, 9, 16)


def contract(world, **changes):
    fields = {
        **{"participant": world.person, "award": world.award, "lot": world.lot, "market": world.market},
        **{"territory": world.territory, "employer": world.award.company, "modality": "1", "contract_type": "cdd"},
        **{"job_title": "Maçonne", "starts_on": DAY},
    }
    return EmploymentContract(**fields | changes)


def posting(world, **changes):
    fields = {
        **{"award": world.award, "lot": world.lot, "territory": world.territory, "author": world.author},
        **{"rome": RomeCodeFactory(), "title": "Maçon (H/F)", "contract_type": "cdd", "starts_on": DAY},
        **{"tasks": "Monter des murs"},
    }
    return JobPosting(**fields | changes)


def saved_posting(world):
    known = JobPosting.objects.first()
    if known is None:
        known = posting(world)
        known.save()
    return known


def referral(world, **changes):
    fields = {
        **{"participant": world.person, "posting": saved_posting(world), "proposed_at": NOW},
        **{"proposed_by": world.author, "answer_due_on": DAY, "escalate_on": AFTER},
    }
    return Referral(**fields | changes)


def exit_row(world, **changes):
    fields = {
        **{"participant": world.person, "award": world.award, "contract": world.contract, "lot": world.lot},
        **{"market": world.market, "territory": world.territory, "horizon": "end", "due_on": DAY},
    }
    return ExitSituation(**fields | changes)


def paper(world, **changes):
    fields = {
        **{"participant": world.person, "number": "AP-1", "content": b"%PDF", "sha256": "0" * 64},
        **{"produced_at": NOW, "produced_by": world.author},
    }
    return WorkCertificate(**fields | changes)


ANSWERED = {"answered_on": DAY}
KNOWN = {"situation": "seeking", "source": "person", "observed_on": DAY, "asked_at": NOW, "asked_by": the("author")}
RULES = [
    Rule(
        "contract_weekly_hours",
        contract,
        accepted=[{"weekly_hours": None}, {"weekly_hours": Decimal("0.5")}, {"weekly_hours": Decimal(48)}],
        refused=[{"weekly_hours": Decimal(0)}, {"weekly_hours": Decimal("48.01")}],
    ),
    Rule(
        "contract_host_of_a_loan",
        contract,
        accepted=[{"host": None}, {"host": the("company"), "modality": "2"}, {"host": None, "modality": "2"}],
        refused=[{"host": the("company")}, {"host": the("company"), "modality": "3"}],
    ),
    Rule(
        "posting_positions_credible",
        posting,
        accepted=[{"positions": 1}, {"positions": 200}],
        refused=[{"positions": 0}, {"positions": 201}],
    ),
    Rule(
        "posting_weekly_hours",
        posting,
        accepted=[{"weekly_hours": Decimal(48)}, {"weekly_hours": Decimal("0.25")}],
        refused=[{"weekly_hours": Decimal(0)}, {"weekly_hours": Decimal("48.5")}],
    ),
    Rule("posting_from_a_company_or_a_person", posting, accepted=[{}], refused=[{"author": None}]),
    Rule(
        "posting_dates_ordered",
        posting,
        accepted=[{"ends_on": None}, {"ends_on": DAY}],
        refused=[{"ends_on": BEFORE}],
    ),
    Rule(
        "jobposting_published_pair",
        posting,
        accepted=[{}, {"published_at": NOW, "published_by": the("author")}],
        refused=[{"published_at": NOW}, {"published_by": the("author")}],
    ),
    Rule(
        "referral_once",
        referral,
        existing={},
        accepted=[{"participant": lambda world: ParticipantFactory()}],
        refused=[{}],
    ),
    Rule("referral_proposed_pair", referral, accepted=[{}], refused=[{"proposed_by": None}], seen_by_forms=False),
    Rule(
        "referral_refusal_explained",
        referral,
        accepted=[{"state": "refused", "refusal": "skills"} | ANSWERED, {"state": "hired"} | ANSWERED],
        refused=[{"state": "refused"} | ANSWERED, {"state": "declined"} | ANSWERED, {"refusal": "skills"}],
    ),
    Rule(
        "referral_answer_dated",
        referral,
        accepted=[{}, {"state": "meeting"}, {"state": "withdrawn"} | ANSWERED],
        refused=[{"state": "hired"}, {"state": "withdrawn"}, ANSWERED, {"state": "meeting"} | ANSWERED],
    ),
    Rule("referral_clocks_ordered", referral, accepted=[{}], refused=[{"escalate_on": DAY}, {"escalate_on": BEFORE}]),
    Rule("exit_once", exit_row, existing={}, accepted=[{"horizon": "three_months"}], refused=[{}]),
    Rule("exitsituation_asked_pair", exit_row, accepted=[{}, KNOWN], refused=[KNOWN | {"asked_by": None}]),
    Rule(
        "exit_known_whole",
        exit_row,
        accepted=[{}, KNOWN],
        refused=[
            KNOWN | {"source": ""},
            KNOWN | {"observed_on": None},
            KNOWN | {"situation": ""},
            {"situation": "seeking"},
            {"source": "person"},
        ],
    ),
    Rule("workcertificate_produced_pair", paper, accepted=[{}], refused=[{"produced_by": None}], seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def test_an_attestation_never_changes():
    certificate = WorkCertificateFactory()
    for act in (
        lambda: WorkCertificate.objects.filter(pk=certificate.pk).update(number="AP-0"),
        lambda: WorkCertificate.objects.filter(pk=certificate.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_posting_is_where_its_lot_is():
    world = World()
    with pytest.raises(DatabaseError), transaction.atomic():
        posting(world, territory=world.elsewhere).save()
