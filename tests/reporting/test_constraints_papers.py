"""What the database holds about what goes with a paper: files, remarks, ratios, lists, agreements, attestations."""

from datetime import date

import pytest

from clauses_portal.core.jobs import JobState
from reporting.enums import FileKind
from reporting.models import (
    ExecutionCertificate,
    ExecutionProposal,
    ListDownload,
    NominativeList,
    PublicationAgreement,
    StatementComment,
    StatementFile,
    StatementRatios,
)
from tests.factories.reporting import StatementFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.sql import refused
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db


def saved(row):
    row.save()
    return row


def file(world, **changes):
    fields = {"kind": FileKind.ANNEX, "name": "annexe.xlsx", "mime": "application/octet-stream"}
    told = {"content": b"x", "size": 1, "sha256": "0" * 64}
    return StatementFile(**{"statement": world.statement} | fields | told | changes)


def remark(world, **changes):
    fields = {"statement": world.statement, "text": "À préciser.", "written_at": NOW, "written_by": world.author}
    return StatementComment(**fields | changes)


def nominative(world, **changes):
    fields = {"number": "LN-1", "territory": world.territory, "starts_on": DAY, "ends_on": DAY}
    asked = {"reason": "Contrôle du trimestre", "asked_at": NOW, "asked_by": world.author}
    return NominativeList(**fields | asked | changes)


def a_list(world):
    made = nominative(world, number="LN-0", state=JobState.DONE)
    return NominativeList.objects.filter(number="LN-0").first() or saved(made)


def download(world, **changes):
    fields = {"asked_list": a_list(world), "file": "pdf", "downloaded_at": NOW, "downloaded_by": world.author}
    return ListDownload(**fields | changes)


def agreement(world, **changes):
    fields = {"dataset": "open_data", "year": 2026, "party": "department"}
    return PublicationAgreement(**fields | {"agreed_at": NOW, "agreed_by": world.author} | changes)


def proposal(world, **changes):
    return ExecutionProposal(**{"award": world.award, "proposed_at": NOW, "proposed_by": world.author} | changes)


def a_proposal(world):
    return ExecutionProposal.objects.first() or saved(proposal(world))


def certificate(world, **changes):
    fields = {"number": "ABE-1", "content": b"%PDF-1.7", "sha256": "0" * 64, "verification_code": "7K3M-Q9XD-2TBW"}
    made = {"award": world.award, "proposal": a_proposal(world), "produced_at": NOW, "produced_by": world.author}
    return ExecutionCertificate(**fields | made | changes)


