"""The attestation of the worker: produced on demand, kept as it was given (domain.md §12 n° 54)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.papers import freeze
from clauses_portal.core.services import lock
from participants.models import Participant, WorkCertificate
from participants.work_paper import posts_of, work_certificate_pdf

NO_WORK = "Cette personne n’a encore commencé aucun contrat : il n’y a rien à attester."


@transaction.atomic
def produce_work_certificate(*, person, by):
    """Produce and keep the attestation of a person (`WorkCertificate`, about a second).

    Raises DomainError when no contract of hers has begun.
    """
    person = lock(Participant.objects.select_related("territory"), person.pk)
    posts = posts_of(person)
    if not posts:
        raise DomainError(NO_WORK)
    moment = timezone.now()
    number = f"AP-{timezone.localdate(moment):%Y}-{person.pk:05d}-{person.work_certificates.count() + 1}"
    content = work_certificate_pdf(person, posts, number=number, by=by, at=moment)
    return freeze(WorkCertificate(participant=person, number=number), content, by=by)
