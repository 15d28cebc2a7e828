"""Does the work follow its time? Postings, first hire, hours against the linear pace (domain.md §5.10, §12 n° 33)."""

from datetime import timedelta
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.periods import Quarter
from markets.alert_facts import Fact
from markets.enums import AlertCategory as A
from markets.enums import AlertSeverity as S
from participants.alert_rules.night import grid_of_lot, lasting_keys, page_of_lot


def no_posting(night):
    """A01: neither a job posting nor a hire so many days after the notification."""
    delay = timedelta(days=night.threshold("posting_days"))
    return [
        Fact(
            key=f"{A.NO_JOB_SHEET}:{work.award_id}",
            category=A.NO_JOB_SHEET,
            severity=S.WATCH,
            description=f"Aucune fiche de poste reçue, marché notifié le {french.date(work.notified_on)}.",
            path=page_of_lot(work.lot_id),
            due_on=night.answer_by,
            **work.place,
        )
        for work in night.works
        if work.notified_on
        and work.notified_on + delay < night.today
        and not work.has_posting
        and not work.has_contract
    ]


def no_first_hire(night):
    """A02: nobody hired yet when this share of the time is over."""
    share = _share(night, "first_hire_percent")
    return [
        Fact(
            key=f"{A.NO_FIRST_HIRE}:{work.award_id}",
            category=A.NO_FIRST_HIRE,
            severity=S.WATCH,
            description=f"Aucun recrutement à {french.percent(elapsed * 100)} du délai.",
            path=page_of_lot(work.lot_id),
            due_on=night.answer_by,
            **work.place,
        )
        for work, elapsed in _with_elapsed(night)
        if elapsed >= share and not work.has_contract
    ]


def late(night):
    """A04: hours counted more than so many points (%) below the linear pace, over the window of the company."""
    margin = _share(night, "late_points")
    behind = [(work, elapsed) for work, elapsed in _with_elapsed(night) if work.done < elapsed - margin]
    keys = lasting_keys(A.LATE, [work.award_id for work, _ in behind], Quarter.of(night.today))
    return [
        Fact(
            key=keys[work.award_id],
            category=A.LATE,
            severity=S.WATCH,
            description=f"{_counted(work)} pour {french.percent(elapsed * 100)} du délai écoulé.",
            path=grid_of_lot(work.lot_id),
            due_on=night.answer_by,
            **work.place,
        )
        for work, elapsed in behind
    ]


def at_risk(night):
    """A15: from this share of the time on, less than that share of it is done (75 % of the time, then 80 % of it)."""
    time, pace = _share(night, "risk_percent"), _share(night, "risk_pace_percent")
    return [
        Fact(
            key=f"{A.OBJECTIVE_AT_RISK}:{work.award_id}",
            category=A.OBJECTIVE_AT_RISK,
            severity=S.CRITICAL,
            description=f"Objectif menacé : {_counted(work)} à {french.percent(elapsed * 100)} du délai.",
            path=grid_of_lot(work.lot_id),
            due_on=night.answer_by,
            **work.place,
        )
        for work, elapsed in _with_elapsed(night)
        if elapsed >= time and work.done < time * pace
    ]


def met(night):
    """A16: every hour due is counted. A new objective (avenant…) may be met in its turn."""
    return [
        Fact(
            key=f"{A.OBJECTIVE_MET}:{work.award_id}:{work.due}",
            category=A.OBJECTIVE_MET,
            severity=S.INFO,
            description=f"Objectif atteint : {_counted(work)}.",
            path=grid_of_lot(work.lot_id),
            **work.place,
        )
        for work in night.works
        if work.counted >= work.due
    ]


def _with_elapsed(night):
    """[(Work, share of its time elapsed)], works without dates left aside."""
    pairs = [(work, work.elapsed(night.today)) for work in night.works]
    return [(work, elapsed) for work, elapsed in pairs if elapsed is not None]


def _share(night, name):
    return Decimal(night.threshold(name)) / 100


def _counted(work):
    share = french.percent(work.done * 100)
    return f"{french.hours(work.counted)} comptabilisées sur {french.hours(work.due)} ({share})"
