"""Contracts: who works on which lot, for whom, from when to when."""

from django.db import transaction
from django_fsm import can_proceed

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from markets.models import Award, Lot
from markets.services.companies import known_company
from participants.models import EmploymentContract

YOUNGEST = 16


@transaction.atomic
def sign_contract(*, contract, by, employer_siret=""):
    """Record a contract; its market, lot and territory come from the award, its employer too unless a SIRET is given.
    The lot then runs.

    Raises DomainError when the person is under 16 at the start (invariant 5).
    """
    award = Award.objects.select_related("lot").get(pk=contract.award_id)
    contract.lot, contract.market_id, contract.territory_id = (
        award.lot,
        award.lot.market_id,
        award.lot.territory_id,
    )
    if employer_siret:
        contract.employer = known_company(siret=employer_siret, name="", by=by)
    elif contract.employer_id is None:
        contract.employer_id = award.company_id
    _check_age(contract)
    validated_save(contract, by=by)
    lot = lock(Lot.objects, award.lot_id)
    if can_proceed(lot.start):
        lot.start()
        validated_save(lot, by=by)
    return contract


@transaction.atomic
def end_contract(*, contract, ends_on, end_reason, by):
    """End a contract early. Refused while hours are declared after that day."""
    contract = lock(EmploymentContract.objects, contract.pk)
    if contract.hours.filter(ends_on__gt=ends_on).exists():
        raise DomainError("Des heures sont déclarées après cette date : corrigez-les d’abord.")
    contract.ends_on, contract.end_reason = ends_on, end_reason
    return validated_save(contract, by=by)


def _check_age(contract):
    birth, start = contract.participant.birth_date, contract.starts_on
    age = start.year - birth.year - ((start.month, start.day) < (birth.month, birth.day))
    if age < YOUNGEST:
        raise DomainError(f"Cette personne a {age} ans au début du contrat : il faut avoir au moins 16 ans.")
