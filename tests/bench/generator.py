"""The invented data the bench compares on: the same rows at each run (fixed seed), every constraint respected.

The temporal key is met because the fate of each row is decided by `participants.counting.count`, as the services do.
"""

import random
from collections import defaultdict
from decimal import Decimal

from django.db import transaction

from clauses_portal.core.periods import month_range
from markets.models import Alert, Award, Company, Lot, Market, MarketTotal, ObjectiveEntry
from operations.models import Operation
from participants.counting import Terms, count
from participants.enums import HoursNature, HoursSource
from participants.models import EligibilityValidation, EmploymentContract, HoursEntry, Participant
from tests.bench.bulk import copy, remember
from tests.bench.people import Population, save_contracts, save_persons
from tests.bench.places import make_places
from tests.bench.sizes import SEED, month_at
from tests.bench.tenders import make_tenders

HOURS = (
    *("contract", "participant", "territory", "market", "lot", "starts_on", "ends_on"),
    *("declared", "counted", "rejected", "pending", "rejection_reason", "source", "version"),
    *("nature", "withheld", "withheld_reason", "correction_reason"),
)
QUARTERS_OF_HOUR = 4


@transaction.atomic
def fill(size):
    """Fill an empty, migrated database with a `Size` of data."""
    chance = random.Random(SEED)
    places = make_places(size)
    awards = make_tenders(size, places, chance)
    lives = Population(places, awards, chance).lives(size.hours)
    save_persons(lives, places.officer)
    rows = [row for job in save_contracts(lives) for row in hours_rows(*job, chance)]
    copy(HoursEntry, HOURS, rows)
    save_totals(rows)
    remember(Operation, Company, Market, Lot, Award, Alert)
    remember(Participant, EligibilityValidation, EmploymentContract, HoursEntry)


def hours_rows(contract, first, months, life, chance):
    """One row a month, in the order of `HOURS`: whole months, 20 to 150 hours by the quarter of an hour."""
    place = contract.pk, contract.participant_id, contract.territory_id, contract.market_id, contract.lot_id
    granted = life.granted_days()
    terms = Terms(contract.lot.starts_on, contract.lot.ends_on)
    for index in range(first, first + months):
        days = month_range(month_at(index))
        declared = Decimal(chance.randrange(20 * QUARTERS_OF_HOUR, 150 * QUARTERS_OF_HOUR)) / QUARTERS_OF_HOUR
        fate = count(declared=declared, starts_on=days[0], ends_on=days[1], granted=granted, terms=terms)
        fates = declared, fate.counted, fate.rejected, fate.pending, fate.reason
        yield *place, *days, *fates, HoursSource.GRID, 1, HoursNature.WORKED, Decimal(0), "", ""


def save_totals(rows):
    """`MarketTotal` by addition, as the services keep it by difference: `check_consistency` recomputes it."""
    totals = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    dues = ObjectiveEntry.objects.values_list("award__lot__market_id", "award__lot__territory_id", "hours")
    for market, territory, hours in dues:
        totals[market, territory][0] += hours
    for row in rows:
        total = totals[row[3], row[2]]
        total[1] += row[7]
        total[2] += row[8]
    MarketTotal.objects.bulk_create(
        MarketTotal(market_id=market, territory_id=territory, required=due, declared=declared, counted=counted)
        for (market, territory), (due, declared, counted) in totals.items()
    )
