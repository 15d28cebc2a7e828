"""Which persons meet a difficulty: the demonstration shows what the rules do, not only what goes well."""

from dataclasses import dataclass
from enum import Enum

from participants.models import Participant
from reporting.demo.work_plan import Stint


class Case(Enum):
    """What happened to the validation of a person at work."""

    PLAIN = "validated before the first hour"
    AWAITING = "at work, not yet validated"
    MID_MONTH = "validated in the middle of a month"
    REVOKED = "validated, then revoked"
    EXPIRED = "validation over before the contract"
    REFUSED = "at work, then refused"
    LATE = "first months before the validation"


# How many for 225 persons at work, the hardest to place first.
QUOTAS = {
    Case.AWAITING: 3,
    Case.MID_MONTH: 3,
    Case.REVOKED: 2,
    Case.EXPIRED: 2,
    Case.REFUSED: 2,
    Case.LATE: 8,
}
FULL_SIZE = 225


@dataclass
class Worker:
    """A person, why she is eligible, and her stints in order; `case` says how her validation went."""

    person: Participant
    category: str
    stints: list[Stint]
    case: Case = Case.PLAIN

    @property
    def first(self):
        return self.stints[0]


def assign_cases(world, workers):
    """Give a case to a few workers, on different lots as far as possible, and never on a lot it would ruin."""
    sizes = {}
    for worker in workers:
        for stint in worker.stints:
            sizes[stint.site.key] = sizes.get(stint.site.key, 0) + 1
    candidates = [worker for worker in workers if _may_lose_hours(worker, sizes)]
    world.dice.shuffle(candidates)
    used = set()
    for case, quota in QUOTAS.items():
        fitting = [worker for worker in candidates if worker.case == Case.PLAIN and _fits(world, worker, case)]
        fitting.sort(key=lambda worker: worker.first.site.key in used)
        for worker in fitting[: max(1, round(quota * len(workers) / FULL_SIZE))]:
            worker.case = case
            used.add(worker.first.site.key)


def _may_lose_hours(worker, sizes):
    site = worker.first.site
    return len(worker.stints) == 1 and sizes[site.key] >= 4 and int(site.line["share"]) >= 40


def _fits(world, worker, case):
    stint = worker.first
    recent = stint.starts_on >= world.calendar.open_from
    if case in {Case.AWAITING, Case.REVOKED}:
        return recent
    if case == Case.MID_MONTH:
        first, last, _ = stint.months[0]
        return recent and len(stint.months) >= 2 and (last - first).days >= 12
    if case == Case.REFUSED:
        return len(stint.months) <= 3
    return len(stint.months) >= (3 if case == Case.LATE else 4)
