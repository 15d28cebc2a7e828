"""« Accord de communication »: both parties of the convention agree before figures go to third parties (C30)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import validated_save
from facilitators.enums import Permission
from facilitators.permissions import scope_of
from reporting.enums import Party
from reporting.models import PublicationAgreement

NOT_OVER = "Cette année n’est pas terminée : l’accord porte sur des chiffres complets."
# The Département speaks by those who publish its reports, the Métropole by the facilitators (C30).
SPEAKS = {Party.DEPARTMENT: Permission.PUBLISH_REPORTS, Party.METROPOLIS: Permission.PUBLISH_STATEMENTS}


def parties_of(user):
    """The parties this account may speak for, in their order."""
    return [party for party, permission in SPEAKS.items() if scope_of(user).allows(permission)]


@transaction.atomic
def give_agreement(*, dataset, year, party, by, note=""):
    """Record that a party agrees that the figures of a civil year are communicated.

    Raises DomainError while the year is not over, ValidationError when the party has given it already.
    """
    if year >= timezone.localdate().year:
        raise DomainError(NOT_OVER)
    agreement = PublicationAgreement(dataset=dataset, year=year, party=party, note=note)
    agreement.agreed_at, agreement.agreed_by = timezone.now(), by
    return validated_save(agreement, by=by)
