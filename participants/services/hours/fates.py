"""What decides the fate of hours: the person's granted days, the lot and the rule of its market."""

from collections import defaultdict

from markets.models import CountingRule
from participants.counting import ZERO, count, terms_of
from participants.models import EligibilityValidation

# What `fate_of` reads of the contract of an entry, to be selected with it.
READ_WITH = "contract__lot__market__counting_rule"


def granted_days(participant_id):
    """[(first day, last day)] of the granted validations of a person."""
    return granted_by_person({participant_id})[participant_id]


def granted_by_person(participant_ids):
    """{person id: [(first day, last day)]} of the granted validations of these persons."""
    granted = defaultdict(list)
    rows = EligibilityValidation.objects.granted().filter(participant__in=participant_ids).order_by("starts_on")
    for person, first, last in rows.values_list("participant_id", "starts_on", "ends_on"):
        granted[person].append((first, last))
    return granted


def rule_of_contract(contract):
    """The CountingRule of the market of a contract whose lot, market and rule were read with it."""
    return getattr(contract.lot.market, "counting_rule", None) or CountingRule(market=contract.lot.market)


def terms_of_contract(contract, nature, allowance=None):
    """The `Terms` of hours of this nature on a contract. `allowance`: pre-hire training still accepted (h)."""
    return terms_of(
        lot=contract.lot,
        rule=rule_of_contract(contract),
        contract_type=contract.contract_type,
        nature=nature,
        allowance=allowance,
    )


def fate_of(entry, *, granted, declared=None, allowance=None):
    """The `Counting` of an entry, or of `declared` hours in its place. `granted`: days of its person."""
    declared = entry.declared if declared is None else declared
    withheld = min(entry.withheld, max(declared, ZERO))
    return count(
        declared=declared,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        granted=granted,
        terms=terms_of_contract(entry.contract, entry.nature, allowance),
        withheld=withheld,
        withheld_reason=entry.withheld_reason if withheld else "",
    )


def has_fate(entry, fate):
    """Is this what the entry says already?"""
    kept = entry.counted, entry.rejected, entry.pending, entry.rejection_reason
    return kept == (fate.counted, fate.rejected, fate.pending, fate.reason)
