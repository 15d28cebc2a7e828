"""Training before hire: what a market accepts of it is a share of the objective of each award (domain.md §4.4).

The share goes to what was sent and corrected first, then to the open months in the order of their days: whatever the
order in which hours are typed, decided or recounted, the same hours count.
"""

from django.db.models import Q, Sum

from clauses_portal.core.periods import Quarter
from clauses_portal.core.services import lock
from markets.models import Award
from participants.counting import ZERO, prehire_budget
from participants.enums import ContractType
from participants.models import HoursEntry
from participants.services.hours.fates import READ_WITH, fate_of, granted_by_person, rule_of_contract
from participants.services.hours.months import closed_quarters, is_frozen
from participants.services.hours.writing import revise


def is_capped(contract):
    """Do hours of this contract share a budget with others?"""
    return (
        contract.contract_type == ContractType.PREHIRE_TRAINING and rule_of_contract(contract).prehire_training_cap > 0
    )


def lock_budgets(contracts):
    """Who shares the budget of one of these contracts waits. Before any of their entries is read."""
    for award_id in sorted({contract.award_id for contract in contracts if is_capped(contract)}):
        lock(Award.objects, award_id)


def allowance_of(entry):
    """Hours that may still count for this entry (h), saved or not; None when nothing limits them.

    The budget is locked by the caller.
    """
    if not is_capped(entry.contract):
        return None
    used = _first_served(entry.contract).exclude(pk=entry.pk)
    if not entry.booked_in:
        earlier = Q(starts_on__lt=entry.starts_on) | Q(starts_on=entry.starts_on, contract__lt=entry.contract_id)
        used |= _rows(entry.contract.award_id).filter(earlier).exclude(pk=entry.pk)
    return max(budget_of(entry.contract) - _counted(used), ZERO)


def budget_of(contract):
    """Hours of pre-hire training the award of this contract may count (h)."""
    objective = Award.objects.with_objective().values_list("objective", flat=True).get(pk=contract.award_id)
    return prehire_budget(objective, rule_of_contract(contract))


def _rows(award_id):
    return HoursEntry.objects.filter(
        contract__award=award_id, contract__contract_type=ContractType.PREHIRE_TRAINING
    ).order_by()


def _first_served(contract):
    """Rows that no longer change: corrections, and those of quarters sent."""
    sent = Q(booked_in__isnull=False)
    for territory, start in closed_quarters({contract.territory_id}):
        sent |= Q(territory=territory, starts_on__gte=start, starts_on__lt=Quarter.of(start).next.start)
    return _rows(contract.award_id).filter(sent)


def _counted(rows):
    return rows.aggregate(total=Sum("counted", default=ZERO))["total"]


def settle(award_ids, shifts, *, by, granted=None):
    """Share the budget of these awards again between their open months.

    `granted`: {person id: days} instead of what the database says.
    """
    for award_id in sorted(award_ids):
        lock(Award.objects, award_id)
        rows = _rows(award_id).select_related(READ_WITH).order_by("starts_on", "contract_id")
        entries = list(rows.select_for_update(of=("self",)))
        for entry, fate in shares(entries, granted):
            revise(entry, fate, shifts, by=by)


def shares(entries, granted=None):
    """[(open entry, its `Counting`)] of all the pre-hire entries of one award, in the order of their days."""
    if not entries:
        return []
    closed = closed_quarters({entry.territory_id for entry in entries})
    granted = granted_by_person({entry.participant_id for entry in entries}) | (granted or {})
    fixed = [entry for entry in entries if entry.booked_in or is_frozen(entry, closed)]
    capped = is_capped(entries[0].contract)
    left = budget_of(entries[0].contract) - sum((entry.counted for entry in fixed), ZERO) if capped else ZERO
    found = []
    for entry in entries:
        if entry.booked_in or is_frozen(entry, closed):
            continue
        fate = fate_of(
            entry, granted=granted.get(entry.participant_id, []), allowance=max(left, ZERO) if capped else None
        )
        left -= fate.counted
        found.append((entry, fate))
    return found
