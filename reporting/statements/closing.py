"""The data of the closing report of a market, frozen as JSON: hours are texts with two decimals, dates ISO (C20).

Contents: domain.md §9.10. Every figure is an indicator over the life of the market. No amount, no rate, no name of a
person can enter: no query here reads them, and the reasons typed in the ledger stay there.
"""

from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core import french
from markets.enums import AwardRole
from participants.enums import ExitHorizon
from reporting.indicators import activity, closing, contracts, exits, hours, people, progress
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.scope import Scope
from reporting.statements import closing_companies
from reporting.statements.closing_readiness import missing_from
from reporting.statements.parts import alert_row, convention_reference, funding_period, hours_rows, rate, text

SCHEMA = 1
TEXTS = ("difficulties", "satisfaction", "good_practice", "opinion", "comments")


def build_closing(statement, *, dated_on):
    """Return the whole content of a closing report as plain JSON data."""
    scope, period = Scope.of(statement), statement.period
    families = closing_companies.families_of(statement.market)
    return {
        "schema": SCHEMA,
        "number": statement.number,
        "period": str(period),
        "starts_on": period.start.isoformat(),
        "ends_on": period.end.isoformat(),
        "subject": statement.subject,
        "version": statement.version,
        "version_reason": statement.version_reason,
        "dated_on": dated_on.isoformat(),
        "convention": convention_reference(statement, period),
        "funding_period": funding_period(scope.lots(), dated_on),
        "market": identification(statement.market),
        "lots": [lot_row(lot) for lot in lots_of(scope)],
        "objective": objective(scope, period),
        "hours": hours_done(scope, period),
        "companies": company_rows(families, scope, period),
        "people": persons(scope, period),
        "contracts": contracts_used(scope, period),
        "exits": [exits_at(horizon, scope, period) for horizon in ExitHorizon],
        "alerts": alerts(scope, period),
        "penalties": pairs(split(closing.PENALTIES_BY_OUTCOME, scope, period)),
        "missing": missing_from(statement),
        "for_companies": closing_companies.build_all(families, period),
        **{name: getattr(statement, name) for name in TEXTS},
    }


def pairs(rows):
    """[[label, number]] from the pairs of `split`."""
    return [list(row) for row in rows]


def identification(market):
    """What the market is; no amount."""
    operation = market.operation
    return {
        "number": market.number,
        "title": market.title,
        "kind": market.get_kind_display(),
        "operation": str(operation) if operation else "",
        "directorate": str(operation.directorate) if operation else "",
        "notified_on": iso(market.notified_on),
    }


def iso(day):
    return day.isoformat() if day else None


def lots_of(scope):
    return scope.lots().select_related("territory").order_by("pk")


def lot_row(lot):
    return {
        "lot": f"Lot {lot.number} – {lot.title}",
        "territory": lot.territory.name,
        "state": lot.get_state_display(),
        "starts_on": iso(lot.starts_on),
        "ends_on": iso(lot.ends_on),
    }


def objective(scope, period):
    """The hours due, what made them, and each line of the ledger without its reason."""
    lines = hours.objectives_to_date(scope, period)
    lines = lines.select_related("award__company", "award__lot", "opening_balance")
    return {
        "due": text(value_of(hours.DUE, scope, period)),
        "neutralised": text(value_of(closing.NEUTRALISED, scope, period)),
        "taken_over": text(value_of(hours.BEFORE_THE_PORTAL, scope, period)),
        "by_kind": hours_rows(split(closing.DUE_BY_KIND, scope, period)),
        "lines": [
            {
                "day": line.effective_on.isoformat(),
                "lot": line.award.lot.number,
                "company": str(line.award.company),
                "kind": line.get_kind_display(),
                "hours": text(line.hours),
                "detail": opening_detail(line),
            }
            for line in lines.order_by("effective_on", "pk")
        ],
    }


def opening_detail(line):
    """What is told of an opening balance: « 12 personnes, jusqu’au 30/06/2026 »; « » for any other line."""
    opening = getattr(line, "opening_balance", None)
    if opening is None:
        return ""
    plural = "s" if opening.persons > 1 else ""
    return f"{opening.persons} personne{plural}, jusqu’au {french.date(opening.until)}"


