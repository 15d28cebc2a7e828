"""The data of the annual report, frozen as JSON (C29; domain.md §9.12): a year and the one before, side by side.

Hours are texts with two decimals, shares texts to the tenth, dates ISO. No amount, no rate, no name of a person: what
is told in euros is in `annual_ratios`, a table of its own (C27).
"""

from participants.enums import ExitHorizon
from reporting.indicators import activity, contracts, exits, hours, markets, national, people
from reporting.indicators.closing import PENALTIES_BY_OUTCOME
from reporting.indicators.definition import compute, split
from reporting.indicators.scope import Scope
from reporting.statements.annual_groups import groups_of
from reporting.statements.figures import Part, compared, compared_split, definition_of, plain
from reporting.statements.parts import convention_reference, funding_period, structure_id

SCHEMA = 1
EXIT_NAMES = ("due", "known", "unknown", "unknown_share", "lasting", "positive", "rate_known", "rate_all")


PARTS = (
    Part(
        "Marchés et heures",
        (
            *(national.OPERATIONS, national.NPNRU, markets.MARKETS, markets.LOTS, markets.COMPANIES, markets.SIAE),
            *(national.ENGAGED, hours.DUE, hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING),
            *(hours.TRAINING, hours.REGULARISED, hours.COUNTED_TO_DATE, hours.DONE_SHARE),
        ),
        (hours.BY_MODALITY, hours.BY_REASON),
    ),
    Part(
        "Personnes",
        (
            *people.PROFILE,
            *(people.WOMEN_SHARE, people.RSA_SHARE, people.QPV_SHARE),
            *(people.AT_WORK, people.IN_POST, national.VALIDATIONS),
        ),
        (people.BY_AGE, people.BY_LEVEL, people.BY_CATEGORY, national.BY_SITUATION, people.BY_HOME),
    ),
    Part(
        "Contrats",
        (contracts.STARTED, contracts.RUNNING, contracts.ENDED, contracts.GOING_ON, contracts.MEAN_LENGTH),
        (contracts.STARTED_BY_TYPE, national.STARTED_BY_LENGTH, contracts.ENDED_BY_REASON),
    ),
    Part(
        "Situations à l’issue des parcours",
        tuple(exits.BY_HORIZON[horizon][name] for horizon in ExitHorizon for name in EXIT_NAMES),
        tuple(exits.BY_HORIZON[horizon]["by_situation"] for horizon in ExitHorizon),
    ),
    Part(
        "Achats responsables (PNAD, SPASER)",
        (markets.NOTIFIED, markets.CONSIDERATE, markets.CONSIDERATE_SHARE),
        (national.BY_CONSIDERATION, markets.BY_KIND, national.CONSIDERATE_BY_KIND),
    ),
    Part(
        "Manquements et pénalités",
        (national.PENALTIES_FOUND, national.PENALTIES_DECIDED),
        (PENALTIES_BY_OUTCOME,),
    ),
    Part(
        "Activité des facilitateurs",
        (
            *(activity.POSTINGS, activity.POSITIONS, activity.PROPOSED, activity.RECRUITED, activity.REFUSED),
            *(activity.MEETINGS, activity.PARTNERS),
            *(activity.ALERTS_RAISED, activity.ALERTS_CLOSED, activity.ALERTS_OPEN),
        ),
        (activity.REFUSALS,),
    ),
)
TEXTS = ("comments", "outlook", "difficulties", "good_practice")


def build_annual(statement, *, dated_on):
    """Return the whole content of an annual report as plain JSON data; its period is a Year or a TwelveMonths."""
    scope, period = Scope.of(statement), statement.period
    return {
        "schema": SCHEMA,
        "number": statement.number,
        "period": str(period),
        "period_label": period.label,
        "previous_label": period.previous.label,
        "starts_on": period.start.isoformat(),
        "ends_on": period.end.isoformat(),
        "subject": statement.subject,
        "version": statement.version,
        "dated_on": dated_on.isoformat(),
        "convention": convention_reference(statement, period),
        "structure": structure_id(statement, dated_on),
        "funding_period": funding_period(scope.lots(), dated_on),
        "parts": parts_of(scope, period),
        "groups": groups_of(scope, period),
        "months": [
            [month.isoformat(), plain(total, hours.COUNTED.unit)]
            for month, total in hours.counted_by_month(scope, period)
        ],
        "definitions": [definition_of(figure) for part in PARTS for figure in (*part.figures, *part.breakdowns)],
        **{name: getattr(statement, name) for name in TEXTS},
    }


def parts_of(scope, period):
    """[{title, rows, tables}]: every figure of the year and of the year before, computed in two passes."""
    figures = [figure for part in PARTS for figure in part.figures]
    now, before = compute(figures, scope, period), compute(figures, scope, period.previous)
    return [
        {
            "title": part.title,
            "rows": [compared(figure, now[figure.code], before[figure.code]) for figure in part.figures],
            "tables": [
                compared_split(table, split(table, scope, period), split(table, scope, period.previous))
                for table in part.breakdowns
            ],
        }
        for part in PARTS
    ]
