"""Corrections of months already sent, told lot by lot: what was sent does not change (C19)."""

from decimal import Decimal

from clauses_portal.core.periods import month_start
from clauses_portal.core.text import search_key
from reporting.indicators.hours import regularisations_of_period

NAMED = "Motif nominatif, conservé au dossier de la personne"
SHORTEST_NAME = 3
FIELDS = (
    *("lot__market__number", "lot__number", "starts_on", "counted", "correction_reason"),
    *("participant__last_name", "participant__birth_name", "participant__first_name"),
)


def corrections_by_lot(scope, period):
    """[{market, lot, month, counted, reasons}]: corrections booked in the period, by lot and month they correct.

    `month` is its first day, `counted` hours (±), `reasons` sentences without the name of the person. Their sum is the
    figure `hours_regularised`.
    """
    found = {}
    rows = regularisations_of_period(scope, period).order_by("starts_on", "pk").values_list(*FIELDS)
    for market, lot, day, counted, reason, *names in rows:
        line = found.setdefault((market, lot, month_start(day)), {"counted": Decimal(0), "reasons": []})
        line["counted"] += counted
        sentence = without_name(reason, names)
        if sentence not in line["reasons"]:
            line["reasons"].append(sentence)
    return [
        {"market": market, "lot": lot, "month": month, **found[market, lot, month]}
        for market, lot, month in sorted(found)
    ]


def without_name(reason, names):
    """The reason, or a neutral sentence when it says the name of the person."""
    words = set(search_key(reason).split())
    told = {word for name in names for word in search_key(name).split() if len(word) >= SHORTEST_NAME}
    return NAMED if words & told else reason