def hours_done(scope, period):
    """Hours of the market in their fates, and told by modality, company, year and reason."""
    figures = (hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING, hours.TRAINING, hours.REGULARISED)
    values = compute(figures, scope, period)
    return {
        **{code.removeprefix("hours_"): text(value) for code, value in values.items()},
        "done": rate(value_of(hours.DONE_SHARE, scope, period)),
        "by_modality": hours_rows(split(hours.BY_MODALITY, scope, period)),
        "by_company": hours_rows(split(hours.BY_COMPANY, scope, period)),
        "by_year": hours_rows(split(hours.BY_YEAR, scope, period)),
        "by_reason": hours_rows(split(hours.BY_REASON, scope, period)),
        "per_person": {
            code.removeprefix("hours_per_person_"): text(value)
            for code, value in compute(closing.HOURS_PER_PERSON, scope, period).items()
        },
    }


def company_rows(families, scope, period):
    """One row per company that answers for hours on a lot, its subcontractors' hours in its own.

    `done` is the real share (%), above 100 where the company did more; `capped` stops at 100, which is what the
    contract asks (domain.md §12 n° 34).
    """
    counted, due = hours.counted_by_award(scope, period), hours.due_by_award(scope, period)
    return [
        company_row(award, due.get(award.pk), sum(counted[pk][1] for pk in members if pk in counted))
        for family in families
        for award, members in family.awards
    ]


def company_row(award, due, counted):
    done = percentage(counted, due)
    return {
        "lot": f"Lot {award.lot.number}",
        "company": str(award.company),
        "role": AwardRole(award.role).label,
        "due": text(due),
        "counted": text(counted),
        "within": text(min(Decimal(counted), Decimal(due or 0))),
        "done": rate(done),
        "capped": rate(progress.capped(done)),
    }


def capped_share(rows):
    """Share (%) of the objective of the market that is done, no company making up for another."""
    return percentage(
        sum((Decimal(row["within"]) for row in rows), Decimal(0)),
        sum((Decimal(row["due"] or 0) for row in rows), Decimal(0)),
    )


def persons(scope, period):
    """Persons hired and who they were at entry; each counts once."""
    figures = (*people.PROFILE, closing.RSA_HERE, closing.OUTSIDE, closing.TAKEN_OVER, people.AT_WORK)
    profile = compute(figures, scope, period)
    breakdowns = {
        "communes": people.BY_COMMUNE,
        "homes": people.BY_HOME,
        "sexes": people.BY_SEX,
        "ages": people.BY_AGE,
        "levels": people.BY_LEVEL,
        "categories": people.BY_CATEGORY,
    }
    return {code.removeprefix("persons_"): value for code, value in profile.items()} | {
        name: pairs(split(breakdown, scope, period)) for name, breakdown in breakdowns.items()
    }


def contracts_used(scope, period):
    """Contracts by type: [type, number, mean length in days of those that are over or None]."""
    lengths = dict(split(closing.LENGTH_BY_TYPE, scope, period))
    figures = compute((contracts.STARTED, contracts.ENDED, contracts.GOING_ON, contracts.MEAN_LENGTH), scope, period)
    return {
        "started": figures["contracts_started"],
        "ended": figures["contracts_ended"],
        "going_on": figures["contracts_going_on"],
        "mean_length": whole_days(figures["contracts_mean_length"]),
        "by_type": [
            [label, number, whole_days(lengths.get(label))]
            for label, number in split(contracts.STARTED_BY_TYPE, scope, period)
        ],
        "by_reason": pairs(split(contracts.ENDED_BY_REASON, scope, period)),
    }


def whole_days(length):
    return None if length is None else int(Decimal(length).quantize(Decimal(1), ROUND_HALF_UP))


def exits_at(horizon, scope, period):
    """Situations at one horizon: known and unknown, rates on those known and on all (domain.md §12 n° 37)."""
    figures = exits.BY_HORIZON[horizon]
    names = [name for name in figures if name != "by_situation"]
    values = compute([figures[name] for name in names], scope, period)
    found = {name: values[figures[name].code] for name in names}
    for name in ("unknown_share", "rate_known", "rate_all"):
        found[name] = rate(found[name])
    return found | {"label": horizon.label, "situations": pairs(split(figures["by_situation"], scope, period))}


def alerts(scope, period):
    """How many, by category, and those still open, one by one."""
    figures = compute((activity.ALERTS_RAISED, activity.ALERTS_CLOSED, activity.ALERTS_OPEN), scope, period)
    still = activity.alerts_open(scope, period).select_related("lot__market").order_by("raised_on", "pk")
    return {
        "raised": figures["alerts_raised"],
        "closed": figures["alerts_closed"],
        "open": figures["alerts_open"],
        "by_category": pairs(split(closing.ALERTS_BY_CATEGORY, scope, period)),
        "still_open": [alert_row(alert, period) for alert in still.distinct()],
    }
