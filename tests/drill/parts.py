"""The parts of the drill, in the order they are run. What needs the portal is imported once its site is known."""

import importlib
import logging
import time
import traceback

from tests.drill.outcome import Outcome, timed

FAULTS = ("child", "worker", "broker", "database", "requests", "disk")
NAMES = ("races", "faults", *FAULTS, "backup", "fuzz")
DEFAULT = ("races", "faults", "backup")


def outcomes(site, asked):
    """The Outcome of each part asked, one after the other."""
    logging.disable(logging.ERROR)  # faults are told by the table, not by the thousand lines they leave
    for name in asked.names:
        yield from {"races": races, "faults": faults, "backup": backup, "fuzz": fuzz}.get(name, one_fault)(
            site, asked, name
        )


def races(site, asked, name):
    import time_machine

    from tests.drill.races import SCENARIOS

    site.stop("worker")  # it would do what the threads dispute
    for label, turn in SCENARIOS.values():
        outcome = Outcome(label)
        with time_machine.travel("2026-09-15T10:00:00+02:00"):
            yield timed(outcome, lambda turn=turn, outcome=outcome: run_turns(outcome, turn, asked.races))
    site.start("worker")


def run_turns(outcome, turn, number):
    """Run that many turns; one that breaks a rule is counted, and told."""
    for rank in range(number):
        outcome.turns += 1
        try:
            turn(rank)
        except Exception:  # whatever it is, nobody should have met it
            outcome.inconsistent += 1
            outcome.notes.append(_last_line())


def faults(site, asked, name):
    for fault in FAULTS:
        yield from one_fault(site, asked, fault)


def one_fault(site, asked, name):
    from tests.drill.faults import FAULTS as KNOWN

    act, few, many = KNOWN[name]
    turns = asked.faults or (many if asked.full else few)
    begun = time.monotonic()
    try:
        outcome = act(site, turns)
    except Exception:  # the drill goes on: what it could not do is told as a failure
        outcome = Outcome(name, turns=turns, inconsistent=1, notes=[_last_line()])
    outcome.seconds = time.monotonic() - begun
    yield outcome


def backup(site, asked, name):
    from tests.drill.backup import drill

    yield from drill(site)


def fuzz(site, asked, name):
    yield from importlib.import_module("tests.drill.fuzz").drill(asked)


def _last_line():
    return traceback.format_exc().strip().splitlines()[-1][:150]
