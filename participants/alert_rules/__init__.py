"""The rules that report by themselves, each night (C18; domain.md §5.10). What only a person can see is not here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from markets.enums import AlertCategory as A
from markets.services.alert_rules import close_gone, raise_by_rule
from participants.alert_rules import contract, pace, people, silence
from participants.alert_rules.night import Night

logger = logging.getLogger(__name__)


class RulesFailed(Exception):
    """Rules that broke; the others did their work."""


@dataclass(frozen=True)
class Rule:
    """`find(night)` gives the facts of a category. `closes`: an alert closes once its fact is gone; events never go.

    `watched_since(night)`: alerts of facts older than that day are left alone, for the rule does not look so far back.
    """

    category: A
    find: Callable
    closes: bool = True
    watched_since: Callable | None = None


RULES = (
    Rule(A.NO_JOB_SHEET, pace.no_posting),
    Rule(A.NO_FIRST_HIRE, pace.no_first_hire),
    Rule(A.MISSING_HOURS, silence.missing_hours),
    Rule(A.LATE, pace.late),
    Rule(A.NOT_VALIDATED, people.not_validated),
    Rule(A.ELIGIBILITY_ENDING, people.eligibility_ending),
    Rule(A.EARLY_END, people.early_end, closes=False),
    Rule(A.AMENDMENT, contract.new_dates, closes=False),
    Rule(A.AMENDMENT, contract.new_hours, closes=False),
    Rule(A.LIQUIDATION, contract.insolvency),
    Rule(A.OBJECTIVE_AT_RISK, pace.at_risk),
    Rule(A.OBJECTIVE_MET, pace.met),
    Rule(A.REPEATED_REFUSALS, people.repeated_refusals),
    Rule(A.LEGAL_CEILING, people.legal_ceiling, watched_since=people.first_day_watched),
    Rule(A.DUPLICATE_PERSON, people.likely_duplicates),
    Rule(A.CONVENTION_ENDING, contract.convention_ending),
)


def run_rules(*, today=None, rules=RULES):
    """Report what the rules find as of `today` (now unless said) and close what is gone. Returns (raised, closed).

    A rule that breaks is logged and does not keep the others from running; RulesFailed is raised at the end.
    """
    night, raised, closed, broken = Night(today or timezone.localdate()), 0, 0, []
    for rule in rules:
        try:
            done = _run(rule, night)
        except Exception:
            logger.exception("règle %s", rule.category)
            broken.append(rule.find.__name__)
        else:
            raised, closed = raised + done[0], closed + done[1]
    if broken:
        raise RulesFailed(", ".join(broken))
    return raised, closed


@transaction.atomic
def _run(rule, night):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    facts = rule.find(night)
    raised = raise_by_rule(facts)
    if not rule.closes:
        return len(raised), 0
    since = rule.watched_since(night) if rule.watched_since else None
    return len(raised), close_gone(rule.category.value, {fact.key for fact in facts}, since=since)
