"""The table that `make bench` prints. « ratio » is the one the goal speaks of: see `Goal`."""

COLUMNS = (
    ("ligne", "{0.name}", 15),
    ("ratio", "{0.ratio:.2f}", 7),
    ("portail (ms)", "{0.candidate_ms:.1f}", 13),
    ("témoin (ms)", "{0.control_ms:.1f}", 12),
    ("requêtes", "{0.queries}", 9),
    ("mémoire (Mo)", "{0.peak_mb:.0f}", 13),
    ("but", "{0.goal}", 34),
)


def head():
    """The first line of the table, and a rule under it."""
    names = "  ".join(align(label, width, label) for label, _, width in COLUMNS) + "  verdict"
    return f"{names}\n{'-' * len(names)}"


def row(result):
    """One `Result` as a line of text."""
    cells = [align(label, width, pattern.format(result)) for label, pattern, width in COLUMNS]
    verdict = "PASS" if result.passed else "FAIL"
    return "  ".join([*cells, f"{verdict}  {result.note}".rstrip()])


def align(label, width, text):
    """Words to the left, figures to the right."""
    return text.ljust(width) if label in {"ligne", "but"} else text.rjust(width)
