"""The mutated requests of `make fuzz`, in a process of its own: they have their own database, and their own table."""

import re
import subprocess
import sys

from clauses_portal.embedded.state import ROOT
from tests.drill.outcome import Outcome, timed

TOTAL = re.compile(r"^total\s+(\d+)\s+\d+\s+\d+\s+\d+\s+(\d+)", re.M)


def drill(asked):
    """An Outcome: a turn is a request, inconsistent when it was answered 5xx."""
    few = [] if asked.full else ["--api", "50", "--forms", "20"]
    outcome = Outcome("demandes faussées")
    yield timed(outcome, lambda: _count(outcome, few))


def _count(outcome, options):
    command = [sys.executable, "-m", "tests.fuzz", *options]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    total = TOTAL.search(told.stdout)
    if total is None:
        outcome.turns, outcome.inconsistent = 1, 1
        outcome.notes.append("make fuzz n’a pas rendu son tableau")
        return
    outcome.turns, outcome.inconsistent = int(total[1]), int(total[2])
    if told.returncode and not outcome.inconsistent:
        outcome.inconsistent = 1
        outcome.notes.append("make fuzz a échoué")
