"""What a line of the drill found, and the table that is printed."""

import time
from dataclasses import dataclass, field
from statistics import median

# Seconds within which everything must be done again (security.md §4.7).
LONGEST_RECOVERY = 180


@dataclass
class Outcome:
    """`turns` of a scenario: how many inconsistent, lost, doubled; seconds from each fault to the work done."""

    name: str
    turns: int = 0
    inconsistent: int = 0
    lost: int = 0
    doubled: int = 0
    recoveries: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self):
        slowest = max(self.recoveries, default=0)
        return self.turns > 0 and not (self.inconsistent or self.lost or self.doubled) and slowest <= LONGEST_RECOVERY


COLUMNS = (
    ("scénario", lambda o: o.name, 44),
    ("tours", lambda o: o.turns, 6),
    ("incohérences", lambda o: o.inconsistent, 12),
    ("perdus", lambda o: o.lost, 6),
    ("doublés", lambda o: o.doubled, 7),
    ("retour médian (s)", lambda o: f"{median(o.recoveries):.1f}" if o.recoveries else "–", 17),
    ("retour le plus long (s)", lambda o: f"{max(o.recoveries):.1f}" if o.recoveries else "–", 23),
    ("durée (s)", lambda o: f"{o.seconds:.0f}", 9),
)


def head():
    """The first lines of the table."""
    names = "  ".join(_align(label, width, label) for label, _, width in COLUMNS) + "  verdict"
    return f"{names}\n{'-' * len(names)}"


def row(outcome):
    """An Outcome as a line of text, what it has to say under it."""
    cells = [_align(label, width, str(read(outcome))) for label, read, width in COLUMNS]
    line = "  ".join([*cells, "PASS" if outcome.passed else "FAIL"])
    return "\n".join([line, *(f"    {note}" for note in outcome.notes[:5])])


def timed(outcome, action):
    """Run `action()`, and put its duration (s) on the outcome."""
    begun = time.monotonic()
    try:
        action()
    finally:
        outcome.seconds += time.monotonic() - begun
    return outcome


def _align(label, width, text):
    return text.ljust(width) if label == "scénario" else text.rjust(width)