DECIDED = {"decided_at": NOW, "decided_by": the("author")}
OF_COMPANY = {"kind": FileKind.COMPANY, "company": the("company")}
RULES = [
    Rule(
        "statement_file_once",
        file,
        existing={},
        accepted=[OF_COMPANY, {"kind": FileKind.RESTRICTED}],
        refused=[{"name": "autre.xlsx"}],
    ),
    Rule("statement_file_once", file, existing=OF_COMPANY, accepted=[{}], refused=[OF_COMPANY]),
    Rule(
        "statement_file_of_a_company",
        file,
        accepted=[{}, OF_COMPANY],
        refused=[{"kind": FileKind.COMPANY}, {"company": the("company")}],
    ),
    Rule("statementcomment_written_pair", remark, **pair("written"), seen_by_forms=False),
    Rule("nominativelist_asked_pair", nominative, **pair("asked"), seen_by_forms=False),
    Rule(
        "nominative_list_dates_ordered",
        nominative,
        accepted=[{}, {"starts_on": date(2026, 9, 1)}],
        refused=[{"starts_on": date(2026, 9, 16)}],
    ),
    Rule("nominative_list_has_a_reason", nominative, refused=[{"reason": ""}], seen_by_forms=False),
    Rule(
        "nominative_list_files_expire",
        nominative,
        accepted=[{"expires_on": NOW}, {"pdf": b"x", "xlsx": b"x", "expires_on": NOW}],
        refused=[{"pdf": b"x"}, {"xlsx": b"x"}],
    ),
    Rule(
        "one_nominative_list_at_a_time",
        nominative,
        existing={},
        accepted=[
            {"number": "LN-2", "state": JobState.DONE},
            {"number": "LN-2", "territory": None},
            {"number": "LN-2", "asked_by": the("user")},
        ],
        refused=[{"number": "LN-2"}],
    ),
    Rule(
        "one_nominative_list_at_a_time",
        nominative,
        existing={"territory": None},
        accepted=[{"number": "LN-2"}],
        refused=[{"number": "LN-2", "territory": None}],
    ),
    Rule("listdownload_downloaded_pair", download, **pair("downloaded"), seen_by_forms=False),
    Rule("publicationagreement_agreed_pair", agreement, **pair("agreed"), seen_by_forms=False),
    Rule(
        "agreement_once",
        agreement,
        existing={},
        accepted=[{"party": "metropolis"}, {"year": 2027}, {"dataset": "annual_report"}],
        refused=[{"note": "Courrier"}],
    ),
    Rule("executionproposal_proposed_pair", proposal, **pair("proposed"), seen_by_forms=False),
    Rule("executionproposal_decided_pair", proposal, **pair("decided"), seen_by_forms=False),
    Rule(
        "one_execution_proposal_waiting",
        proposal,
        existing={},
        accepted=[DECIDED],
        refused=[{"note": "Bien"}],
    ),
    Rule(
        "execution_refusal_decided",
        proposal,
        accepted=[{}, DECIDED, DECIDED | {"refusal": "Heures manquantes"}],
        refused=[{"refusal": "Heures manquantes"}],
    ),
    Rule("executioncertificate_produced_pair", certificate, **pair("produced"), seen_by_forms=False),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)


def ratios(world, **changes):
    return StatementRatios(**{"statement": world.statement, "data": {"hours": "1"}} | changes)


# (what makes a part of a paper, a change of it)
PARTS = [(file, {"sha256": "1" * 64}), (ratios, {"data": {}})]


def same(row):
    """The row, as a queryset: what is asked of it goes straight to the database."""
    return type(row).objects.filter(pk=row.pk)


@pytest.mark.parametrize(("make", "change"), PARTS)
def test_what_goes_with_a_draft_may_change(make, change):
    row = saved(make(World()))
    assert same(row).update(**change) == 1
    row.delete()


@pytest.mark.parametrize(("make", "change"), PARTS)
def test_what_goes_with_a_published_paper_is_frozen(make, change):
    """Neither changed, nor deleted, nor moved away from it or to it (trigger, A27)."""
    world = World()
    row, draft = saved(make(world)), StatementFactory(territory=world.elsewhere)
    moved = saved(make(world, statement=draft))
    published = {"state": "published", "published_at": NOW, "published_by": world.author, "snapshot": {}}
    same(world.statement).update(**published, pdf="a.pdf", sha256="0" * 64)
    for attempt in (
        lambda: same(row).update(**change),
        lambda: same(row).update(statement=draft),
        lambda: same(moved).update(statement=world.statement),
        same(row).delete,
    ):
        with refused("23R01"):
            attempt()


@pytest.mark.parametrize("make", [file, ratios])
def test_nothing_is_added_to_a_published_paper(make):
    published = StatementFactory(published=True)
    with refused("23R01"):
        make(World(), statement=published).save()


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (remark, {"text": "x"}),
        (download, {"file": "xlsx"}),
        (agreement, {"note": "x"}),
        (certificate, {"sha256": "1" * 64}),
    ],
)
def test_logs_and_attestations_only_grow(make, change):
    row = saved(make(World()))
    for attempt in (lambda: same(row).update(**change), same(row).delete):
        with refused("23R01"):
            attempt()
    assert same(row).exists()
