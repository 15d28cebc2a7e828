"""What a contract is checked against, and what it changes for the person."""

from clauses_portal.core.errors import DomainError
from markets.services.counting_rules import rule_of
from participants.enums import ContractType
from participants.models import Participant

YOUNGEST = 16
# Code du travail, art. L. 6222-1 and L. 6222-2: fifteen for an apprentice, fourteen with a pupil's status.
YOUNGEST_APPRENTICE = 14
HAS_LEFT = "Cette entreprise a quitté le lot avant le début du contrat."
MERGED = "Cette fiche a été réunie à une autre : choisissez celle qui reste."


def check_there(contract, award):
    """Raise DomainError when the file of the person was merged, or when the company left before the first day."""
    if contract.participant.merged_into_id is not None:
        raise DomainError(MERGED)
    if award.ended_on and contract.starts_on and contract.starts_on > award.ended_on:
        raise DomainError(HAS_LEFT)


def check_age(contract):
    """Raise DomainError when the person is too young at the start (invariant 5)."""
    birth, start = contract.participant.birth_date, contract.starts_on
    age = start.year - birth.year - ((start.month, start.day) < (birth.month, birth.day))
    is_apprentice = contract.contract_type == ContractType.APPRENTICESHIP
    least = YOUNGEST_APPRENTICE if is_apprentice else YOUNGEST
    if age < least:
        raise DomainError(f"Cette personne a {age} ans au début du contrat : il faut avoir au moins {least} ans.")


def no_longer_available(person, by):
    """Somebody who signs looks for a post no more. `person` is locked."""
    if person.available_from is not None:
        person.available_from, person._history_user = None, by
        person.save(update_fields=["available_from"])


def valued_hours_of(contract):
    """Hours the rule of the market adds for a lasting hire, shown apart and never counted (domain.md §12 n° 16)."""
    return rule_of(contract.market).lasting_job_bonus


def is_validated_at_start(contract):
    """Will the first hours of this contract count?"""
    return Participant.objects.validated_on(contract.starts_on).filter(pk=contract.participant_id).exists()
