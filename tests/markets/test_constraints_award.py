"""What the database holds about companies, their contacts, how they come and leave, and what moves between them."""

from datetime import date
from decimal import Decimal

import pytest

from markets.enums import AwardRole, ObjectiveKind
from markets.models import (
    Award,
    Company,
    CompanyContact,
    CountingRule,
    HourlyRate,
    HoursTransfer,
    ObjectiveEntry,
    OpeningBalance,
)
from tests.factories.facilitators import siret
from tests.factories.markets import CompanyFactory, LotFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, World, pair, the

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2026, 9, 14), date(2026, 9, 16)


def ordered(first, last):
    """Rows of two dates: in their order, or one of them unknown; then the wrong way round."""
    return {
        "accepted": [{first: DAY, last: DAY}, {first: DAY, last: None}, {first: None, last: DAY}],
        "refused": [{first: DAY, last: BEFORE}],
    }


def company(world, **changes):
    return Company(**{"siret": siret(77), "name": "Maçons d’Aix"} | changes)


def contact(world, **changes):
    fields = {"company": world.company, "role": "hr", "name": "Ada", "email": "ada@entreprise.example"}
    return CompanyContact(**fields | changes)


def award(world, **changes):
    return Award(**{"lot": world.lot, "company": world.company, "role": AwardRole.MEMBER} | changes)


def other_award(world):
    return Award.objects.filter(company__name="Autre").first() or Award.objects.create(
        lot=LotFactory(), company=CompanyFactory(name="Autre")
    )


def transfer(world, **changes):
    agreed = {"source_agreed_on": DAY, "target_agreed_on": DAY, "reason": "Globalisation"}
    fields = {"source": world.award, "target": other_award(world), "hours": 10}
    return HoursTransfer(**fields | agreed | changes)


def a_transfer(world):
    return HoursTransfer.objects.first() or HoursTransfer.objects.create(
        source=world.award,
        target=other_award(world),
        hours=10,
        source_agreed_on=DAY,
        target_agreed_on=DAY,
        reason="Globalisation",
    )


def objective(world, **changes):
    fields = {"award": world.award, "kind": ObjectiveKind.TRANSFER_IN, "hours": 10, "effective_on": DAY}
    return ObjectiveEntry(**fields | {"reason": "Globalisation"} | changes)


def an_entry(world):
    """A line of the ledger that bears an opening balance."""
    line = {"award": world.award, "kind": ObjectiveKind.OPENING, "effective_on": DAY, "reason": "Avant le portail"}
    return ObjectiveEntry.objects.filter(award=world.award).first() or ObjectiveEntry.objects.create(hours=-10, **line)


def opening(world, **changes):
    fields = {"award": world.award, "entry": an_entry(world), "hours": 10, "persons": 2, "until": DAY}
    return OpeningBalance(**fields | {"source": "Tableur"} | pair("recorded")["accepted"][1] | changes)


def rule(world, **changes):
    return CountingRule(**{"market": world.market} | changes)


def rate(world, **changes):
    return HourlyRate(**{"code": "ceiling", "value": Decimal(30), "valid_from": DAY, "source": "Arrêté"} | changes)


def up_to(name, highest):
    """A number from 0 to `highest`."""
    return {"accepted": [{name: 0}, {name: highest}], "refused": [{name: highest + 1}]}


