"""What the State's directory says of the companies nobody has checked: completed by a worker, never overwritten.

Off unless `COMPANY_DIRECTORY_URL` is set.
"""

import logging
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.waking import wake
from facilitators.models import Commune
from markets import directory
from markets.enums import CompanySize, DirectoryState
from markets.models import Company

TASK = "markets.tasks.check_company"
# Companies asked about in one night, one after the other: the directory allows seven requests a second.
MOST_A_NIGHT = 150
PAUSE = 0.2  # seconds
IS_OFF = "L’annuaire des entreprises n’est pas branché sur ce portail."

logger = logging.getLogger(__name__)


def is_on():
    """True when the office gave the address of the directory."""
    return bool(settings.COMPANY_DIRECTORY_URL)


def check_on_commit(company):
    """Ask a worker to check a new company, once it is committed. With the broker away, the night will."""
    if is_on():
        late = f"l’entreprise {company.pk} sera vérifiée cette nuit"
        transaction.on_commit(lambda: wake(TASK, company.pk, otherwise=late))


def check_new(pk):
    """Ask the directory about the company of this key, which has just been recorded."""
    return check(company=Company.objects.get(pk=pk))


def check(*, company, by=None):
    """Ask the directory about a company and complete what is missing: name, size, NAF code, commune. Returns it.

    What is known stays, whoever wrote it. `by`: the person who asks, None for a worker. Raises DomainError when the
    directory is off, DirectoryAway when it does not answer; a SIRET it does not know is written down, not raised.
    """
    if not is_on():
        raise DomainError(IS_OFF)
    try:
        entry = directory.look_up(company.siret, url=settings.COMPANY_DIRECTORY_URL)
    except directory.UnknownCompany:
        return _write(company.pk, None, by)
    return _write(company.pk, entry, by)


@transaction.atomic
def _write(pk, entry, by):
    """Asked without a lock: the network is slow. The row is read again, locked, before anything is completed."""
    company = lock(Company.objects, pk)
    company.directory_asked_on = timezone.now()
    if entry is None:
        company.directory_state = DirectoryState.UNKNOWN
        return validated_save(company, by=by)
    company.directory_state = DirectoryState.CONFIRMED if entry.active else DirectoryState.CLOSED
    company.name = company.name or entry.name
    company.naf = company.naf or entry.naf
    if company.size == CompanySize.UNKNOWN:
        company.size = entry.size
    company.commune = company.commune or Commune.objects.filter(insee_code=entry.commune).first()
    return validated_save(company, by=by)


def check_waiting():
    """Check the companies nobody has asked about, the oldest first; stops when the directory is away. Returns how many.

    One whose SIRET came wrong from an import is left for a person, and does not keep the others waiting.
    """
    done = 0
    for company in Company.objects.to_check().order_by("pk")[:MOST_A_NIGHT] if is_on() else ():
        try:
            check(company=company)
            done += 1
        except directory.DirectoryAway:
            break
        except ValidationError:
            logger.warning("l’entreprise %s ne peut pas être vérifiée", company.pk)
        time.sleep(PAUSE)
    return done
