"""What the file answers to each criterion, at each boundary."""

from decimal import Decimal

import pytest

from markets.enums import MarketKind, QualificationLevel
from markets.review_facts import Facts, gate, grade

WORKS, SERVICES = MarketKind.WORKS, MarketKind.SERVICES


def facts(kind=WORKS, **known):
    return Facts(kind, **known)


@pytest.mark.parametrize(
    ("code", "floor", "known", "expected"),
    [
        ("amount", 90_000, {"amount": Decimal("90000")}, True),
        ("amount", 90_000, {"amount": Decimal("89999.99")}, False),
        ("amount", 90_000, {}, None),
        ("amount", None, {"amount": Decimal("1")}, None),
        ("computed_hours", 150, {"hours": Decimal("150")}, True),
        ("computed_hours", 150, {"hours": Decimal("149.99")}, False),
        ("computed_hours", 150, {}, None),
        ("duration", 3, {"months": 3}, True),
        ("duration", 3, {"months": 2}, False),
        ("duration", 3, {"kind": SERVICES, "months": 6}, True),
        ("duration", 3, {"kind": SERVICES, "months": 5}, False),
        ("duration", 3, {}, None),
        ("staff_takeover", None, {}, True),
        ("staff_takeover", None, {"takeover": True}, False),
        ("staff_takeover", None, {"takeover": True, "takeover_hours_known": True}, True),
        ("site_security", None, {}, None),
        ("a-gate-of-the-office", 3, {"amount": Decimal("1")}, None),
    ],
)
def test_gates(code, floor, known, expected):
    assert gate(code, facts(**known), floor) is expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [("0.50", 4), ("0.4999", 3), ("0.35", 3), ("0.3499", 2), ("0.20", 2), ("0.1999", 1), ("0.10", 1), ("0.0999", 0)],
)
def test_labour_share(share, expected):
    assert grade("labour_share", facts(labour_share=Decimal(share))) == expected


@pytest.mark.parametrize(("suppliers", "expected"), [(0, 0), (1, 1), (2, 2), (10, 2), (11, 3), (30, 3), (31, 4)])
def test_inclusive_suppliers(suppliers, expected):
    """« Le marché de l’inclusion »: more than thirty, more than ten, more than one."""
    assert grade("inclusive_supply", facts(suppliers=suppliers)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, 4), (1, 3), (1606, 3), (1607, 2), (4820, 2), (4821, 1), (16_069, 1), (16_070, 0)],
)
def test_saturation(hours, expected):
    assert grade("saturation", facts(running_hours=hours)) == expected


@pytest.mark.parametrize(("weeks", "expected"), [(-3, 0), (0, 0), (1, 1), (3, 3), (4, 4), (40, 4)])
def test_calendar(weeks, expected):
    assert grade("calendar", facts(weeks_left=weeks)) == expected


@pytest.mark.parametrize(
    ("kind", "cpv", "expected"),
    [
        (WORKS, (), 4),
        (SERVICES, ("90910000",), 4),
        (SERVICES, ("77310000",), 4),
        (SERVICES, ("60130000",), 2),
        (SERVICES, ("72000000",), 1),
        (SERVICES, (), 2),
        (MarketKind.INTELLECTUAL, ("71200000",), 1),
        (MarketKind.SUPPLIES, (), 0),
        (SERVICES, ("",), 2),
    ],
)
def test_nature(kind, cpv, expected):
    assert grade("service_nature", facts(kind, cpv=cpv)) == expected


@pytest.mark.parametrize(
    ("level", "clearances", "expected"),
    [
        (QualificationLevel.LOW, False, 4),
        (QualificationLevel.LOW, True, 3),
        (QualificationLevel.MEDIUM, False, 3),
        (QualificationLevel.HIGH, False, 1),
        (QualificationLevel.HIGH, True, 0),
        ("", True, None),
    ],
)
def test_qualification(level, clearances, expected):
    assert grade("qualification", facts(qualification=level, clearances=clearances)) == expected


@pytest.mark.parametrize(
    "code", ["labour_share", "qualification", "adequacy", "inclusive_supply", "saturation", "calendar"]
)
def test_what_nobody_knows_has_no_grade(code):
    assert grade(code, facts()) is None
    assert grade("a-criterion-of-the-office", facts()) is None


def test_the_adequacy_is_the_facilitator_s():
    assert grade("adequacy", facts(adequacy=3)) == 3
