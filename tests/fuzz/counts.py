"""What was sent and what came back, and the table of `make fuzz`."""

import traceback
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.db import transaction

HERE = str(Path(__file__).parent.parent.parent)
ANSWERS = defaultdict(Counter)  # {what was asked: {"2xx": how many…}}
FAULTS = Counter()  # {what broke, and where: how many times}
ANSWERED = []  # who is told at once of what broke


def answer(named, send):
    """Send, undo, count; return « what broke » when it was a 5xx, an exception or a page that tells the inside."""
    with transaction.atomic():
        told = _status(send)
        transaction.set_rollback(True)
    ANSWERS[named][told if isinstance(told, str) and len(told) == 3 else "5xx"] += 1
    if told in {"2xx", "3xx", "4xx"}:
        return None
    fault = f"{named}: {told}"
    FAULTS[fault] += 1
    for tell in ANSWERED:
        tell(fault)
    return fault


def _status(send):
    try:
        response = send()
        if response.streaming:
            b"".join(response.streaming_content)
    except (Exception, pytest.fail.Exception) as error:
        return _where(error)
    return f"{response.status_code // 100}xx" if response.status_code < 500 else f"status {response.status_code}"


def _where(error):
    """The exception, and the last line of ours it went through."""
    ours = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.startswith(HERE)]
    ours = [step for step in ours if ".venv" not in step.filename and "/tests/" not in step.filename] or ours[-1:]
    place = f"{Path(ours[-1].filename).relative_to(HERE)}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {place}: {str(error)[:120]!r}"


def table():
    """One line for each thing asked, then the total."""
    lines = [f"{'demandes faussées':<48}{'envoyées':>9}{'2xx':>8}{'3xx':>8}{'4xx':>8}{'5xx':>6}"]
    whole = Counter()
    for named, found in sorted(ANSWERS.items()):
        lines.append(_line(named, found))
        whole += found
    broken = [f"{times:>6} × {fault}" for fault, times in FAULTS.most_common()]
    return "\n".join([*lines, _line("total", whole), *broken])


def _line(named, found):
    told = "".join(f"{found[kind]:>{width}}" for kind, width in (("2xx", 8), ("3xx", 8), ("4xx", 8), ("5xx", 6)))
    return f"{named:<48}{sum(found.values()):>9}{told}"
