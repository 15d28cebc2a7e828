"""Concrete tasks that beginners do on a market, by trade: public, no parameter of a calculation (C27, C32)."""

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clauses_portal.core.text import search_key

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class TaskExample:
    """A task, how much experience it asks for, and the ROME occupation it belongs to."""

    task: str
    level: str
    rome_code: str
    rome_label: str


@dataclass(frozen=True)
class TradeTasks:
    code: str
    label: str
    tasks: tuple[TaskExample, ...]


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@cache
def library():
    """Every trade with its tasks, in the order of the files."""
    occupations = {row["code"]: row["label"] for row in _rows("rome.csv")}
    tasks = {}
    for row in _rows("task_examples.csv"):
        example = TaskExample(row["task"], row["level"], row["rome"], occupations[row["rome"]])
        tasks.setdefault(row["trade"], []).append(example)
    return tuple(TradeTasks(row["code"], row["label"], tuple(tasks[row["code"]])) for row in _rows("trades.csv"))


def search(wanted=""):
    """Trades and tasks whose trade, occupation or wording holds every word of `wanted`, accents and plurals aside.

    A word is found at the beginning of a word (« sol » is not « isolant »). Everything when nothing is asked.
    """
    words = [word.removesuffix("s") or word for word in search_key(wanted).split()]
    found = ((trade, tuple(task for task in trade.tasks if _holds(trade, task, words))) for trade in library())
    return [replace(trade, tasks=tasks) for trade, tasks in found if tasks]


def _holds(trade, task, words):
    written = search_key(trade.label, task.rome_code, task.rome_label, task.task).split()
    return all(any(text.startswith(word) for text in written) for word in words)
