"""What the database holds about declared months, imported statements and their lines."""

from datetime import date
from decimal import Decimal

import pytest

from participants.enums import DeclarationState
from participants.models import DeclarationLine, HoursImport, ImportedLine, MonthlyDeclaration, StatementMapping
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import NOW, World, pair, the

pytestmark = pytest.mark.django_db

MONTH = date(2026, 8, 1)
DIGEST = "0" * 64


def declaration(world, **changes):
    return MonthlyDeclaration(**{"company": world.company, "month": MONTH, "signatory": "Camille Paie"} | changes)


def the_declaration(world):
    if "declaration" not in world.__dict__:
        world.declaration = declaration(world)
        world.declaration.save()
    return world.declaration


def line(world, **changes):
    fields = {"declaration": the_declaration(world), "contract": world.contract, "territory": world.territory}
    return DeclarationLine(**fields | {"hours": Decimal(7)} | changes)


def run(world, **changes):
    fields = {"territory": world.territory, "company": world.company, "file_name": "a.csv", "content": b"a"}
    fields |= {"sha256": DIGEST, "mapping": {"month": ""}, "asked_at": NOW, "asked_by": world.author}
    return HoursImport(**fields | changes)


def the_run(world):
    if "run" not in world.__dict__:
        world.run = run(world)
        world.run.save()
    return world.run


def imported(world, **changes):
    return ImportedLine(**{"source": the_run(world), "row": 2, "outcome": "ready"} | changes)


def mapping(world, **changes):
    return StatementMapping(**{"company": world.company, "signature": DIGEST, "mapping": {"hours": 1}} | changes)


S = DeclarationState
CHECKED = {"checked_at": NOW, "checked_by": the("author")}
KEPT = CHECKED | {"kept_hours": Decimal(7)}
WHY = {"answer": "Congé."}
RULES = [
    Rule("declaration_of_a_month", declaration, refused=[{"month": date(2026, 8, 2)}]),
    Rule("line_once", line, existing={}, accepted=[{"nature": "training"}], refused=[{}]),
    Rule(
        "line_hours_credible",
        line,
        accepted=[{"hours": Decimal(0)}, {"hours": Decimal(300)}],
        refused=[{"hours": Decimal("-0.01")}, {"hours": Decimal("300.01")}],
    ),
    Rule(
        "declarationline_checked_pair",
        line,
        accepted=[{"state": S.ACCEPTED} | KEPT, {}],
        refused=[{"state": S.ACCEPTED} | KEPT | {"checked_by": None}],
        seen_by_forms=False,
    ),
    Rule(
        "line_checked_whole",
        line,
        accepted=[
            {},
            {"state": S.REPLACED},
            {"state": S.ACCEPTED} | KEPT,
            {"state": S.CORRECTED} | KEPT | WHY,
            {"state": S.REFUSED} | CHECKED | WHY,
        ],
        refused=[
            KEPT,
            {"state": S.REPLACED} | KEPT,
            {"state": S.ACCEPTED} | CHECKED,
            {"state": S.CORRECTED} | KEPT,
            {"state": S.REFUSED} | CHECKED,
            {"state": S.REFUSED} | KEPT | WHY,
        ],
    ),
    Rule("hoursimport_asked_pair", run, refused=pair("asked")["refused"], seen_by_forms=False),
    Rule(
        "hours_file_once",
        run,
        existing={"recorded_on": NOW},
        accepted=[{}, {"recorded_on": NOW, "sha256": "1" * 64}, {"recorded_on": NOW, "territory": the("elsewhere")}],
        refused=[{"recorded_on": NOW}],
    ),
    Rule(
        "imported_line_once",
        imported,
        existing={},
        accepted=[{"row": 3}, {"contract": the("contract")}],
        refused=[{}, {"contract": None}],
    ),
    Rule("statement_mapping_once", mapping, existing={}, accepted=[{"signature": "1" * 64}], refused=[{}]),
]


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