GONE, LEFT = {"ended_on": DAY, "end_reason": "termination"}, {"ended_on": AFTER, "end_reason": "termination"}
COMPANIES = [
    Rule(
        "company_naf_format",
        company,
        accepted=[{"naf": ""}, {"naf": "43.21A"}, {"naf": "4321A"}],
        refused=[{"naf": "43"}, {"naf": "43.21"}, {"naf": "43.21a"}],
    ),
    Rule(
        "company_insolvency_dated",
        company,
        accepted=[{}, {"insolvency": "safeguard", "insolvency_on": DAY}],
        refused=[{"insolvency": "safeguard"}, {"insolvency_on": DAY}],
    ),
    Rule("companycontact_confirmed_pair", contact, **pair("confirmed")),
    Rule(
        "contact_reachable",
        contact,
        accepted=[{"phone": ""}, {"email": "", "phone": "04 42 00 00 00"}, {"phone": "04 42 00 00 00"}],
        refused=[{"email": "", "phone": ""}],
    ),
    Rule(
        "contact_reminders_by_mail",
        contact,
        accepted=[{"receives_reminders": True}, {"email": "", "phone": "04 42 00 00 00"}],
        refused=[{"receives_reminders": True, "email": "", "phone": "04 42 00 00 00"}],
    ),
]
AWARDS = [
    Rule(
        "award_parent_is_another",
        award,
        accepted=[{"role": AwardRole.SUBCONTRACTOR, "parent": the("award")}, {"parent": None}],
        refused=[{"id": 10**6, "role": AwardRole.SUBCONTRACTOR, "parent_id": 10**6}],
        seen_by_forms=False,
    ),
    Rule(
        "award_grouping_of_the_lead",
        award,
        accepted=[{"grouping": ""}, {"role": AwardRole.LEAD, "grouping": "joint"}, {"role": AwardRole.LEAD}],
        refused=[{"grouping": "joint"}, {"role": AwardRole.HOLDER, "grouping": "several"}],
    ),
    Rule(
        "award_end_explained",
        award,
        accepted=[{}, GONE],
        refused=[GONE | {"ended_on": None}, GONE | {"end_reason": ""}],
    ),
    Rule("award_intervention_ordered", award, **ordered("intervenes_from", "intervenes_until")),
    Rule(
        "award_ends_after_notification",
        award,
        accepted=[{"notified_on": DAY} | GONE, {"notified_on": DAY} | LEFT, {"notified_on": None} | GONE],
        refused=[{"notified_on": AFTER} | GONE],
    ),
]
LEDGER = [
    Rule("transfer_to_another", transfer, accepted=[{}], refused=[{"target": the("award")}]),
    Rule(
        "transfer_moves_hours",
        transfer,
        accepted=[{"hours": 1}, {"hours": 1_000_000}],
        refused=[{"hours": 0}, {"hours": 1_000_001}],
    ),
    Rule("hourstransfer_decided_pair", transfer, **pair("decided"), seen_by_forms=False),
    Rule(
        "objective_of_a_transfer",
        objective,
        accepted=[{"transfer": None}, {"transfer": a_transfer}],
        refused=[{"kind": kind, "transfer": a_transfer} for kind in ("order", "amendment", "initial")],
    ),
    Rule(
        "transfer_written_once",
        objective,
        existing={"transfer": a_transfer},
        accepted=[{"transfer": a_transfer, "kind": ObjectiveKind.TRANSFER_OUT, "hours": -10}, {"transfer": None}],
        refused=[{"transfer": a_transfer}],
    ),
]
OPENINGS = [
    Rule(
        "opening_hours_done",
        opening,
        accepted=[{"hours": 1, "persons": 1}, {"hours": 1_000_000, "persons": 10_000}],
        refused=[{"hours": 0}, {"hours": 1_000_001}, {"persons": 0}, {"persons": 10_001}],
    ),
    Rule("openingbalance_recorded_pair", opening, **pair("recorded"), seen_by_forms=False),
]
COUNTING = [
    Rule("counting_cap_is_a_share", rule, **up_to("prehire_training_cap", 100)),
    Rule("counting_tolerance_credible", rule, **up_to("tolerance_days", 366)),
    Rule("counting_bonus_credible", rule, **up_to("lasting_job_bonus", 2000)),
    Rule(
        "hourly_rate_once",
        rate,
        existing={},
        accepted=[{"valid_from": AFTER}, {"code": "wage"}],
        refused=[{"value": Decimal(31)}],
    ),
    Rule(
        "hourly_rate_credible",
        rate,
        accepted=[{"value": Decimal("0.01")}, {"value": Decimal(500)}],
        refused=[{"value": 0}, {"value": Decimal("500.01")}],
    ),
    Rule(
        "hourly_rate_dates_ordered",
        rate,
        accepted=[{"valid_until": None}, {"valid_until": DAY}],
        refused=[{"valid_until": BEFORE}],
    ),
]
RULES = COMPANIES + AWARDS + LEDGER + OPENINGS + COUNTING


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
