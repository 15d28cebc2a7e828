"""Eighteen months of hours, written at once: their fate is decided by the rule every screen uses."""

from datetime import timedelta

from participants.counting import count
from participants.enums import HoursNature, HoursSource
from participants.models import HoursEntry
from participants.services.hours import terms_of_contract
from reporting.demo.calendar import at
from reporting.demo.history import create_many

# Relevés are due on the tenth of the month that follows.
DELAY = timedelta(days=9)


def write_hours(world, contracts, granted):
    """Create the hours of [(contract, stint)]; `granted`: {person id: [(first day, last day)]} of the validations."""
    rows = [
        _entry(world, contract, month, granted.get(contract.participant_id, []))
        for contract, stint in contracts
        for month in stint.months
    ]
    create_many(rows, by=world.officer)
    world.made["saisies d’heures"] += len(rows)


def _entry(world, contract, month, granted):
    first, last, declared = month
    terms = terms_of_contract(contract, HoursNature.WORKED)
    fate = count(declared=declared, starts_on=first, ends_on=last, granted=granted, terms=terms)
    entry = HoursEntry(
        contract=contract,
        participant_id=contract.participant_id,
        territory_id=contract.territory_id,
        market_id=contract.market_id,
        lot_id=contract.lot_id,
        starts_on=first,
        ends_on=last,
        declared=declared,
        counted=fate.counted,
        rejected=fate.rejected,
        pending=fate.pending,
        rejection_reason=fate.reason,
        source=HoursSource.GRID,
    )
    entry._history_date = at(min(last + DELAY, world.calendar.today))
    entry._history_user = world.facilitators[contract.lot.territory.code]
    return entry
