"""People taken up again from one month to the next: fixed-term contracts that ended, signed anew."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from clauses_portal.core.periods import month_range
from participants.enums import ContractType
from participants.models import EmploymentContract
from participants.services.contracts import sign_contract

ONE_DAY = timedelta(days=1)
# Contracts one renews month after month: missions and fixed terms.
RENEWABLE = (
    ContractType.TEMPORARY,
    ContractType.CDD,
    ContractType.CDDU,
    ContractType.CDDI,
    ContractType.CDD_TREMPLIN,
    ContractType.OTHER,
)
COPIED = ("participant_id", "award_id", "employer_id", "host_id", "modality", "contract_type", "job_title")
COPIED += ("rome_code", "weekly_hours")


def to_renew(contracts, month):
    """Of these contracts, those of a fixed term that ended in the month before `month` and that nothing follows."""
    first, last = month_range(month - ONE_DAY)
    following = EmploymentContract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("ends_on")),
        participant=OuterRef("participant"),
        award=OuterRef("award"),
        employer=OuterRef("employer"),
        starts_on__gt=OuterRef("starts_on"),
    )
    ended = contracts.filter(ends_on__range=(first, last), contract_type__in=RENEWABLE)
    return ended.filter(~Exists(following), participant__merged_into__isnull=True).order_by(
        F("participant__last_name"), F("participant__first_name"), "pk"
    )


def first_day_after(contract, month):
    """The first day to propose: the day after the end, in `month` at the earliest."""
    return max(contract.ends_on + ONE_DAY, month)


@transaction.atomic
def renew(*, lines, by):
    """Sign each [(contract, first day, last day or None)] anew, all or none. Returns the new contracts.

    Raises what `sign_contract` raises.
    """
    signed = []
    for contract, starts_on, ends_on in lines:
        following = EmploymentContract(**{name: getattr(contract, name) for name in COPIED})
        following.starts_on, following.ends_on = starts_on, ends_on
        signed.append(sign_contract(contract=following, by=by))
    return signed
