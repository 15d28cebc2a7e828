"""Contracts: who works on which lot, for whom, from when to when (domain.md §4.4, §12 n° 2)."""

from datetime import timedelta

from django.db import transaction
from django_fsm import can_proceed

from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from markets.models import Award, Lot
from participants.enums import LASTING_CONTRACTS, EndReason
from participants.models import EmploymentContract, Participant
from participants.services.employers import check_parties, choose_parties, modality_of
from participants.services.exits import refresh_exits
from participants.services.signing import check_age, check_there, no_longer_available, valued_hours_of

ONE_DAY = timedelta(days=1)
HOURS_AFTER = "Des heures sont déclarées après cette date : corrigez-les d’abord."
HOURS_OUTSIDE = "Des heures sont déclarées hors de ces dates : corrigez-les d’abord."
DATABASE_SAYS = {"hours_within_contract": HOURS_OUTSIDE}
NOT_LASTING = "Choisissez un contrat durable : CDI, CDI de chantier, CDI inclusion ou CDI intérimaire."
ALREADY_CONTINUED = "Ce contrat a déjà une suite."
TOO_SOON = "L’embauche durable suit le premier jour du contrat."


@transaction.atomic
def sign_contract(*, contract, by, employer_siret="", host_siret="", lender_kind=""):
    """Record a contract; its market, lot and territory come from the award, its employer too unless a SIRET is given.
    The lot then runs, the person looks for a post no more, and her exits of this award are dropped.

    For a loan (modality 2): `lender_kind` says what an employer not known as a lender is, and the host is the company
    of the award unless `host_siret`. Raises DomainError when the person is too young (invariant 5), when her file was
    merged, when the company has left, or when modality and employer disagree.
    """
    contract.participant = lock(Participant.objects, contract.participant_id)
    award = Award.objects.select_related("lot", "company").get(pk=contract.award_id)
    contract.lot, contract.market_id, contract.territory_id = award.lot, award.lot.market_id, award.lot.territory_id
    choose_parties(
        contract, award, employer_siret=employer_siret, host_siret=host_siret, lender_kind=lender_kind, by=by
    )
    check_there(contract, award)
    check_age(contract)
    check_parties(contract, award)
    _save(contract, by)
    no_longer_available(contract.participant, by)
    _start_lot(award.lot_id, by)
    return contract


def _save(contract, by):
    """Save, and let the situations to ask follow."""
    _write(contract, by)
    refresh_exits(participant_id=contract.participant_id, award_id=contract.award_id, by=by)
    return contract


def _write(contract, by):
    with refusals(DATABASE_SAYS):
        validated_save(contract, by=by)


def _start_lot(pk, by):
    lot = lock(Lot.objects, pk)
    if can_proceed(lot.start):
        lot.start()
        validated_save(lot, by=by)


@transaction.atomic
def change_contract(*, contract, by, seen=None, employer_siret="", host_siret="", lender_kind=""):
    """Save what was typed of a contract; its person and its award stay.

    Raises Stale when somebody changed it since the version `seen`, DomainError when hours would fall outside its new
    dates, and as `sign_contract`.
    """
    lock(Participant.objects, contract.participant_id)
    saved = lock(EmploymentContract.objects, contract.pk)
    refuse_stale(saved, seen)
    for name in ("participant_id", "award_id", "lot_id", "market_id", "territory_id", "continues_id", "valued_hours"):
        setattr(contract, name, getattr(saved, name))
    award = Award.objects.select_related("lot", "company").get(pk=contract.award_id)
    choose_parties(
        contract, award, employer_siret=employer_siret, host_siret=host_siret, lender_kind=lender_kind, by=by
    )
    check_age(contract)
    check_parties(contract, award)
    return _save(contract, by)


@transaction.atomic
def end_contract(*, contract, ends_on, end_reason, by, seen=None):
    """End a contract early. Refused while hours are declared after that day; Stale as `change_contract`."""
    lock(Participant.objects, contract.participant_id)
    contract = lock(EmploymentContract.objects, contract.pk)
    refuse_stale(contract, seen)
    _end(contract, ends_on, end_reason)
    return _save(contract, by)


def _end(contract, ends_on, end_reason):
    if contract.hours.filter(ends_on__gt=ends_on).exists():
        raise DomainError(HOURS_AFTER)
    contract.ends_on, contract.end_reason = ends_on, end_reason


@transaction.atomic
def convert_to_permanent(*, contract, on, employer, contract_type, by, seen=None):
    """Turn a contract into a lasting one from the day `on`: the former ends the day before, « embauche durable » (C9).

    The new contract continues it, with the hours the rule of the market adds, shown apart and never counted. A former
    contract already over keeps its last day. Raises DomainError when the type does not last, when `on` is too soon,
    when hours are declared from that day on, or when `employer` (Company) is neither on the lot nor a lender; Conflict
    when the contract is continued already, Stale as `change_contract`.
    """
    lock(Participant.objects, contract.participant_id)
    former = lock(EmploymentContract.objects.select_related("award__lot", "award__company"), contract.pk)
    refuse_stale(former, seen)
    if EmploymentContract.objects.filter(continues=former).exists():
        raise Conflict(ALREADY_CONTINUED)
    if contract_type not in LASTING_CONTRACTS:
        raise DomainError(NOT_LASTING)
    if on <= former.starts_on:
        raise DomainError(TOO_SOON)
    day_before = on - ONE_DAY
    _end(former, min(former.ends_on or day_before, day_before), EndReason.HIRED)
    _write(former, by)
    following = _following(former, on, employer, contract_type)
    return sign_contract(contract=following, by=by)


def _following(former, on, employer, contract_type):
    """The lasting contract, unsaved."""
    following = EmploymentContract(participant_id=former.participant_id, award_id=former.award_id)
    following.employer, following.contract_type = employer, contract_type
    following.modality = modality_of(former, employer)
    following.job_title, following.rome_code = former.job_title, former.rome_code
    following.weekly_hours, following.starts_on, following.continues = former.weekly_hours, on, former
    following.valued_hours = valued_hours_of(former)
    return following
