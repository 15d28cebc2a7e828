"""The control of `stmt-territory`: what counts, decided again from the validations at each reading.

One query for each figure, as the indicators do; each joins the hours of the territory to the granted validations
of their persons (the index of the temporal key serves it) and applies the rule of `participants.counting`.
"""

from decimal import Decimal

LIVE = """
WITH judged AS (
    SELECT hours.*, COALESCE(covered.days, 0) AS covered, ends_on - starts_on + 1 AS days
    FROM participants_hoursentry hours
    LEFT JOIN LATERAL (
        SELECT sum(upper(valid.granted_period * hours.period) - lower(valid.granted_period * hours.period)) AS days
        FROM participants_eligibilityvalidation valid
        WHERE valid.participant_id = hours.participant_id AND valid.granted_period && hours.period
    ) covered ON true
    WHERE territory_id = %(territory)s AND month BETWEEN %(first)s AND %(last)s
),
live AS (
    SELECT *,
        CASE WHEN covered = days THEN declared ELSE 0 END AS live_counted,
        CASE WHEN covered = 0 THEN declared ELSE 0 END AS live_rejected,
        CASE WHEN covered > 0 AND covered < days THEN declared ELSE 0 END AS live_pending
    FROM judged
)
"""
FATES = "SELECT sum(declared), sum(live_counted), sum(live_rejected), sum(live_pending) FROM live"
TO_DATE = "SELECT sum(live_counted) FROM live"
REJECTED = "SELECT sum(live_rejected) FROM live HAVING sum(live_rejected) > 0"
MONTHS = "SELECT month, sum(live_counted) FROM live GROUP BY month"
AWARDS = """
SELECT award_id, COALESCE(sum(live_counted) FILTER (WHERE month >= %(quarter)s), 0), sum(live_counted)
FROM live JOIN participants_employmentcontract contract ON contract.id = contract_id GROUP BY award_id
"""
AT_WORK = "SELECT count(DISTINCT participant_id) FROM live WHERE live_counted > 0"
EVER = "2000-01-01"


def live_figures(cursor, territory, quarter):
    """The six figures of `territory_line`, in the same shape as the indicators give them."""

    def ask(query, first):
        values = {"territory": territory, "first": first, "last": quarter.months[-1], "quarter": quarter.start}
        cursor.execute(LIVE + query, values)
        return cursor.fetchall()

    (fates,) = ask(FATES, quarter.start)
    months = dict(ask(MONTHS, quarter.previous.previous.previous.start))
    return {
        "fates": dict(zip(("declared", "counted", "rejected", "pending"), fates, strict=True)),
        "to_date": ask(TO_DATE, EVER)[0][0],
        "rejected": [total for (total,) in ask(REJECTED, quarter.start)],
        "months": {month: months.get(month, Decimal(0)) for month in twelve_months(quarter)},
        "awards": {award: (during, to_date) for award, during, to_date in ask(AWARDS, EVER)},
        "at_work": ask(AT_WORK, quarter.start)[0][0],
    }


def twelve_months(quarter):
    second = quarter.previous.previous
    return [month for one in (second.previous, second, quarter.previous, quarter) for month in one.months]
