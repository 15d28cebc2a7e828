"""Who fits a posting: validated, available, looking for that occupation, from the place first (C16).

The same criteria for everyone, and none about the person beyond what the post asks: that is what is traced (C24).
"""

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from participants.models import EligibilityValidation, Participant, Referral

# The letter and two digits of a ROME code are those of a family of occupations (domain.md §5.7).
FAMILY = 3


def candidates_for(posting, persons):
    """Persons of `persons` (a scoped queryset) one may propose on this posting, the nearest to what it asks first.

    Annotated: `is_exact` (looks for the very occupation), `is_local` (lives where the work is), `validated_until`
    (date), `waiting` (proposals elsewhere without answer), `has_tie` (declared with a company).
    """
    day = max(posting.starts_on, timezone.localdate())
    fit = persons.available(day).validated_on(day).filter(Exists(_wanting(posting.rome_id[:FAMILY])))
    if posting.licence_required:
        fit = fit.filter(has_licence=True)
    fit = fit.exclude(pk__in=Referral.objects.filter(posting=posting.pk).values("participant"))
    return fit.annotate(**_signs(posting, day)).order_by(*_order(posting))


def _wanting(code):
    """The occupations a person looks for that begin with this code."""
    links = Participant.wanted_jobs.through.objects
    return links.filter(participant=OuterRef("pk"), romecode__code__startswith=code)


def _signs(posting, day):
    granted = EligibilityValidation.objects.granted().filter(participant=OuterRef("pk"), ends_on__gte=day)
    waiting = Referral.objects.waiting().filter(participant=OuterRef("pk")).order_by().values("participant")
    return {
        "is_exact": Exists(_wanting(posting.rome_id)),
        "is_local": Q(commune=posting.commune_id) if posting.commune_id else Q(pk__in=[]),
        "validated_until": Subquery(granted.order_by("-ends_on").values("ends_on")[:1]),
        "waiting": Coalesce(Subquery(waiting.annotate(number=Count("pk")).values("number")), 0),
        "has_tie": Exists(granted.filter(tie_declared=True)),
    }


def _order(posting):
    """Inhabitants of the quartiers prioritaires first where the posting says so; then the longest without a post."""
    first = [F("lives_in_qpv").desc(nulls_last=True)] if posting.qpv_first else []
    return [*first, "-is_exact", "-is_local", "waiting", "available_from", "pk"]
