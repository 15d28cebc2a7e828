"""Questions of candidate companies: one answer, the same for all, through the buyer profile (C12)."""

from django.db import transaction
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets.models import BidderQuestion

ALREADY_PUBLISHED = "Cette réponse est au profil d’acheteur : elle ne change plus. Consignez une nouvelle question."


@transaction.atomic
def record_question(*, market, asked_on, company, question, by):
    """Record a question as it was received; `company` stays in the file and is never published.

    Raises DomainError when it would have been received after today.
    """
    if asked_on > timezone.localdate():
        raise DomainError("Une question ne peut pas avoir été reçue après aujourd’hui.")
    row = BidderQuestion(market=market, asked_on=asked_on, company=company, question=question)
    row.recorded_at, row.recorded_by = timezone.now(), by
    return validated_save(row, by=by)


@transaction.atomic
def answer_question(*, row, answer, by):
    """Write or correct the answer, as long as it is not on the buyer profile. Raises Conflict afterwards."""
    row = lock(BidderQuestion.objects, row.pk)
    if row.published_on:
        raise Conflict(ALREADY_PUBLISHED)
    row.answer, row.answered_at, row.answered_by = answer, timezone.now(), by
    return validated_save(row, by=by)


@transaction.atomic
def publish_answers(*, market, by):
    """Note that every answer written so far is on the buyer profile today. Returns how many; DomainError when none."""
    rows = list(BidderQuestion.objects.filter(market=market).to_publish().select_for_update(of=("self",)))
    if not rows:
        raise DomainError("Aucune réponse nouvelle à porter au profil d’acheteur.")
    for row in rows:
        row.published_on = timezone.localdate()
        validated_save(row, by=by)
    return len(rows)
