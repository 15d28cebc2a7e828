"""How two ways of doing the same thing are compared: in rounds, side by side, by the median of their ratios.

Milliseconds depend on the machine and on its neighbours; a ratio taken within one round hardly does. Each round
runs the candidate and the control one after the other, in an order drawn anew, after a round that is not counted.
"""

import gc
import random
import resource
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import eq

from django.db import connection

FEWEST_ROUNDS = 7


@dataclass(frozen=True)
class Goal:
    """A ratio not to pass: time of the candidate ÷ control `at_most`, or control ÷ candidate `at_least`."""

    at_most: float | None = None
    at_least: float | None = None

    def ratio(self, candidate, control):
        return control / candidate if self.at_least else candidate / control

    def is_met(self, ratio):
        return ratio >= self.at_least if self.at_least else ratio <= self.at_most

    def __str__(self):
        return f"≥ {self.at_least:g} × plus vite" if self.at_least else f"≤ {self.at_most:g} × le témoin"


@dataclass(frozen=True)
class Line:
    """What is compared, each given what `prepare` returns. `prepare(side)` comes before each, its time not counted.

    `same(candidate's answer, control's answer)` is checked first: two different answers are not worth a ratio.
    """

    name: str
    candidate: Callable
    control: Callable
    goal: Goal
    prepare: Callable = lambda side: None
    same: Callable = eq
    rounds: int = 15
    most_queries: int | None = None
    note: Callable = lambda queries: ""


@dataclass(frozen=True)
class Result:
    """A line measured: ratio, medians (ms), queries of the candidate, peak memory of its process (MB)."""

    name: str
    ratio: float
    candidate_ms: float
    control_ms: float
    queries: int
    peak_mb: float
    goal: str
    passed: bool
    note: str


@dataclass
class Timings:
    candidate: list = field(default_factory=list)
    control: list = field(default_factory=list)


def measure(line):
    """Run a `Line`; return its `Result`. Raises AssertionError when the two answers differ."""
    queries = check_and_count(line)
    timings = Timings()
    order = ["candidate", "control"]
    for number in range(max(line.rounds, FEWEST_ROUNDS) + 1):
        random.shuffle(order)
        times = {name: timed(getattr(line, name), line.prepare(name)) for name in order}
        if number:  # the first round warms up
            timings.candidate.append(times["candidate"])
            timings.control.append(times["control"])
    return result_of(line, timings, queries)


def check_and_count(line):
    """Check that both give the same answer; return the number of queries of the candidate."""
    control = line.control(line.prepare("control"))
    given = line.prepare("candidate")
    with counted_queries() as sent:
        candidate = line.candidate(given)
    if not line.same(candidate, control):
        raise AssertionError(f"{line.name}: the candidate and the control do not give the same answer")
    return len(sent)


@contextmanager
def counted_queries():
    """The list of the statements sent meanwhile, savepoints included."""
    sent = []

    def record(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield sent


def timed(action, given):
    """Milliseconds of `action(given)`, garbage collected beforehand."""
    gc.collect()
    begun = time.perf_counter()
    action(given)
    return (time.perf_counter() - begun) * 1000


def result_of(line, timings, queries):
    pairs = zip(timings.candidate, timings.control, strict=True)
    ratio = statistics.median(line.goal.ratio(*pair) for pair in pairs)
    enough = line.most_queries is None or queries <= line.most_queries
    goal = str(line.goal) + (f", {line.most_queries} requêtes" if line.most_queries else "")
    return Result(
        name=line.name,
        ratio=ratio,
        candidate_ms=statistics.median(timings.candidate),
        control_ms=statistics.median(timings.control),
        queries=queries,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        goal=goal,
        passed=line.goal.is_met(ratio) and enough,
        note=line.note(queries),
    )
