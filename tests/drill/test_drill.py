"""The drill's own judgement: what it would call a failure, and that it goes on when a part breaks down."""

from types import SimpleNamespace

import pytest

from tests.drill import faults, fuzz, parts
from tests.drill.outcome import LONGEST_RECOVERY, Outcome, head, row


@pytest.mark.parametrize(
    "found",
    [{"lost": 1}, {"doubled": 1}, {"inconsistent": 1}, {"recoveries": [1, LONGEST_RECOVERY + 1]}, {"turns": 0}],
)
def test_one_flaw_is_a_failure(found):
    assert Outcome("panne", turns=5, recoveries=[12.0]).passed
    assert not Outcome("panne", **{"turns": 5} | found).passed


def test_the_table_holds_its_columns():
    names, rule = head().splitlines()
    line = row(Outcome("panne", turns=5, recoveries=[1.0, 2.0, 9.5], notes=["dit"]))
    assert len(names) == len(rule)
    assert line.splitlines()[0].split()[:8] == ["panne", "5", "0", "0", "0", "2.0", "9.5", "0"]
    assert line.endswith("PASS\n    dit")


def test_a_turn_that_breaks_a_rule_is_counted_and_told():
    outcome = Outcome("course")
    parts.run_turns(outcome, lambda turn: 1 / (turn - 1), 3)
    assert (outcome.turns, outcome.inconsistent, outcome.notes) == (3, 1, ["ZeroDivisionError: division by zero"])


def test_a_fault_that_cannot_be_made_is_a_failure(monkeypatch):
    def broken(site, turns):
        raise RuntimeError("no worker takes the works")

    monkeypatch.setitem(faults.FAULTS, "child", (broken, 1, 1))
    [outcome] = parts.one_fault(None, SimpleNamespace(faults=None, full=False), "child")
    assert (outcome.passed, outcome.notes) == (False, ["RuntimeError: no worker takes the works"])


def test_every_fault_has_its_numbers():
    required = {"child": 50, "worker": 20, "broker": 10, "database": 10, "requests": 10, "disk": 5}
    assert {name: full for name, (_, _, full) in faults.FAULTS.items()} == required
    assert set(parts.FAULTS) == set(required)


def test_the_total_of_the_mutated_requests_is_read():
    table = "demandes faussées    envoyées     2xx     3xx     4xx   5xx\ntotal   2100   10   20   2067   3\n"
    total = fuzz.TOTAL.search(table)
    assert (total[1], total[2]) == ("2100", "3")
